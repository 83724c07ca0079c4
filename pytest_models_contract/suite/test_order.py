"""The order of the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import pytest

from pytest_models_contract.client.exchange import Finding, Occurrence, model_id, shown
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.rereading import occurrences_now
from pytest_models_contract.spec import rfc3339

REPEATING = "cursors/repeating_a_request_repeats_the_answer"
Dated = tuple[Occurrence, rfc3339.Instant]


@pytest.mark.models_cites("model_list#/$defs/newest_first")
def test_newest_first(models_evidence: Evidence, models_check: Check) -> None:
    """Newer models come first; models of equal or unknown date (an epoch) may come in any order."""
    if "created_at" in models_evidence.steadiness.properties:
        raise Unexercised(f"`created_at` changes with each response: see {REPEATING}")
    models_check.judge(
        list(pairwise(_dated(models_evidence.occurrences))),
        _older_first,
        what="neighbours",
        if_none="fewer than two models have a release date"
        if models_evidence.crawl
        else models_evidence.why_no_models,
        compares=True,
    )


@pytest.mark.models_cites("model_list#/$defs/same_order_after_a_restart", level="should")
@pytest.mark.models_only_with("start")
def test_is_the_same_after_a_restart(
    models_evidence: Evidence, models_restart: Callable[[], None], models_check: Check
) -> None:
    """The list has the same order after a restart of the server, also among models of the same date."""
    earlier, before = models_evidence.occurrences, occurrences_now(models_evidence)
    models_restart()
    after, later = occurrences_now(models_evidence), occurrences_now(models_evidence)
    if any(_moved(earlier, before)) or any(_moved(after, later)):
        raise Unexercised("the order changes without a restart")
    models_check.conclude(
        list(_moved(before, after)),
        len(before) if len(before) > 1 else 0,
        what="models",
        if_none="a list of one model has no order" if before else models_evidence.why_no_models,
    )


def out_of_order(occurrences: Sequence[Occurrence]) -> Finding | None:
    """The first model of these that is newer than the one before it."""
    return next(filter(None, map(_older_first, pairwise(_dated(occurrences)))), None)


def _moved(before: Sequence[Occurrence], after: Sequence[Occurrence]) -> Iterator[Finding]:
    """The first model of `after` in a place that another one had, of those that both lists have."""
    earlier, later = ({model_id(each.model): each for each in listed} for listed in (before, after))
    stood = [found for found in earlier if found in later]
    stands = [found for found in later if found in earlier]
    for expected, found in zip(stood, stands, strict=True):
        if found != expected:
            moved = later[found]
            wanted = f"{shown(expected)} there, as before"
            yield moved.response.finding(f"{shown(found)}", wanted, moved.where())
            return


def _dated(occurrences: Sequence[Occurrence]) -> list[Dated]:
    return [(each, moment) for each in occurrences if (moment := _release(each))]


def _release(occurrence: Occurrence) -> rfc3339.Instant | None:
    """The moment to compare by; None where it is not a date, or is an epoch value."""
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
