"""Proxies that others wrote, between a client and an upstream of ours, compared with hand-made verdicts.

`pytest -m real_servers` runs them, those whose program is there. Each is started by a run of its own
as its user would start it: by a command, beside a configuration file where it needs one.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import rows
from documented import ROOT, sections
from real import NotInstalled, free_port
from real_proxies import CONFIG_FOLDER, PORT, PROXIES, UPSTREAM_PORT, Proxy, debian
from tables import differences, verdict

from pytest_models_contract.suite.checks import known_ids

MODELS = 1_205
DOCUMENT = ROOT / "docs" / "proxies.md"


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder that the workers of a server can read, which run as another user."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def judged(proxy: Proxy, programs: Path, folder: Path) -> dict[str, Any]:
    """The JSON report of a run that starts the proxy in this folder."""
    ports = free_port(), free_port()
    proxy.set_up(folder, *ports)
    command = [sys.executable, "-m", "pytest", "-p", "pytest_models_contract", "--models-contract"]
    done = subprocess.run(  # noqa: S603 - pytest, on the server that we name
        [
            *command,
            "--models-report",
            "report.json",
            *proxy.options(*ports),
            "--durations=15",
            "-vv",
        ],
        cwd=folder,
        env=environment(proxy, programs),
        capture_output=True,
        text=True,
        timeout=600,
    )
    print(done.stdout)
    report = folder / "report.json"
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def environment(proxy: Proxy, programs: Path) -> Mapping[str, str]:
    """The environment of a run: the keys are made up by it."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("MODELS_CONTRACT_")
    }
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return {**inherited, "PATH": path, **proxy.environment}


def parameter(proxy: Proxy) -> Any:
    return pytest.param(proxy, id=proxy.name, marks=[pytest.mark.slow] if proxy.slow else [])


@pytest.mark.real_servers
@pytest.mark.parametrize("proxy", [parameter(proxy) for proxy in PROXIES])
def test_the_run_agrees_with_the_table(proxy: Proxy, installations: Path, scratch: Path) -> None:
    try:
        programs = proxy.folder(installations)
    except NotInstalled as reason:
        pytest.skip(str(reason))
    report = judged(proxy, programs, scratch)
    rows.keep(proxy.name, proxy.command, report)
    expected = verdict(f"proxies/{proxy.name}")
    assert not differences(report, expected), "\n\n".join(differences(report, expected))
    assert [check["id"] for check in report["checks"] if check["verdict"] == "error"] == []
    assert report["target"]["started"]
    assert report["upstream"]["models"] == MODELS


def test_the_tables_of_proxies_name_checks_that_exist() -> None:
    named = {check for proxy in PROXIES for check in verdict(f"proxies/{proxy.name}").checks}
    assert named <= known_ids()


def test_without_the_program_the_install_line_is_the_reason(tmp_path: Path) -> None:
    with pytest.raises(
        NotInstalled, match=r"no-such is not on the PATH: apt-get install .* no-pkg"
    ):
        debian("no-such", "no-pkg")(tmp_path)


@pytest.mark.parametrize("proxy", [proxy for proxy in PROXIES if proxy.heading], ids=str)
def test_the_document_shows_what_is_run_here(proxy: Proxy) -> None:
    [section] = [found for found in sections(DOCUMENT) if found.heading == proxy.heading]
    files = {name: (CONFIG_FOLDER / name).read_text() for name in proxy.files}
    assert section.files == files
    ports = int(PORT), int(UPSTREAM_PORT)
    words = [shlex.split(command)[4:] for command in section.commands]
    assert proxy.options(*ports) in words
