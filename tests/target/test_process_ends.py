"""A started command ends with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from little_servers import all_end, is_running, pids, script
from processes import Make
from systems import POSIX

from pytest_models_contract.target import child
from pytest_models_contract.target.child import Child

pytestmark = POSIX

FAMILY = """
import random
def note():
    with open("pids", "a") as file:
        file.write(f"{os.getpid()}\\n")
if sys.argv[2:]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
note()
if sys.argv[2:] != ["child"]:
    subprocess.Popen([sys.executable, __file__, sys.argv[1], "child"])
    while len(open("pids").read().split()) < 2: time.sleep(0.02)
    serve(sys.argv[1], lambda path, head: (200, "{}"))
time.sleep(60)
"""


@pytest.mark.slow
def test_the_whole_group_ends_be_it_deaf_to_sigterm(make: Make, tmp_path: Path) -> None:
    own = script(tmp_path, FAMILY)
    server = make(line=f"sh -c '{own} {{port}} deaf & wait'")
    server.start()
    found = pids(tmp_path / "pids", 2)
    assert all(map(is_running, found))
    began = time.monotonic()
    server.end()
    assert time.monotonic() - began >= child.guard.GRACE == 5
    assert all_end(found)


@pytest.mark.slow
def test_a_group_that_listens_ends_at_once(make: Make, tmp_path: Path) -> None:
    own = script(tmp_path, FAMILY.replace("if sys.argv[2:]:\n    signal", "if 0:\n    signal"))
    server = make(line=f"{own} {{port}}")
    server.start()
    found = pids(tmp_path / "pids", 2)
    server.end()
    assert all_end(found, 0)


def test_a_start_that_is_interrupted_leaves_nothing_running(make: Make, tmp_path: Path) -> None:
    server = make("open('pids', 'w').write(f'{os.getpid()}\\n'); time.sleep(60)")

    def interrupted(*_: object) -> Any:
        pids(tmp_path / "pids")
        raise KeyboardInterrupt

    server.probe = interrupted
    with pytest.raises(KeyboardInterrupt):
        server.start()
    assert all_end(pids(tmp_path / "pids"))


def test_a_guard_that_hangs_is_not_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(child, "PATIENCE", 0.2)
    running = Child(["sleep", "1"], dict(os.environ), tmp_path)
    os.kill(running._guard.pid, signal.SIGSTOP)
    running.end()
    assert running.exit_status() == -signal.SIGKILL


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGHUP", ""])
def test_no_server_outlives_the_run_however_that_ends(tmp_path: Path, how: str) -> None:
    own = script(tmp_path, "open('pids', 'w').write(f'{os.getpid()}\\n'); time.sleep(60)")
    driver = f"""
import os, sys
from pathlib import Path
from pytest_models_contract.target.child import Child
child = Child({own.split()!r}, dict(os.environ), Path({str(tmp_path)!r}))
sys.stdin.read()
os._exit(1)
"""
    with subprocess.Popen([sys.executable, "-c", driver], stdin=subprocess.PIPE) as run:  # noqa: S603
        found = pids(tmp_path / "pids")
        if how:
            run.send_signal(signal.Signals[how])
        assert run.stdin
        run.stdin.close()
    assert all_end(found)
