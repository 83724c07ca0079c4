"""Each tutorial, followed from an empty folder: its files are saved, its commands run, all in order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from documented import ROOT, SHELL, Block, blocks
from systems import POSIX

pytestmark = POSIX

TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
INSTALL = re.compile(
    r"python3 -m venv \.venv\n\. \.venv/bin/activate\npip install '?pytest-models-contract(\[html\])?'?\n"
)
"""Replaced by the environment of the tests."""
GAP = "…"


@pytest.mark.slow
@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_it_can_be_followed(path: Path, tmp_path: Path) -> None:
    install, *steps = blocks(path)
    assert INSTALL.fullmatch(install.text)
    for step in steps:
        if step.title:
            (tmp_path / step.title).write_text(step.text, encoding="utf-8")
        elif step.language in SHELL:
            follow(step, tmp_path)


def follow(step: Block, folder: Path) -> None:
    """Run the commands of a block, and compare what they print with what it shows."""
    done = run("\n".join(step.commands), folder)
    shown = [line for line in step.text.splitlines() if not line.startswith("$ ")]
    assert shown
    assert pattern(shown).fullmatch(done.stdout), done.stdout + done.stderr


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a folder, with the programs of the environment, and nothing of a reader's settings."""
    own = {name: value for name, value in os.environ.items() if "MODELS_CONTRACT" not in name}
    own.pop("ANTHROPIC_API_KEY", None)
    own.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(  # noqa: S603 - the commands of our own tutorials
        ["bash", "--noprofile", "--norc", "-c", script],  # noqa: S607 - the PATH is the point
        cwd=folder,
        env=own | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=240,
    )


def pattern(shown: list[str]) -> re.Pattern[str]:
    """What output looks like of which these lines are shown; `…` stands for anything."""
    anything = r"[^\n]*"
    lines = (
        rf"(?:{anything}\n)*"
        if line == GAP
        else anything.join(map(re.escape, line.split(GAP))) + "\n"
        for line in shown
    )
    return re.compile("".join(lines))


@pytest.mark.parametrize(
    ("shown", "output", "found"),
    [
        (["a", "…", "z"], "a\nb\nc\nz\n", True),
        (["a", "…", "z"], "a\nz\n", True),
        (["…", "z"], "a\nb\n", False),
        (["a … z"], "a b z\n", True),
        (["a … z"], "a b\nz\n", False),
        (["z"], "a\nz\n", False),
        (["a"], "a\nz\n", False),
    ],
)
def test_what_is_shown_is_compared(shown: list[str], output: str, found: bool) -> None:
    assert (pattern(shown).fullmatch(output) is not None) == found
