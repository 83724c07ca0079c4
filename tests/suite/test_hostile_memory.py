"""Complete runs in processes of their own: their memory, and what Ctrl-C leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from misbehaving import JSON, Act, Asked, at, bomb, conformant, misbehaving, response, says
from systems import POSIX

from pytest_models_contract.fake import Fake

pytestmark = POSIX

CONTRACT = ("-p", "pytest_models_contract", "--models-contract", "-p", "no:cacheprovider")
MODEL = dict(Fake(1).models[0])
MOST_MEMORY = 300


# --- memory --------------------------------------------------------------------------------------

MEASURED = r"""
import pathlib, re, sys, pytest
status = pytest.main(sys.argv[1:])
# getrusage would count the process that started this one as well.
peak = re.search(r"VmHWM:\s*(\d+) kB", pathlib.Path("/proc/self/status").read_text())
print("peak", int(peak[1]) // 1024)
sys.exit(status)
"""


@cache
def _exploding(layers: int) -> Act:
    """Made when it is asked for: it takes seconds."""
    encoding = ", ".join(["gzip"] * layers)
    return says(200, bomb(2**30, layers), {**JSON, "content-encoding": encoding})


def _flood(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\n\r\n[")
    while not asked.over.is_set():
        asked.send(b"0," * 10_000)


def _new_models_for_ever(asked: Asked) -> None:
    limit = asked.query.get("limit", "20")
    models = [
        {**MODEL, "id": f"{asked.number}-{n}", "capabilities": {"x": [asked.number, n]}}
        for n in range(int(limit) if limit.isdigit() and int(limit) <= 1000 else 20)
    ]
    asked.send(response(200, json.dumps({"data": models, "has_more": True}).encode()))


HEAVY: dict[str, Act] = {
    "a gigabyte in a megabyte": lambda asked: _exploding(1)(asked),
    "a bomb in a bomb": lambda asked: _exploding(2)(asked),
    "10 MB of brackets": says(200, b"[" * 10**7),
    "no end": _flood,
    "many small arrays": says(200, b'{"data":[' + b"[]," * 60_000 + b"[]]}"),
    "many small objects": says(200, b'{"data":[' + b'{"id":1},' * 40_000 + b"{}]}"),
    "ever new models": _new_models_for_ever,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports the peak")
@pytest.mark.parametrize("act", HEAVY.values(), ids=HEAVY)
def test_the_memory_of_a_run_is_bounded(act: Act, tmp_path: Path) -> None:
    with misbehaving(act) as server:
        arguments = [*CONTRACT, "-q", "--models-base-url", server.url, "--models-timeout", "20"]
        done = subprocess.run(  # noqa: S603 - our own pytest
            [sys.executable, "-c", MEASURED, *arguments],
            cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-2000:]
    assert "bug in the contract" not in done.stdout
    assert 20 < int(done.stdout.rpartition("peak ")[2]) < MOST_MEMORY


# --- interruptions -------------------------------------------------------------------------------


@pytest.fixture
def interrupted(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that is stopped by Ctrl-C in the middle, while the server hangs."""
    hanging = at(lambda asked: asked.number > 30, Asked.hang, conformant())
    outputs = [
        "--models-report",
        "out.json",
        "--models-report",
        "out.md",
        "--models-record",
        "c.yaml",
    ]
    with misbehaving(hanging) as server:
        running = subprocess.Popen(  # noqa: S603 - our own pytest
            [sys.executable, "-m", "pytest", *CONTRACT, "--models-base-url", server.url, *outputs],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        until = time.monotonic() + 30
        while len(server.asked) < 31 and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(running.pid, signal.SIGINT)
        yield running
        running.kill()


@pytest.mark.slow
def test_ctrl_c_leaves_a_report_that_says_so(
    interrupted: subprocess.Popen[str], tmp_path: Path
) -> None:
    out, _ = interrupted.communicate(timeout=60)
    assert interrupted.returncode == pytest.ExitCode.INTERRUPTED
    report = json.loads((tmp_path / "out.json").read_text())
    assert report["interrupted"] is True
    assert report["complete"] is False
    assert report["requests"] >= 20
    assert "was interrupted" in out
    assert "was interrupted" in (tmp_path / "out.md").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json", "out.md"]
