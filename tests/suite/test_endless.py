"""Lists without an end: what needs the end is not tested, and everything else is judged."""

from __future__ import annotations

from typing import Any

import pytest
from fault_rows import NEWEST, FaultRow, all_fault_rows
from fault_table.endless import OLDEST
from judging import ALONE, fake, judged_in_a_run, not_holding
from sampling import first_of

from pytest_models_contract.evidence import gathering, pagination
from pytest_models_contract.evidence.pagination import MOST_PAGES
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults.endless import endless
from pytest_models_contract.fake.faults.kit import is_page, with_query, without_cursor

PAGING = ("pages_backward", "pages_forward", "turns_pages", "keeps_created_at")
NEED_THE_END = {
    "cursors/after_the_last_model_the_page_is_empty",
    "cursors/walking_forward_yields_every_model_once",
    *(f"clients/sdk_lists_every_model[{own}]" for own in ("models", "beta", "async", "async-beta")),
    *(f"clients/sdk_{name}{own}" for name in PAGING for own in ("", "[async]")),
    "clients/paging_habit[java]",
    "clients/paging_habit[ruby_php]",
    "clients/paging_habit[csharp]",
}
NEED_THE_END_OF_STAGES = {"lifecycle/active_and_deprecated_models_are_listed_unasked"}
IN_ALL = 230
"""The most requests to a server with an endless list."""
FAULT_ROWS = [row for name, row in all_fault_rows().items() if name.startswith("endless_list")]


def one_on_each_page(ask: Ask, request: Request) -> Response:
    """The list without an end, one model on each page."""
    page = is_page(ask(without_cursor(request)))
    return endless(ask, with_query(request, limit=1) if page else request)


def judged_to(most: int, app: Fake, monkeypatch: pytest.MonkeyPatch, **how: Any) -> Any:
    """The verdicts, and the run, where a list is read up to so many pages."""
    for module in (gathering, pagination):
        monkeypatch.setattr(module, "MOST_PAGES", most)
    return judged_in_a_run(app, app.revision, aliases={}, **how)


@pytest.mark.parametrize(
    ("most", "revision"), first_of([(3, NEWEST), (3, OLDEST), (MOST_PAGES, OLDEST)], 0)
)
def test_what_needs_the_end_of_an_endless_list_is_not_tested(
    most: int, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = fake(endless, revision=revision)
    found, run = judged_to(most, app, monkeypatch, only=(*ALONE, "clients"))
    assert not_holding(found) == not_holding(found, "error") == {}
    why = f"no end after {most} pages, {most * 1000:,} models"
    missed = {check for check, seen in found.items() if seen.why == why}
    assert missed == NEED_THE_END | (NEED_THE_END_OF_STAGES if revision == NEWEST else set())
    assert run.so_far[0] <= IN_ALL


def test_what_else_is_wrong_with_an_endless_list_is_found() -> None:
    found, run = judged_in_a_run(fake(one_on_each_page), aliases={}, only=ALONE)
    assert "limit/page_is_never_shorter_while_more_exist" in not_holding(found)
    assert not {check for check in not_holding(found) if not check.startswith("limit/")}
    assert run.so_far[0] <= IN_ALL


@pytest.mark.parametrize("row", FAULT_ROWS, ids=lambda row: row.fault)
def test_a_fault_of_an_endless_list_is_found(
    row: FaultRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, run = judged_to(3, row.fake(), monkeypatch, only=ALONE)
    assert not_holding(found) == row.catches
    assert run.so_far[0] <= IN_ALL - MOST_PAGES + 3


def test_an_endless_list_is_no_space_to_explore(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = judged_to(3, fake(endless), monkeypatch, only=["order"], explore=40)
    explored = [own.why for name, own in found.items() if "explore" in name]
    assert set(explored) == {"no end after 3 pages, 3,000 models"}
