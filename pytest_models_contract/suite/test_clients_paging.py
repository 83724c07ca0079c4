"""The paging of official SDKs in other languages; collected only with `--models-client anthropic-sdk`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Page, counted, page_of
from pytest_models_contract.client.verdict import Check
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.listed import known, third
from pytest_models_contract.evidence.pagination import MOST_PAGES

cites = pytest.mark.models_cites
anthropic_sdk = pytest.mark.models_only_with("anthropic-sdk")
HABITS = "clients#/$defs/paging_habits"


@anthropic_sdk
@cites(HABITS)
@pytest.mark.parametrize("models_habit", ["java", "ruby_php", "csharp"])
def test_paging_habit(
    models_habit: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Paging as the other SDKs do it (Java, Ruby and PHP, C#) ends, and repeats or misses no model."""
    ids = known(models_evidence)
    limit = third(ids)
    walk, expected = {
        "java": (_java, ids),
        "ruby_php": (_ruby_php, ids[:-1]),
        "csharp": (_csharp, None),
    }[models_habit]
    pages = list(walk(models_api, ids, limit))
    met = [found for page in pages for found in page.ids]

    def wrong_walk(page: Page) -> Finding | None:
        if len(pages) >= MOST_PAGES:
            return page.response.finding(f"no end after {MOST_PAGES} pages", "an end")
        if twice := len(met) - len(set(met)):
            return page.response.finding(f"{counted(twice)} listed twice", "each model once")
        lost = [found for found in expected or [] if found not in set(met)]
        if not lost:
            return None
        return page.response.finding(f"{counted(len(lost))} lost, such as {lost[0]}", "every model")

    models_check.judge(
        pages[-1:], wrong_walk, what="walk", if_none="there is no page", compares=True
    )


def _java(api: ModelsAPI, _: Sequence[str], limit: int) -> Iterator[Page]:
    """Until an empty page, whatever `has_more` says."""
    cursor = None
    for _turn in range(MOST_PAGES):
        page = api.page(limit=limit, after_id=cursor)
        yield page
        cursor = page.envelope.get("last_id")
        if not page.data or not cursor:
            return


def _ruby_php(api: ModelsAPI, ids: Sequence[str], limit: int) -> Iterator[Page]:
    """Backward by `first_id` while `has_more`."""
    cursor = ids[-1]
    for _turn in range(MOST_PAGES):
        page = api.page(limit=limit, before_id=cursor)
        yield page
        cursor = page.envelope.get("first_id") or ""
        if not page.has_more or not cursor:
            return


def _csharp(api: ModelsAPI, ids: Sequence[str], limit: int) -> Iterator[Page]:
    """Forward by `last_id` while `has_more`, with the given `before_id`: both cursors may be refused."""
    cursor = None
    for _turn in range(MOST_PAGES):
        response = api.list(limit=limit, before_id=ids[-1], after_id=cursor)
        page = page_of(response)
        if page is None:
            return
        yield page
        cursor = page.envelope.get("last_id")
        if not page.has_more or not cursor:
            return
