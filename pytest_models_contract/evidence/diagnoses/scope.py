"""In which requests a defect shows: what tells them apart from those in which it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

from pytest_models_contract.client.exchange import DEFAULT_VERSION, Response
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
PAST_ENDS = "past the ends of the list"
ENDS = {AFTER_LAST, BEFORE_FIRST, PAST_ENDS}
Feature = tuple[str, Callable[[Response], bool]]
EVERYWHERE = Scope("", 0)


def scope(inside: Sequence[Response], outside: Sequence[Response], seen: Observed) -> Scope | None:
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
    inside: Sequence[Response], outside: Sequence[Response], kind: Feature, seen: Observed
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
    return f"{one} and {other}", lambda response: first(response) and second(response)


def _value(response: Response, name: str) -> str | None:
    return response.request.value(name)


def _kinds() -> Iterator[Feature]:
    yield from _variants()
    yield "with `after_id`", lambda response: _value(response, "after_id") is not None
    yield "with `before_id`", lambda response: _value(response, "before_id") is not None
    yield "with a cursor", _has_cursor
    yield "without a cursor", lambda response: not _has_cursor(response)
    yield "with `limit`", lambda response: _value(response, "limit") is not None
    yield "without `limit`", lambda response: _value(response, "limit") is None
    yield "going forward", lambda response: _value(response, "before_id") is None
    yield "with a query", lambda response: bool(response.request.query)
    yield f"with `anthropic-version: {DEFAULT_VERSION}`", _usual_version


def _variants() -> Iterator[Feature]:
    yield "with `beta=true`", lambda response: "beta" in extras(response)
    yield "with an unknown parameter", lambda response: bool(set(extras(response)) - {"beta"})
    yield "with `anthropic-beta`", lambda response: bool(response.request.variant.betas)
    yield "without `anthropic-version`", lambda response: not response.request.variant.version
    yield "with `anthropic-version: 2026-10-21`", _newer_version
    yield "with the key as bearer token", partial(_other_header, "authorization")
    yield "with the key as `x-api-key`", partial(_other_header, "x-api-key")


def _newer_version(response: Response) -> bool:
    return response.request.variant.version not in ("", DEFAULT_VERSION)


def _usual_version(response: Response) -> bool:
    return response.request.variant.version == DEFAULT_VERSION


def _other_header(header: str, response: Response) -> bool:
    return response.request.variant.auth == "other-way" and header in dict(response.sent)


def _has_cursor(response: Response) -> bool:
    return _cursor(response) is not None


def _cursor(response: Response) -> str | None:
    after = _value(response, "after_id")
    return _value(response, "before_id") if after is None else after


def _limits(inside: Sequence[Response], outside: Sequence[Response]) -> Iterator[Feature]:
    """Bounds of `limit` that part the requests."""
    own, others = _numbers(inside), _numbers(outside)
    if len(own) < len(inside) or not own:
        return
    least, most = min(own), max(own)
    if least == most:
        yield f"with `limit={least}`", lambda response: _value(response, "limit") == str(least)
    if all(other < least for other in others):
        yield (
            f"where `limit` is {least} or more",
            lambda response: (_number(response) or 0) >= least,
        )
    if all(other > most for other in others):
        yield (
            f"where `limit` is {most} or less",
            lambda response: 0 < (_number(response) or 0) <= most,
        )


def _number(response: Response) -> int | None:
    text = _value(response, "limit") or ""
    return int(text) if text.isascii() and text.isdecimal() else None


def _numbers(responses: Sequence[Response]) -> list[int]:
    return [number for response in responses if (number := _number(response)) is not None]


def _places(
    inside: Sequence[Response], outside: Sequence[Response], seen: Observed
) -> Iterator[Feature]:
    """What the cursors have in common: the model they name, how it is spelled, where it stands."""
    cursors = [_cursor(response) for response in inside]
    if not seen.ids or any(cursor not in seen.position for cursor in cursors):
        return
    yield "on the second page", lambda response: _is_second(response, seen)
    yield AFTER_LAST, lambda response: _value(response, "after_id") == seen.ids[-1]
    yield BEFORE_FIRST, lambda response: _value(response, "before_id") == seen.ids[0]
    yield PAST_ENDS, lambda response: _is_past_an_end(response, seen)
    places = [seen.position[cursor] for cursor in cursors if cursor is not None]
    others = [
        seen.position[cursor]
        for response in outside
        if (cursor := _cursor(response)) is not None and cursor in seen.position
    ]
    first, last = min(places), max(places)
    if all(other < first for other in others):
        known = max(others, default=-1) + 1
        yield (
            f"for cursors after the {ordinal(known)} model",
            lambda response: seen.position.get(_cursor(response) or "", -1) >= first,
        )
    if all(other > last for other in others):
        yield (
            f"for cursors up to the {ordinal(last + 1)} model",
            lambda response: -1 < seen.position.get(_cursor(response) or "", -1) <= last,
        )
    if 0 < first < last and not any(first <= other <= last for other in others):
        yield (
            f"for cursors from the {ordinal(first + 1)} to the {ordinal(last + 1)} model",
            lambda response: first <= seen.position.get(_cursor(response) or "", -1) <= last,
        )
    yield (
        "for ids that need encoding",
        lambda response: not PLAIN_ID.fullmatch(_cursor(response) or "a"),
    )


def _is_past_an_end(response: Response, seen: Observed) -> bool:
    last = _value(response, "after_id") == seen.ids[-1]
    return last or _value(response, "before_id") == seen.ids[0]


def _is_second(response: Response, seen: Observed) -> bool:
    """Whether the page is the one that follows the first page of its size."""
    size, place = (
        _number(response) or seen.revision.limit.default,
        seen.position.get(_cursor(response) or ""),
    )
    return place is not None and place + 1 == size and _value(response, "after_id") is not None


def ordinal(number: int) -> str:
    """
    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 21, 112)]
    ['1st', '2nd', '3rd', '4th', '11th', '21st', '112th']
    """
    tens = number // 10 % 10
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if tens != 1 else "th"
    return f"{number}{ending}"
