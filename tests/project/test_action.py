"""The GitHub Action, with its shell run as a job would run it."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from acting import ACTION, APP, act, environment, step
from shell import KEY, reader
from systems import POSIX

pytestmark = POSIX


def wheel(folder: Path) -> Path:
    """A package that pip installs without a network: the module `installed`."""
    path = folder / "an action" / "installed-1-py3-none-any.whl"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        about = "installed-1.dist-info"
        archive.writestr("installed.py", "")
        archive.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: installed\nVersion: 1\n"
        )
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("app", ["", "myserver.main:app"], ids=["server", "application"])
def test_the_action_installs_itself_beside_the_python_of_the_job(app: str, tmp_path: Path) -> None:
    output = tmp_path / "output"
    values = {"inputs.app": app, "steps.python.outputs.python-path": "" if app else "python3"}
    with reader(tmp_path) as shell:
        for name in ("python", "python3"):
            (tmp_path / ".venv/bin" / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        variables = environment(step("Install"), values)
        variables |= {"GITHUB_ACTION_PATH": str(wheel(tmp_path)), "GITHUB_OUTPUT": str(output)}
        variables["RUNNER_TEMP"] = str(tmp_path / "runner temp")
        done = shell.run(step("Install")["run"], variables)
        assert done.returncode == 0, done.stderr
        own = output.read_text().removeprefix("python=").strip()
        script = """for python in "$OWN" python; do for module in installed pytest; do
            "$python" -c "import $module" 2> /dev/null && echo yes || echo no
        done; done"""
        found = shell.run(script, {"OWN": own}).stdout.split()
    # The action's package is in its own environment only. An application brings those of the job along.
    assert found == ["yes", "yes" if app else "no", "no", "yes"]


@pytest.mark.slow
def test_the_action_reports_a_conformant_server(tmp_path: Path) -> None:
    with reader(tmp_path) as shell:
        status, summary, outputs = act(
            shell, base_url="http://localhost:4000", api_key=KEY, revision="2026-03-18"
        )
    assert (status, outputs["verdict"]) == (0, "conforms")
    assert "2026-03-18" in summary
    report = json.loads(Path(outputs["report"]).read_text(encoding="utf-8"))
    assert report["revision"] == "2026-03-18"
    assert "<!doctype html>" in Path(outputs["page"]).read_text(encoding="utf-8").lower()


@pytest.mark.slow
def test_a_usage_error_does_not_repeat_an_earlier_report(tmp_path: Path) -> None:
    with reader(tmp_path, APP) as shell:
        status, summary, first = act(shell, app="myserver.main:app", options="-k has_more")
        assert (status, first["verdict"]) == (0, "conforms")
        assert "3 passed" in summary
        status, summary, second = act(shell, app="myserver.main:app", options="--no-such-option")
    assert (status, second["verdict"], summary) == (4, "error", "")
    assert second["report"] != first["report"]
    assert not Path(second["report"]).exists()
    assert json.loads(Path(first["report"]).read_text(encoding="utf-8"))["verdict"] == "conforms"


@pytest.mark.slow
def test_the_action_reports_a_violation_by_options_one_per_line(tmp_path: Path) -> None:
    options = """
        -k alias_resolves or newest_first
        --models-alias=made up=nobody
        --models-alias
        another one=nobody
        --models-xfails known list.toml
    """
    known = '[[deviation]]\ncheck = "retrieve/alias_resolves[made up]"\nreason = "none"\n'
    with reader(tmp_path, {"known list.toml": known} | APP) as shell:
        status, summary, outputs = act(shell, app="myserver.main:app", options=options)
    assert (status, outputs["verdict"]) == (1, "violates")
    assert "retrieve/alias_resolves[another one]" in summary
    checks = json.loads(Path(outputs["report"]).read_text(encoding="utf-8"))["checks"]
    assert {(check["id"], check["expected"]) for check in checks} == {
        ("order/newest_first", False),
        ("retrieve/alias_resolves[made up]", True),
        ("retrieve/alias_resolves[another one]", False),
    }


@pytest.mark.slow
def test_the_action_starts_a_server_and_plays_its_upstream(tmp_path: Path) -> None:
    inputs = {"start": "./start-server --port {port}", "upstream": "0", "options": "-k has_more"}
    with reader(tmp_path) as shell:
        status, summary, outputs = act(shell, **inputs)
    report = json.loads(Path(outputs["report"]).read_text(encoding="utf-8"))
    assert (status, report["target"]["started"], report["upstream"]["requests"]) == (1, True, 0)
    assert "reached the upstream" in summary


@pytest.mark.slow
def test_the_action_replays_a_cassette(tmp_path: Path) -> None:
    with reader(tmp_path) as shell:
        status, _, outputs = act(shell, cassette="reference", options="-k has_more")
    report = json.loads(Path(outputs["report"]).read_text(encoding="utf-8"))
    assert (status, report["target"]["kind"]) == (0, "cassette")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({"base_url": "http://localhost:4000", "api_key": "wrong"}, 1),
        ({"base_url": "nonsense"}, 4),
        ({"base_url": "http://localhost:4000", "app": "myserver.main:app"}, 4),
    ],
    ids=["refused", "usage", "two servers"],
)
def test_the_action_reports_that_nothing_was_tested(
    inputs: dict[str, str], status: int, tmp_path: Path
) -> None:
    with reader(tmp_path) as shell:
        found, _, outputs = act(shell, **inputs)
    assert (found, outputs["verdict"]) == (status, "error")


@pytest.mark.slow
def test_the_action_runs_no_commands_from_its_inputs(tmp_path: Path) -> None:
    hostile = "$(touch hit) `touch hit` ; touch hit"
    with reader(tmp_path) as shell:
        for name in yaml.safe_load(ACTION.read_text())["inputs"]:
            inputs = {"base_url": "http://localhost:4000", name.replace("-", "_"): hostile}
            assert act(shell, **inputs)[0] in (1, 4), name
    assert not (tmp_path / "hit").exists()


@pytest.mark.slow
def test_the_configuration_of_the_repository_does_not_affect_the_action(tmp_path: Path) -> None:
    files = {
        "conftest.py": "raise RuntimeError('the conftest of the repository')\n",
        "pytest.ini": "[pytest]\naddopts = --no-such-option\npython_files = nothing.py\n",
    }
    with reader(tmp_path, files) as shell:
        status, _, outputs = act(shell, base_url="http://localhost:4000", api_key=KEY)
    assert (status, outputs["verdict"]) == (0, "conforms")
