"""The list of faults: `--list-faults` prints what docs/faults.md contains, every fault in its area."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_models_contract.fake import command
from pytest_models_contract.fake.faults import FAULTS

PATH = Path(__file__).parents[2] / "docs" / "faults.md"


def listed(text: str) -> dict[str, str]:
    """Each fault that the list names, with its area."""
    areas: dict[str, str] = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        area, *lines = section.splitlines()
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            if found := re.match(r"- `(\w+)(\[\.\.\.\])?`: \S", line):
                cases = re.findall(r"`(.*?)`(?:, |$)", following) if found[2] else []
                names = [f"{found[1]}[{case}]" for case in cases] or [found[1]]
                areas.update(dict.fromkeys(names, area))
    return areas


def test_the_command_prints_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["--list-faults"])
    how = "run `python -m pytest_models_contract.fake --list-faults > docs/faults.md`"
    assert capsys.readouterr().out == PATH.read_text("utf-8"), how


def test_every_fault_is_listed_in_the_area_that_defines_it() -> None:
    defined = {name: fault.__module__.rpartition(".")[2] for name, fault in FAULTS.items()}
    assert listed(PATH.read_text("utf-8")) == defined
