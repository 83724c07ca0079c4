"""The shell steps of the weekly workflow that drafts a revision, with stand-ins for its programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from systems import POSIX
from workflows import run, scripts

pytestmark = POSIX

STEPS = scripts("spec.yml")
COMPARE, DRAFT = STEPS["Compare them with the newest revision"], STEPS["Write the draft"]
OPEN = STEPS["Open a pull request"]


def stand_in(program: str, body: str) -> dict[str, str]:
    """A shell function in place of a program, as an environment variable of bash."""
    return {f"BASH_FUNC_{program}%%": f"() {{ {body}\n}}"}


@pytest.mark.parametrize(
    ("statuses", "found"), [("0 0", "no"), ("1 0", "yes"), ("0 1", "yes"), ("1 1", "yes")]
)
def test_a_difference_from_either_sdk_is_found(statuses: str, found: str, tmp_path: Path) -> None:
    python, typescript = statuses.split()
    body = f'echo "compared with $3"; if [ "$3" = python ]; then return {python}; fi; return {typescript}'
    done = run(COMPARE, tmp_path, GITHUB_OUTPUT="output", **stand_in("models-contract", body))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output").read_text("utf-8") == f"found={found}\n"
    said = (tmp_path / "differences.txt").read_text("utf-8")
    assert said == "compared with python\ncompared with typescript\n" == done.stdout


def test_an_sdk_that_cannot_be_read_fails_the_workflow(tmp_path: Path) -> None:
    done = run(COMPARE, tmp_path, GITHUB_OUTPUT="output", **stand_in("models-contract", "return 2"))
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("body", "asked", "status"),
    [
        ('mkdir -p "schemas/$2"; return 1', ["python"], 0),
        ('[ "$4" = python ] || { mkdir -p "schemas/$2"; return 1; }', ["python", "typescript"], 0),
        ("return 2", ["python"], 1),
    ],
)
def test_the_draft_comes_from_the_first_sdk_that_differs(
    body: str, asked: list[str], status: int, tmp_path: Path
) -> None:
    logged = stand_in("models-contract", f'echo "$1 $4"; {body}')
    done = run(DRAFT, tmp_path, **logged)
    assert done.stdout.splitlines() == [f"spec-draft {sdk}" for sdk in asked]
    assert done.returncode == status


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a draft in it, and a remote beside it."""
    remote, folder = tmp_path / "remote.git", tmp_path / "checkout"
    for command in (
        ["init", "-q", "--bare", str(remote)],
        ["init", "-q", "-b", "main", str(folder)],
    ):
        subprocess.run(["git", *command], check=True)  # noqa: S603, S607 - as the workflow does
    (folder / "schemas" / "2030-02-02").mkdir(parents=True)
    (folder / "schemas" / "2030-02-02" / "SOURCE.md").write_text("a draft", "utf-8")
    (folder / "differences.txt").write_text("new      ModelInfo.family: string\n", "utf-8")
    return folder


def opened(checkout: Path, already: int) -> tuple[list[str], list[str]]:
    """The lines that `gh` was called with, and the branches of the remote afterwards."""
    remote = checkout.parent / "remote.git"
    body = f'echo "$*" >> ../calls; if [ "$2" = list ]; then echo {already}; fi'
    done = run(OPEN, checkout, REMOTE=remote.as_posix(), **stand_in("gh", body))
    assert done.returncode == 0, done.stderr
    listed = ["git", "-C", str(remote), "branch", "--format=%(refname:short)"]
    branches = subprocess.run(listed, check=True, capture_output=True, text=True).stdout  # noqa: S603
    calls = (checkout.parent / "calls").read_text("utf-8")
    return calls.splitlines(), branches.split()


def test_a_draft_is_pushed_and_a_pull_request_opened(checkout: Path) -> None:
    (_, created), branches = opened(checkout, 0)
    assert created.startswith("pr create --base main --head spec-draft --title Draft of a revision")
    assert branches == ["spec-draft"]
    text = (checkout / "body.md").read_text("utf-8")
    assert "```text\nnew      ModelInfo.family: string\n```" in text
    files = ["git", "-C", str(checkout), "ls-files"]
    kept = subprocess.run(files, check=True, capture_output=True, text=True).stdout  # noqa: S603
    assert kept.split() == ["schemas/2030-02-02/SOURCE.md"]


def test_an_open_draft_is_left_alone(checkout: Path) -> None:
    calls, branches = opened(checkout, 1)
    assert (len(calls), branches) == (1, [])
