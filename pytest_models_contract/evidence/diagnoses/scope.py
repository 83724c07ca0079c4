"""In which requests a defect shows: what tells them apart from those in which it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

from pytest_models_contract.client.exchange import DEFAULT_VERSION, Reply
from pytest_models_contract.evidence.diagnoses.observed import Observed, extras
from pytest_models_contract.evidence.plan import PLAIN_ID


class Scope(NamedTuple):
    """A phrase such as "with `limit`", empty for all requests; `cost` is 0 then, and grows with its detail."""

    phrase: str
    cost: int

    def __str__(self) -> str:
        """The phrase as it goes on in a sentence."""
        return f" {self.phrase}" if self.phrase else ""


AFTER_LAST, BEFORE_FIRST = "after the last model", "before the first model"
Feature = tuple[str, Callable[[Reply], bool]]
EVERYWHERE = Scope("", 0)


def scope(inside: Sequence[Reply], outside: Sequence[Reply], seen: Observed) -> Scope | None:
    """What holds for the requests inside and for none outside; None when nothing known does."""
    if not outside:
        return EVERYWHERE
    kinds = [own for own in _kinds() if all(map(own[1], inside))]
    alike = [("", lambda _: True), *kinds]
    values = [_both(kind, own) for kind in alike for own in _values(inside, outside, kind, seen)]
    for cost, found in (
        (1, kinds),
        (2, [own for own in values if own[0].startswith(" and ")]),
        (3, [_both(one, other) for one, other in combinations(kinds, 2)]),
        (4, values),
    ):
        for phrase, holds in found:
            if not any(map(holds, outside)):
                return Scope(phrase.removeprefix(" and "), cost)
    return None


def _values(
    inside: Sequence[Reply], outside: Sequence[Reply], kind: Feature, seen: Observed
) -> list[Feature]:
    """What parts the requests inside from those outside that are of one kind with them."""
    rest = list(filter(kind[1], outside))
    return [
        own
        for own in (*_limits(inside, rest), *_places(inside, rest, seen))
        if all(map(own[1], inside))
    ]


def _both(one_of: Feature, other_of: Feature) -> Feature:
    (one, first), (other, second) = one_of, other_of
    return f"{one} and {other}", lambda reply: first(reply) and second(reply)


def _value(reply: Reply, name: str) -> str | None:
    return reply.question.value(name)


def _kinds() -> Iterator[Feature]:
    yield from _variants()
    yield "with `after_id`", lambda reply: _value(reply, "after_id") is not None
    yield "with `before_id`", lambda reply: _value(reply, "before_id") is not None
    yield "with a cursor", _has_cursor
    yield "without a cursor", lambda reply: not _has_cursor(reply)
    yield "with `limit`", lambda reply: _value(reply, "limit") is not None
    yield "without `limit`", lambda reply: _value(reply, "limit") is None
    yield "going forward", lambda reply: _value(reply, "before_id") is None
    yield "with a query", lambda reply: bool(reply.question.query)
    yield f"with `anthropic-version: {DEFAULT_VERSION}`", _usual_version


def _variants() -> Iterator[Feature]:
    yield "with `beta=true`", lambda reply: "beta" in extras(reply)
    yield "with an unknown parameter", lambda reply: bool(set(extras(reply)) - {"beta"})
    yield "with `anthropic-beta`", lambda reply: bool(reply.question.variant.betas)
    yield "without `anthropic-version`", lambda reply: not reply.question.variant.version
    yield "with `anthropic-version: 2026-10-21`", _newer_version
    yield "with the key as bearer token", partial(_other_header, "authorization")
    yield "with the key as `x-api-key`", partial(_other_header, "x-api-key")


def _newer_version(reply: Reply) -> bool:
    return reply.question.variant.version not in ("", DEFAULT_VERSION)


def _usual_version(reply: Reply) -> bool:
    return reply.question.variant.version == DEFAULT_VERSION


def _other_header(header: str, reply: Reply) -> bool:
    return reply.question.variant.auth == "other-way" and header in dict(reply.sent)


def _has_cursor(reply: Reply) -> bool:
    return _cursor(reply) is not None


def _cursor(reply: Reply) -> str | None:
    after = _value(reply, "after_id")
    return _value(reply, "before_id") if after is None else after


def _limits(inside: Sequence[Reply], outside: Sequence[Reply]) -> Iterator[Feature]:
    """Bounds of `limit` that part the requests."""
    own, others = _numbers(inside), _numbers(outside)
    if len(own) < len(inside) or not own:
        return
    least, most = min(own), max(own)
    if least == most:
        yield f"with `limit={least}`", lambda reply: _value(reply, "limit") == str(least)
    if all(other < least for other in others):
        yield f"where `limit` is {least} or more", lambda reply: (_number(reply) or 0) >= least
    if all(other > most for other in others):
        yield f"where `limit` is {most} or less", lambda reply: 0 < (_number(reply) or 0) <= most


def _number(reply: Reply) -> int | None:
    text = _value(reply, "limit") or ""
    return int(text) if text.isascii() and text.isdecimal() else None


def _numbers(replies: Sequence[Reply]) -> list[int]:
    return [number for reply in replies if (number := _number(reply)) is not None]


def _places(inside: Sequence[Reply], outside: Sequence[Reply], seen: Observed) -> Iterator[Feature]:
    """What the cursors have in common: the model they name, how it is spelled, where it stands."""
    cursors = [_cursor(reply) for reply in inside]
    if not seen.ids or any(cursor not in seen.position for cursor in cursors):
        return
    yield "on the second page", lambda reply: _is_second(reply, seen)
    yield AFTER_LAST, lambda reply: _value(reply, "after_id") == seen.ids[-1]
    yield BEFORE_FIRST, lambda reply: _value(reply, "before_id") == seen.ids[0]
    places = [seen.position[cursor] for cursor in cursors if cursor is not None]
    others = [
        seen.position[cursor]
        for reply in outside
        if (cursor := _cursor(reply)) is not None and cursor in seen.position
    ]
    first, last = min(places), max(places)
    if all(other < first for other in others):
        known = max(others, default=-1) + 1
        yield (
            f"for cursors after the {ordinal(known)} model",
            lambda reply: seen.position.get(_cursor(reply) or "", -1) >= first,
        )
    if all(other > last for other in others):
        yield (
            f"for cursors up to the {ordinal(last + 1)} model",
            lambda reply: -1 < seen.position.get(_cursor(reply) or "", -1) <= last,
        )
    if 0 < first < last and not any(first <= other <= last for other in others):
        yield (
            f"for cursors from the {ordinal(first + 1)} to the {ordinal(last + 1)} model",
            lambda reply: first <= seen.position.get(_cursor(reply) or "", -1) <= last,
        )
    yield "for ids that need encoding", lambda reply: not PLAIN_ID.fullmatch(_cursor(reply) or "a")


def _is_second(reply: Reply, seen: Observed) -> bool:
    """Whether the page is the one that follows the first page of its size."""
    size, place = (
        _number(reply) or seen.revision.limit.default,
        seen.position.get(_cursor(reply) or ""),
    )
    return place is not None and place + 1 == size and _value(reply, "after_id") is not None


def ordinal(number: int) -> str:
    """
    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 21, 112)]
    ['1st', '2nd', '3rd', '4th', '11th', '21st', '112th']
    """
    tens = number // 10 % 10
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if tens != 1 else "th"
    return f"{number}{ending}"
