"""Faults that show after certain requests alone: caches that take one request for another, and leftovers.

They are meant for a catalogue of 240 models, where a run of the suite without exploration misses them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    backwards,
    family,
    is_list,
    is_page,
    lists,
    name_asked,
)
from pytest_models_contract.fake.faults.narrow import (
    AFTER,
    BEFORE,
    Effect,
    capped,
    from_the_start,
    without_the_first,
)

Taken = Callable[[Question, Question], bool]
"""Whether the request is taken for an earlier one."""


def cursor_of(question: Question) -> str:
    """The id that is sent as a cursor, or the empty string."""
    return question.get(AFTER) or question.get(BEFORE) or ""


def _same(question: Question, other: Question, *names: str) -> bool:
    return all(question.get(name) == other.get(name) for name in names)


def _limit(question: Question) -> int:
    return int(question.get("limit") or 20)


def _small(*questions: Question) -> bool:
    """Whether these pages are of those small ones that are cached."""
    return all(1 < _limit(each) < 20 for each in questions)


CACHES: dict[str, Taken] = {
    # The key of the cache leaves something out of the request.
    "without-the-limit": lambda now, one: _small(now, one) and _same(now, one, AFTER, BEFORE),
    "without-the-direction": lambda now, one: (
        _small(now) and cursor_of(now) == cursor_of(one) and _same(now, one, "limit")
    ),
    "but-the-last-two-digits": lambda now, one: (
        _small(now)
        and _same(now, one, "limit")
        and cursor_of(now)[-2:] == cursor_of(one)[-2:]
        and backwards(now) == backwards(one)
    ),
    "by-the-beginning-of-the-id": lambda now, one: (
        _small(now)
        and _same(now, one, "limit")
        and cursor_of(now)[:20] == cursor_of(one)[:20]
        and backwards(now) == backwards(one)
    ),
    # Some of its entries serve requests that they do not fit.
    "shorter-page": lambda now, one: (
        1 < _limit(one) < 20 < _limit(now) < 1000 and _same(now, one, AFTER, BEFORE)
    ),
    "longer-page": lambda now, one: (
        20 < _limit(now) < _limit(one) < 1000 and _same(now, one, AFTER, BEFORE)
    ),
    "odd-for-even": lambda now, one: (
        _limit(one) % 2 > _limit(now) % 2 and _limit(one) > 1 and _same(now, one, AFTER, BEFORE)
    ),
}


@family(CACHES)
@lists
def narrow_cache(ask: Ask, question: Question, is_taken_for: Taken) -> Answer:
    """A page with a cursor is answered with an earlier one that a cache takes for it."""
    earlier = (one for one in question.asked if one.number < question.number and _is_plain(one))
    kept = (one for one in earlier if is_taken_for(question, one))
    found = next(kept, None) if _is_plain(question) else None
    return ask(replace(question, query=found.query)) if found else ask(question)


def _is_plain(question: Question) -> bool:
    """Whether the page at one cursor is asked for, with a limit that is one."""
    limit = question.get("limit") or "1"
    legal = limit.isdecimal() and 0 < int(limit) <= 1000
    return is_list(question) and bool(cursor_of(question)) and legal


SPOILT: dict[str, tuple[Taken, Effect]] = {
    # The request before this one left something behind.
    "back-from-a-long-page": (
        lambda now, one: (
            backwards(now) and one.get(AFTER) is not None and _small(now) and _limit(one) > 30
        ),
        from_the_start,
    ),
    "page-after-its-model": (
        lambda now, one: not is_list(one) and name_asked(one) == now.get(AFTER),
        without_the_first,
    ),
    "page-after-a-full-one": (
        lambda now, one: _small(now) and now.get(AFTER) is not None and _limit(one) > 200,
        capped(1),
    ),
}


@family(SPOILT)
@lists
def narrow_sequence(ask: Ask, question: Question, case: tuple[Taken, Effect]) -> Answer:
    """A page is wrong right after a certain request."""
    is_spoilt, effect = case
    last = next((one for one in question.asked if one.number == question.number - 1), None)
    if last is None or not _is_plain(question) or not is_page(ask(question)):
        return ask(question)
    legal = not is_list(last) or (last.get("limit") or "1").isdecimal()
    return effect(ask, question) if legal and is_spoilt(question, last) else ask(question)
