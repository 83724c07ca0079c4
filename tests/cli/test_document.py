"""The contract as a document: up to date, with a heading for every check."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import fault_rows
import pytest

from pytest_models_contract.cli import document
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.checks import anchor, known_ids, of_revision

PATH = Path(__file__).parents[2] / "docs" / "contract.md"


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"^### (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def slug(heading: str) -> str:
    """The anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.slow
def test_it_is_up_to_date() -> None:
    command = [sys.executable, "-m", "pytest_models_contract.document"]
    env = {**os.environ, "PYTHONIOENCODING": "utf-16"}  # whatever the machine would write
    done = subprocess.run(command, env=env, capture_output=True, timeout=60, check=True)  # noqa: S603 - ours
    how = "run `python -m pytest_models_contract.document > docs/contract.md`"
    assert PATH.read_text("utf-8") == done.stdout.decode("utf-8").replace(os.linesep, "\n"), how


def test_every_check_of_every_revision_is_in_it_once() -> None:
    headings = re.findall(r"^### (.+)$", document.text(), flags=re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert set(headings) == known_ids()


def test_every_failure_points_to_its_heading() -> None:
    assert all(slug(check) == anchor(check) for check in sections(document.text()))


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("order/newest_first", "- level: `must`\n"),
        ("order/newest_first", "- rule: `model_list#/$defs/newest_first`, from <https://"),
        ("order/newest_first", "- revisions: all"),
        ("errors/unknown_model_is_not_found", "- level: `should`\n"),
        ("model_info/lifecycle", "- revisions: from 2026-10-07 on"),
        ("model_info/capabilities.effort.xhigh", "`must`; its presence: `should`"),
        ("retrieve/alias_resolves[ALIAS]", "- only with: `--models-alias ALIAS=ID`"),
    ],
)
def test_a_section_says_what_a_check_is(check: str, said: str) -> None:
    assert said in sections(document.text())[check]


def test_faults_are_counted() -> None:
    found = sections(document.text({"order/newest_first": 2, "limit/default": 1}))
    assert "- catches: 2 faults\n" in found["order/newest_first"]
    assert "- catches: 1 fault\n" in found["limit/default"]
    assert "- catches: 0 faults" in found["model_info/id"]
    assert "catches:" not in document.text()


def test_the_checks_are_counted() -> None:
    head = " ".join(document.text().partition("\n## ")[0].split())
    default = [facts for facts in of_revision(Revision.load()) if not facts.needs]
    found = re.search(
        r"There are (\d+) checks.* tests (\d+) of them: (\d+) belong .*, and (\d+) are added by",
        head,
    )
    assert found
    everything, tested, newer, optional = map(int, found.groups())
    assert (everything, tested) == (len(known_ids()), len(default))
    assert newer + optional == everything - tested


def test_every_option_that_adds_checks_is_named_beside_the_count() -> None:
    paragraph = re.search(r"(?s)There are.*?deselected", PATH.read_text("utf-8"))
    assert paragraph
    needs = {facts.needs for facts in of_revision(Revision.load()) if facts.needs}
    options = {document.OPTIONS.get(need, "--models-client").split()[0] for need in needs}
    assert {option for option in options if option not in paragraph[0]} == set()


def test_outside_of_a_checkout_there_are_no_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(document, "TESTS", tmp_path)
    assert document.catches() is None
    (tmp_path / "fault_rows.py").write_text(
        "def catch_counts(): return {'order/newest_first': 1}\n"
    )
    monkeypatch.delitem(sys.modules, fault_rows.__name__)
    assert document.catches() == {"order/newest_first": 1}
