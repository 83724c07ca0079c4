"""A release: one version, its changelog, and the shell steps of its workflow, run as a runner would."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from documented import ROOT
from workflows import run, scripts

from pytest_models_contract import __version__

STEPS = scripts("release.yml")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
PARTS = ("pytest_models_contract", "schemas", "cassettes")
FILES = ("pyproject.toml", "README.md", "LICENSE")


def test_the_version_is_in_one_place() -> None:
    text = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert text["project"]["dynamic"] == ["version"]
    dynamic = text["tool"]["setuptools"]["dynamic"]
    assert dynamic["version"] == {"attr": "pytest_models_contract.__version__"}


def test_the_changelog_has_the_version() -> None:
    headings = re.findall(r"^## \[(.+?)\](.*)$", CHANGELOG, re.MULTILINE)
    released = [(name, date) for name, date in headings if name != "Unreleased"]
    assert [name for name, date in released if not re.fullmatch(r" - 20\d\d-\d\d-\d\d", date)] == []
    assert (released or [(__version__, "")])[0][0] == __version__
    assert released or headings == [("Unreleased", "")]
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)  # the form of tag that starts a release


@pytest.mark.parametrize(
    ("tag", "heading", "problem"),
    [
        ("v1.2.3", "## [1.2.3] - 2027-01-15", ""),
        ("v1.2.4", "## [1.2.3] - 2027-01-15", "the tag v1.2.4 is not v1.2.3"),
        ("v1.2.3", "## [Unreleased]", "CHANGELOG.md has no entry '## [1.2.3] - DATE'"),
    ],
    ids=["right", "another tag", "no entry"],
)
def test_the_tag_is_compared(tag: str, heading: str, problem: str, tmp_path: Path) -> None:
    package = tmp_path / "pytest_models_contract"
    package.mkdir()
    (package / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{heading}\n")
    script = STEPS["Compare the tag with the version and the changelog"]
    done = run(script, tmp_path, GITHUB_REF_NAME=tag)
    assert (done.returncode, problem in done.stdout) == (int(bool(problem)), True)


@pytest.mark.slow
def test_what_is_built_is_checked_and_runs(tmp_path: Path) -> None:
    for name in ("build", "twine", "check_wheel_contents"):
        pytest.importorskip(name)
    for name in PARTS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    for name in ("Build and check", "Run the contract from the wheel and from the sdist"):
        done = run(STEPS[name], tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    built = {path.name for path in (tmp_path / "dist").iterdir()}
    name = f"pytest_models_contract-{__version__}"
    assert built == {f"{name}-py3-none-any.whl", f"{name}.tar.gz"}
    assert done.stdout.count(" passed: conforms") == len(built)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "command"), [("twine", "upload"), ("pypi_attestations", "sign")]
)
def test_the_publishing_tools_have_the_options(module: str, command: str) -> None:
    pytest.importorskip(module)
    [line] = [line for line in STEPS["Publish with attestations"].splitlines() if command in line]
    shown = subprocess.run(  # noqa: S603 - the help of a tool
        [sys.executable, "-m", module, command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert [option for option in re.findall(r"--[a-z-]+", line) if option not in shown] == []


def test_the_major_tag_moves(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        own = ("-c", "user.name=n", "-c", "user.email=e@example.com", "-C", str(tmp_path))
        done = subprocess.run(  # noqa: S603 - git, in a folder of the test
            ["git", *own, *arguments],  # noqa: S607 - the git of the PATH
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    git("init", "--quiet", "--bare", "remote")
    git("init", "--quiet")
    for tag in ("v1.2.3", "v1.2.4"):
        git("commit", "--quiet", "--allow-empty", "--message", tag)
        commit = git("rev-parse", "HEAD")
        script = STEPS["Move the major tag of the action"]
        done = run(script, tmp_path, REMOTE="remote", GITHUB_SHA=commit, GITHUB_REF_NAME=tag)
        assert done.returncode == 0, done.stderr
        assert git("--git-dir=remote", "rev-parse", "v1") == commit
