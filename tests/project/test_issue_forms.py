"""The forms of issues and pull requests are valid, and ask for what a defect is found with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from documented import REPOSITORY, ROOT
from linting import is_valid

FOLDER = ROOT / ".github" / "ISSUE_TEMPLATE"
FORMS = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*_violation.yml"))}
REQUIRED = {"report", "version", "command", "server"}


def fields(form: str) -> dict[str, dict[str, Any]]:
    """The fields of a form, by their ids."""
    return {field["id"]: field for field in yaml.safe_load(form)["body"] if "id" in field}


def test_there_is_a_form_for_each_kind_of_wrong_verdict() -> None:
    assert set(FORMS) == {"wrong_violation.yml", "missed_violation.yml"}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_requires_what_repeats_the_verdict(name: str) -> None:
    found = fields(FORMS[name])
    required = {name for name, field in found.items() if field["validations"]["required"]}
    assert required >= REQUIRED
    assert "--models-report" in found["report"]["attributes"]["description"]


def test_vulnerabilities_are_reported_privately() -> None:
    [link] = yaml.safe_load((FOLDER / "config.yml").read_text("utf-8"))["contact_links"]
    assert link["url"] == f"{REPOSITORY}/security/policy"


def test_a_pull_request_names_the_fault_that_proves_a_check() -> None:
    text = (ROOT / ".github" / "pull_request_template.md").read_text("utf-8")
    named = [part for part in text.split("`") if "/" in part or part.endswith(".md")]
    assert {"tests/fault_table/", "CHANGELOG.md", "docs/contract.md"} <= set(named)
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schema", "text"),
    [
        *(("vendor.github-issue-forms", text) for text in FORMS.values()),
        ("vendor.github-issue-config", (FOLDER / "config.yml").read_text("utf-8")),
    ],
    ids=[*FORMS, "config.yml"],
)
def test_it_is_valid_under_its_schema(schema: str, text: str, tmp_path: Path) -> None:
    assert is_valid(schema, text, tmp_path)
    assert not is_valid(schema, text.replace("name: ", "called: ", 1), tmp_path)
