"""The workflows of the project are valid, have few permissions, and run what the documents say."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from acting import ACTION, act
from documented import ROOT, sections
from linting import is_valid, lint
from shell import reader
from workflows import WORKFLOWS, jobs, run, scripts

PINNED = re.compile(
    r"(?P<name>[\w-]+/[\w-]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v\d+\.\d+\.\d+)"
)
USED = [
    (name, used)
    for name, text in {**WORKFLOWS, "action.yml": ACTION.read_text("utf-8")}.items()
    for used in re.findall(r"uses: (.+)", text)
    if used != "./"
]
JOBS = [(name, job) for name in WORKFLOWS for job in jobs(name)]
WRITES = {
    ("release.yml", "publish", "id-token"),
    ("release.yml", "tag", "contents"),
    ("spec.yml", "draft", "contents"),
    ("spec.yml", "draft", "pull-requests"),
}
CONTRACT = [step for step in jobs("contract.yml")["contract"]["steps"] if step.get("uses") == "./"]


@pytest.mark.slow
@pytest.mark.parametrize("name", WORKFLOWS)
def test_actionlint_finds_no_error(name: str) -> None:
    done = lint(WORKFLOWS[name])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"]
)
@pytest.mark.parametrize("name", WORKFLOWS)
def test_it_is_valid_under_its_schema(name: str, schema: str, tmp_path: Path) -> None:
    assert is_valid(schema, WORKFLOWS[name], tmp_path)
    broken = re.sub("timeout-minutes: .*", "runs: on", WORKFLOWS[name])
    assert not is_valid(schema, broken, tmp_path)


@pytest.mark.parametrize(("name", "used"), USED)
def test_every_action_is_a_commit_with_its_version(name: str, used: str) -> None:
    assert PINNED.fullmatch(used), name


def test_every_action_has_one_version() -> None:
    found = {used for _, used in USED}
    assert len(found) == len({used.partition("@")[0] for used in found})


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_no_permissions_of_its_own(name: str) -> None:
    workflow = yaml.safe_load(WORKFLOWS[name])
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"]


def test_only_jobs_that_publish_or_open_a_pull_request_may_write() -> None:
    found = {
        (name, job, scope)
        for name, job in JOBS
        for scope, level in jobs(name)[job]["permissions"].items()
        if level != "read"
    }
    assert found == WRITES


def test_no_checkout_keeps_the_token() -> None:
    steps: list[dict[str, Any]] = [step for name, job in JOBS for step in jobs(name)[job]["steps"]]
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) > len(WORKFLOWS)
    assert [step for step in checkouts if step["with"]["persist-credentials"] is not False] == []


def test_no_script_contains_an_expression() -> None:
    found = [script for name in WORKFLOWS for script in scripts(name).values() if "${{" in script]
    assert found == []


def test_the_tests_are_those_of_the_readme() -> None:
    [command] = [
        command
        for section in sections(ROOT / "README.md")
        for command in section.commands
        if "constraints.txt" in command
    ]
    found = scripts("tests.yml")
    assert [found["Install"], found["Run the tests"]] == command.replace(".venv/bin/", "").split(
        " && "
    )[1:]


def test_the_lints_are_those_of_every_change() -> None:
    own = (ROOT / ".ci" / "run").read_text("utf-8").replace('"$work/dev/bin/', "").replace('"', "")
    assert set(scripts("tests.yml")["Lint"].splitlines()) <= set(own.splitlines())


def test_the_matrix_has_every_supported_python() -> None:
    supported = re.findall(
        r'"Programming Language :: Python :: (3\.\d+)"',
        (ROOT / "pyproject.toml").read_text("utf-8"),
    )
    assert jobs("tests.yml")["tests"]["strategy"]["matrix"]["python"] == supported


def test_every_session_exists() -> None:
    functions = {
        found.name
        for found in ast.parse((ROOT / "noxfile.py").read_text("utf-8")).body
        if isinstance(found, ast.FunctionDef) and found.decorator_list
    }
    matrix = jobs("newest.yml")["versions"]["strategy"]["matrix"]["include"]
    sessions = {one["session"] for one in matrix}
    assert sessions == {"newest", "lowest"}
    assert sessions <= functions


@pytest.mark.slow
@pytest.mark.parametrize("step", CONTRACT, ids=lambda step: step["name"])
def test_the_action_runs_on_the_fake(step: dict[str, Any], tmp_path: Path) -> None:
    with reader(tmp_path) as shell:
        inputs = {name.replace("-", "_"): value for name, value in step["with"].items()}
        status, _, outputs = act(shell, **inputs)
    found = "violates" if step.get("id") == "fault" else "conforms"
    assert (status, outputs["verdict"]) == (int(found == "violates"), found)


@pytest.mark.parametrize(("verdict", "status"), [("violates", 0), ("conforms", 1), ("", 1)])
def test_a_fault_that_is_not_found_fails_the_workflow(
    verdict: str, status: int, tmp_path: Path
) -> None:
    script = scripts("contract.yml")["Check that the fault is found"]
    assert run(script, tmp_path, VERDICT=verdict).returncode == status
