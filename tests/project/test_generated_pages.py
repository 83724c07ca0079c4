"""The pages that `docs/generate.py` writes are those of the package."""

from __future__ import annotations

import runpy

import pytest
from documented import ROOT

from pytest_models_contract.session import option_table

GENERATE = runpy.run_path(str(ROOT / "docs" / "generate.py"))


@pytest.mark.parametrize("name", GENERATE["PAGES"])
def test_it_is_up_to_date(name: str) -> None:
    written = (ROOT / "docs" / name).read_text("utf-8")
    assert GENERATE["PAGES"][name]() == written, "run `python docs/generate.py`"


def test_every_option_has_a_meaning_and_each_meaning_an_option() -> None:
    assert set(GENERATE["MEANING"]) == {option.name for option in option_table.options()}


def test_the_tables_of_the_readme_are_those_of_the_pages() -> None:
    written = (ROOT / "README.md").read_text("utf-8")
    assert written.count("<!-- tables of docs/") == 5
    assert GENERATE["readme"](written) == written, "run `python docs/generate.py`"
