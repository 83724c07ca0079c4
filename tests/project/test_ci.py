"""The CI recipes and the GitHub Action are valid, and their shell scripts run."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import pytest
import yaml
from acting import ACTION, APP, act
from documented import ROOT, Block, Section, sections
from linting import is_valid, lint
from shell import KEY, reader

RECIPES = {section.heading: section for section in sections(ROOT / "docs" / "ci.md")}


def recipe(heading: str) -> Block:
    """The file in a section of docs/ci.md."""
    [block] = [block for block in RECIPES[heading].blocks if block.title]
    return block


def workflows() -> list[Section]:
    return [section for name, section in RECIPES.items() if name.startswith("GitHub")]


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
    assert is_valid(schema, text, tmp_path)
    broken = re.sub("(?m)^(runs|jobs|contract):", "renamed:", text).replace("script", "scrip")
    assert not is_valid(schema, broken, tmp_path)


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
