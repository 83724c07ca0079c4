"""Servers that others wrote, each held to the contract and compared with a hand-made verdict.

`pytest -m real_servers` runs them. They are installed from pinned versions into the folder that
MODELS_CONTRACT_SERVERS names, or into pytest's cache; the first run takes some minutes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rows
from real import KEY, PINS, SERVERS, NotInstalled, Server, npm, python, running
from tables import differences, verdict

from pytest_models_contract.suite.checks import known_ids


def judged(base_url: str, folder: Path) -> dict[str, Any]:
    """The JSON report of a run against the server, by a pytest of its own."""
    options = ["--models-contract", "--models-base-url", base_url, "--models-report", "report.json"]
    command = [sys.executable, "-m", "pytest", "-p", "pytest_models_contract", *options]
    environment = {**os.environ, "MODELS_CONTRACT_API_KEY": KEY}
    done = subprocess.run(  # noqa: S603 - pytest, on the server we started
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1, done.stdout + done.stderr
    report: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return report


@pytest.mark.real_servers
@pytest.mark.parametrize("server", SERVERS, ids=[server.name for server in SERVERS])
def test_the_run_agrees_with_the_table(server: Server, installations: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "server"
    scratch.mkdir()
    expected = verdict(server.name)
    try:
        with running(server, installations, scratch) as base_url:
            report = judged(base_url, tmp_path)
    except NotInstalled as reason:
        pytest.skip(f"{server.name} cannot be installed here: {reason}")
    rows.keep(server.name, f"pytest -m real_servers tests/servers -k '[{server.name}]'", report)
    assert not differences(report, expected), "\n\n".join(differences(report, expected))
    assert [check["id"] for check in report["checks"] if check["verdict"] == "error"] == []
    assert (report["models"], report["meets_revision"]) == (expected.models, expected.meets)


def test_the_tables_name_checks_that_exist() -> None:
    named = {check for server in SERVERS for check in verdict(server.name).checks}
    assert named <= known_ids()


def test_every_pin_is_exact() -> None:
    lines = [line for path in PINS.glob("*.txt") for line in path.read_text().splitlines()]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    wanted = json.loads((PINS / "npm" / "package.json").read_text())["dependencies"].values()
    assert [version for version in wanted if not re.fullmatch(r"[\d.]+", version)] == []


def test_without_npm_that_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotInstalled, match="npm is not on the PATH"):
        npm(tmp_path)


@pytest.mark.slow
def test_what_pip_says_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(NotInstalled, match=r"python failed: ."):
        python("llm-rosetta.txt")(tmp_path / "cache")
