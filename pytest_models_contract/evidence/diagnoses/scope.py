"""In which requests a defect shows: what tells them apart from those in which it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.evidence.diagnoses.counting import ordinal, share
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.traits import (
    KINDS,
    Trait,
    common_sign,
    cursor_of,
    limit_of,
)

AFTER_LAST, BEFORE_FIRST = "after the last model", "before the first model"
PAST_ENDS = "past the ends of the list"
ENDS = {AFTER_LAST, BEFORE_FIRST, PAST_ENDS}


class Scope(NamedTuple):
    """A phrase such as "with `limit`", empty for all requests; `cost` is 0 then, and grows with detail."""

    phrase: str
    cost: int

    def __str__(self) -> str:
        """The phrase as it goes on in a sentence."""
        return f" {self.phrase}" if self.phrase else ""


class Extent(NamedTuple):
    """Where a defect shows, to go on with in a sentence, and in how many of the responses there."""

    where: str
    number: str


EVERYWHERE = Scope("", 0)
_ANY = Trait("", lambda _: True)


def extent(
    inside: Sequence[Response], all_of: Sequence[Response], seen: Observed, noun: str
) -> Extent:
    """The extent of a defect that shows inside, and could show in all of these responses."""
    known = set(map(id, inside))
    outside = [response for response in all_of if id(response) not in known]
    where = scope(inside, outside, seen)
    if where is None:
        return Extent("", share(len(inside), len(inside) + len(outside), noun))
    return Extent(
        str(where), share(len(inside), len(inside), f"such {noun}" if where.phrase else noun)
    )


def extents(
    inside: Sequence[Response], all_of: Sequence[Response], seen: Observed, noun: str
) -> list[tuple[Sequence[Response], Extent]]:
    """The same; where only several kinds of requests together tell it, the extent of each kind."""
    whole = extent(inside, all_of, seen, noun)
    if whole.where or len(inside) == len(all_of):
        return [(inside, whole)]
    known = set(map(id, inside))
    outside = [response for response in all_of if id(response) not in known]
    parts = _parts(inside, outside)
    return [(own, extent(own, [*own, *outside], seen, noun)) for own in parts] or [(inside, whole)]


def _parts(inside: Sequence[Response], outside: Sequence[Response]) -> list[list[Response]]:
    """The responses inside by kinds of requests that none outside is of; none where that leaves some."""
    left, parts = list(inside), []
    for kind in KINDS:
        own = list(filter(kind.holds, left))
        if own and not any(map(kind.holds, outside)):
            parts.append(own)
            left = [response for response in left if not kind.holds(response)]
    return [] if left else parts


def scope(inside: Sequence[Response], outside: Sequence[Response], seen: Observed) -> Scope | None:
    """What is true for the requests inside and for none outside; None when nothing known does."""
    if not outside:
        return EVERYWHERE
    for cost, traits in _candidates(inside, outside, seen):
        for trait in traits:
            if all(map(trait.holds, inside)) and not any(map(trait.holds, outside)):
                return Scope(trait.phrase.removeprefix(" and "), cost)
    return None


def _candidates(
    inside: Sequence[Response], outside: Sequence[Response], seen: Observed
) -> Iterator[tuple[int, Sequence[Trait]]]:
    """What may tell the requests apart, the plainest first."""
    kinds = [kind for kind in KINDS if all(map(kind.holds, inside))]
    yield 1, [*_ends(seen), *kinds]
    yield 2, _values(_ANY, inside, outside, seen)
    yield 3, [_both(one, other) for one, other in combinations(kinds, 2)]
    yield 4, [each for kind in kinds for each in _values(kind, inside, outside, seen)]


def _values(
    kind: Trait, inside: Sequence[Response], outside: Sequence[Response], seen: Observed
) -> list[Trait]:
    """What tells the requests inside from those outside that are of one kind with them."""
    rest = list(filter(kind.holds, outside))
    found = (*_limits(inside, rest), *_cursors(inside, rest, seen), _too_few(seen))
    return [_both(kind, value) for value in found]


def _both(one: Trait, other: Trait) -> Trait:
    def holds(response: Response) -> bool:
        return one.holds(response) and other.holds(response)

    return Trait(f"{one.phrase} and {other.phrase}", holds)


def _limits(inside: Sequence[Response], outside: Sequence[Response]) -> Iterator[Trait]:
    """Bounds of `limit` that part the requests."""
    numbers = [number for response in inside if (number := limit_of(response)) is not None]
    others = [number for response in outside if (number := limit_of(response)) is not None]
    if len(numbers) < len(inside) or not numbers:
        return
    least, most = min(numbers), max(numbers)
    if least == most:
        yield Trait(f"with `limit={least}`", lambda response: limit_of(response) == least)
    if all(other < least for other in others):
        yield Trait(
            f"where `limit` is {least} or more", lambda response: (limit_of(response) or 0) >= least
        )
    if all(other > most for other in others):
        yield Trait(
            f"where `limit` is {most} or less",
            lambda response: 0 < (limit_of(response) or 0) <= most,
        )


def _cursors(
    inside: Sequence[Response], outside: Sequence[Response], seen: Observed
) -> Iterator[Trait]:
    """What the cursors have in common: the model they name, where it stands, how it is spelled."""
    places = [_place(response, seen) for response in inside]
    if not seen.ids or min(places) < 0:
        return
    yield Trait("on the second page", lambda response: _is_second(response, seen))
    yield from _ends(seen)
    names, others = ({cursor_of(own) or "a" for own in part} for part in (inside, outside))
    if sign := common_sign(sorted(names), sorted(others)):
        yield Trait(f"for cursors with {sign}", lambda response: cursor_of(response) in names)
    yield from _ranges(min(places), max(places), [_place(own, seen) for own in outside], seen)


def _ends(seen: Observed) -> list[Trait]:
    """Pages that must be empty."""

    def after(response: Response) -> bool:
        return response.request.value("after_id") in seen.ids[-1:]

    def before(response: Response) -> bool:
        return response.request.value("before_id") in seen.ids[:1]

    both = Trait(PAST_ENDS, lambda response: after(response) or before(response))
    return [Trait(AFTER_LAST, after), Trait(BEFORE_FIRST, before), both]


def _too_few(seen: Observed) -> Trait:
    """A page that cannot be full, as far as the whole list was read."""
    whole = bool(seen.crawl) and not seen.crawl[-1].has_more

    def holds(response: Response) -> bool:
        size = limit_of(response) or seen.revision.limit.default
        return whole and left_of(response, seen) < size

    return Trait("where fewer models than `limit` are left", holds)


def left_of(response: Response, seen: Observed) -> int:
    """How many models of the catalogue are left in the direction of the request."""
    place = _place(response, seen)
    backward = response.request.value("before_id") is not None
    return place if backward else len(seen.ids) - 1 - place


def _ranges(first: int, last: int, outside: Sequence[int], seen: Observed) -> Iterator[Trait]:
    """Ranges of the list, as narrow as the places of the cursors inside, that hold none outside."""
    others = [place for place in outside if place >= 0]
    if all(place < first for place in others):
        known = max(others, default=-1) + 1
        yield Trait(
            f"for cursors after the {ordinal(known)} model" if known else "for listed cursors",
            lambda response: _place(response, seen) >= first,
        )
    if not any(place <= last for place in others):
        yield Trait(
            f"for cursors up to the {ordinal(last + 1)} model",
            lambda response: 0 <= _place(response, seen) <= last,
        )
    if 0 < first < last and not any(first <= place <= last for place in others):
        yield Trait(
            f"for cursors from the {ordinal(first + 1)} to the {ordinal(last + 1)} model",
            lambda response: first <= _place(response, seen) <= last,
        )


def _place(response: Response, seen: Observed) -> int:
    """The place of the cursor in the catalogue; -1 where there is no cursor, or it names no model."""
    return seen.position.get(cursor_of(response) or "", -1)


def _is_second(response: Response, seen: Observed) -> bool:
    """Whether the page is the one that follows the first page of its size."""
    size = limit_of(response) or seen.revision.limit.default
    after = response.request.value("after_id") is not None
    return after and _place(response, seen) + 1 == size
