"""The order of the list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import pytest

from pytest_models_contract.client.exchange import Finding, Occurrence, shown
from pytest_models_contract.client.verdict import Check
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.spec import rfc3339

Dated = tuple[Occurrence, rfc3339.Instant]


@pytest.mark.models_cites("model_list#/$defs/newest_first")
def test_newest_first(models_evidence: Evidence, models_check: Check) -> None:
    """Newer models come first; equal dates and unknown ones (an epoch) may stand in any order."""
    models_check.judge(
        list(pairwise(_dated(models_evidence.occurrences))),
        _older_first,
        what="neighbours",
        if_none="fewer than two models have a release date"
        if models_evidence.crawl
        else models_evidence.why_no_models,
        compares=True,
    )


def out_of_order(occurrences: Sequence[Occurrence]) -> Finding | None:
    """The first model of these that is newer than the one before it."""
    return next(filter(None, map(_older_first, pairwise(_dated(occurrences)))), None)


def _dated(occurrences: Sequence[Occurrence]) -> list[Dated]:
    return [(each, moment) for each in occurrences if (moment := _release(each))]


def _release(occurrence: Occurrence) -> rfc3339.Instant | None:
    """The moment to compare by: none where it is no date or an epoch value."""
    text = occurrence.model.get("created_at") if isinstance(occurrence.model, dict) else None
    return _moment(text) if isinstance(text, str) else None


@lru_cache(maxsize=4096)
def _moment(text: str) -> rfc3339.Instant | None:
    return None if rfc3339.is_epoch(text) else rfc3339.instant(text)


def _older_first(pair: tuple[Dated, Dated]) -> Finding | None:
    (before, earlier), (after, later) = pair
    if later <= earlier:
        return None
    return after.response.finding(
        f"{shown(after.model['created_at'])}, listed after {shown(before.model['created_at'])}",
        "a date not after that of the model before it",
        f"{after.where('created_at')} after {before.model.get('id')}",
    )
