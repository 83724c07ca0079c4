"""Every example of docs/in-process.md is run as it stands there."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from documented import ROOT, Section, sections

FRAMEWORKS = ("fastapi", "starlette", "flask", "django")
EXAMPLES = [section for section in sections(ROOT / "docs" / "in-process.md") if section.commands]


def run(section: Section, folder: Path, *more: str) -> tuple[subprocess.CompletedProcess[str], Any]:
    """The example's files saved, its one command run with a report; skipped without its framework."""
    for framework in FRAMEWORKS:
        if f"from {framework}" in "".join(section.files.values()):
            pytest.importorskip(framework)
    for name, text in section.files.items():
        (folder / name).write_text(text)
    [command] = section.commands
    words = shlex.split(command)
    given = dict(word.split("=", 1) for word in words if "=" in word.partition("-")[0])
    arguments = [word for word in words if word.partition("=")[0] not in given][1:]
    done = subprocess.run(  # noqa: S603 - pytest, with the arguments of our own documentation
        [sys.executable, "-m", "pytest", *arguments, "--models-report", "report.json", *more],
        cwd=folder,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=120,
    )
    report = folder / "report.json"
    return done, json.loads(report.read_text()) if report.exists() else None


@pytest.mark.parametrize("section", EXAMPLES, ids=str)
def test_the_example_conforms(section: Section, tmp_path: Path) -> None:
    done, report = run(section, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = report["counts"]
    assert (counts["violated"], counts["advice"], counts["error"]) == (0, 0, 0), done.stdout
    assert report["models"] == 26
    assert report["target"]["kind"] == "app"
    unexercised = {c["id"] for c in report["checks"] if c["verdict"] == "unexercised"}
    assert not {
        check
        for check in unexercised
        if not check.startswith(("model_info/capabilities.", "headers/"))
    }


def test_there_is_an_example_for_each_framework() -> None:
    texts = ["".join(section.files.values()) for section in EXAMPLES]
    for framework in FRAMEWORKS:
        assert any(f"from {framework}" in text for text in texts), framework


def test_the_lifespan_is_stopped(tmp_path: Path) -> None:
    [example] = [section for section in EXAMPLES if "lifespan" in section.heading]
    done, _ = run(example, tmp_path, "-s")
    assert "the shop is closed" in done.stdout


def test_a_lie_in_an_example_is_found(tmp_path: Path) -> None:
    [example] = [section for section in EXAMPLES if section.heading == "Bare ASGI"]
    example.shared[:] = [
        type(block)(block.language, block.title, block.text.replace('"20")', '"19")'))
        for block in example.shared
    ]
    done, report = run(example, tmp_path)
    assert done.returncode == 1
    assert [c["id"] for c in report["checks"] if c["verdict"] == "violated"] == ["limit/default"]


def test_own_tests_and_the_contract_share_a_session(tmp_path: Path) -> None:
    [example] = [section for section in EXAMPLES if "fixture" in section.heading]
    done, _ = run(example, tmp_path, "-v")
    assert "test_shop.py::test_ids_are_ours PASSED" in done.stdout
