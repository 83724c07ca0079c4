"""The revisions whose source is a page of the reference, against a copy of that page.

The pages are not part of the project. The environment variable MODELS_CONTRACT_REFERENCE_PAGES names a folder
with text copies of them, whose names begin with the numbers below.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from pytest_models_contract.cli.sdk.facts import of_revision
from pytest_models_contract.spec.revision import Revision

FOLDER = os.environ.get("MODELS_CONTRACT_REFERENCE_PAGES", "")
REVISION_OF = {"000": "2026-04-16", "001": "2026-03-18", "002": "2024-12-17", "003": "2024-12-17"}
BETA = re.compile(r'"([\w-]+-\d{4}-\d{2}-\d{2})"')
FIELD = re.compile(r"[\s`-]*(\w+)\??: ([^`]+)`?")
BOUNDS = re.compile(r"Defaults to (\d+)\. Ranges from (\d+) to (\d+)\.")
ENVELOPE = {"data", "ModelInfo"}
MARKS_NULL = "000"
"""The only page that marks what may be null."""

pytestmark = pytest.mark.skipif(not FOLDER, reason="needs pages: MODELS_CONTRACT_REFERENCE_PAGES")
each_page = pytest.mark.parametrize("page", REVISION_OF)


@cache
def part(page: str, start: str, end: str) -> str:
    """The text between two headings of the description of the list, without Markdown's escapes."""
    [path] = Path(FOLDER).glob(f"{page}_*.txt")
    text = path.read_text("utf-8").replace("\\", "")
    return text.partition(start)[2].partition(end)[0]


def parameters(page: str) -> str:
    return part(page, "Parameters", "Returns")


def fields(page: str) -> dict[str, str]:
    """The fields of a model with their types, by name."""
    text = part(page, "Returns", "first_id")
    found = (FIELD.fullmatch(line) for line in text.partition("Example")[0].splitlines())
    return {match[1]: match[2] for match in found if match and match[1] not in ENVELOPE}


@each_page
def test_the_fields_are_those_of_the_page(page: str) -> None:
    revision = Revision.load(REVISION_OF[page])
    assert fields(page).keys() == {known.name for known in revision.properties}


def test_what_may_be_null_is_what_the_page_for_python_marks() -> None:
    marked = {name for name, kind in fields(MARKS_NULL).items() if kind.startswith("Optional")}
    known = Revision.load(REVISION_OF[MARKS_NULL]).properties
    assert marked == {each.name for each in known if each.nullable}


@each_page
def test_the_parameters_and_the_bounds_are_those_of_the_page(page: str) -> None:
    revision, text = Revision.load(REVISION_OF[page]), parameters(page)
    names = {match[1] for line in text.splitlines() if (match := FIELD.fullmatch(line))}
    query = {path.rpartition(".")[2] for path in of_revision(revision) if "list.query." in path}
    assert names - {"params", "betas", "beta"} == query
    default, least, most = BOUNDS.search(text.replace("`", "")).groups()  # type: ignore[union-attr]
    assert revision.limit == (int(least), int(most), int(default))


@each_page
def test_the_beta_values_are_those_of_the_page(page: str) -> None:
    found = dict.fromkeys(BETA.findall(parameters(page)))
    assert tuple(found) == Revision.load(REVISION_OF[page]).betas
