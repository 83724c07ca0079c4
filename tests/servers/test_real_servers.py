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
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from real import HERE, KEY, PINS, SERVERS, NotInstalled, Server, npm, python, running

from pytest_models_contract.suite.checks import known_ids

VERDICTS = HERE / "verdicts"


@dataclass
class Verdict:
    """What a server does wrong, by check, and why that is true; and what its report says besides."""

    must: dict[str, str] = field(default_factory=dict)
    should: dict[str, str] = field(default_factory=dict)
    models: int = 0
    meets: str | None = None


def verdict(name: str) -> Verdict:
    """The hand-made table of a server, with those that it shares with others."""
    own = tomllib.loads((VERDICTS / f"{name}.toml").read_text())
    shared = [verdict(other) for other in own.get("shares", [])]
    must, should = own.get("must", {}), own.get("advice", {})
    for other in shared:
        must, should = other.must | must, other.should | should
    return Verdict(must, should, own.get("models", 0), own.get("meets"))


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


def differences(report: dict[str, Any], expected: Verdict) -> list[str]:
    """Where the report and the table disagree, a line for each check."""
    lines = []
    for level, table in (("must", expected.must), ("should", expected.should)):
        found = {
            check["id"]: check["message"]
            for check in report["checks"]
            if check["verdict"] == "violated" and check["level"] == level
        }
        lines += [
            f"{level} {check}: only in the run\n{found[check]}" for check in found.keys() - table
        ]
        lines += [
            f"{level} {check}: only in the table: {table[check]}" for check in table.keys() - found
        ]
    return sorted(lines)


@pytest.fixture(scope="session")
def installations(pytestconfig: pytest.Config) -> Path:
    """Where the servers are installed, once."""
    named = os.environ.get("MODELS_CONTRACT_SERVERS")
    assert pytestconfig.cache is not None
    return Path(named) if named else pytestconfig.cache.mkdir("real-servers")


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
    assert not differences(report, expected), "\n\n".join(differences(report, expected))
    assert [check["id"] for check in report["checks"] if check["verdict"] == "error"] == []
    assert (report["models"], report["meets_revision"]) == (expected.models, expected.meets)


def test_the_tables_name_checks_that_exist() -> None:
    named = {check for server in SERVERS for check in _all(verdict(server.name))}
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


def _all(table: Verdict) -> set[str]:
    return {*table.must, *table.should}
