"""Faults that show only after certain requests: caches that confuse two requests, and leftover state.

They are meant for a catalogue of 240 models, where a run of the suite without exploration misses them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pytest_models_contract.fake.exchange import Ask, Request, Response
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

Taken = Callable[[Request, Request], bool]
"""Whether the request is taken for an earlier one."""


def cursor_of(request: Request) -> str:
    """The id that is sent as a cursor, or the empty string."""
    return request.get(AFTER) or request.get(BEFORE) or ""


def _same(request: Request, other: Request, *names: str) -> bool:
    return all(request.get(name) == other.get(name) for name in names)


def _limit(request: Request) -> int:
    return int(request.get("limit") or 20)


def _small(*requests: Request) -> bool:
    """Whether these pages are of those small ones that are cached."""
    return all(1 < _limit(each) < 20 for each in requests)


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
def narrow_cache(ask: Ask, request: Request, is_taken_for: Taken) -> Response:
    """A request with a cursor gets the response to an earlier request: a cache confuses the two."""
    earlier = (one for one in request.asked if one.number < request.number and _is_plain(one))
    kept = (one for one in earlier if is_taken_for(request, one))
    found = next(kept, None) if _is_plain(request) else None
    return ask(replace(request, query=found.query)) if found else ask(request)


def _is_plain(request: Request) -> bool:
    """Whether the page at one cursor is asked for, with a limit that is one."""
    limit = request.get("limit") or "1"
    legal = limit.isdecimal() and 0 < int(limit) <= 1000
    return is_list(request) and bool(cursor_of(request)) and legal


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
def narrow_sequence(ask: Ask, request: Request, case: tuple[Taken, Effect]) -> Response:
    """A page is wrong if a certain request came directly before it."""
    is_spoilt, effect = case
    last = next((one for one in request.asked if one.number == request.number - 1), None)
    if last is None or not _is_plain(request) or not is_page(ask(request)):
        return ask(request)
    legal = not is_list(last) or (last.get("limit") or "1").isdecimal()
    return effect(ask, request) if legal and is_spoilt(request, last) else ask(request)
