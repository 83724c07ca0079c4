"""What can be explored of a catalogue: where its ids and dates are special, what the suite asks anyway."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence import plan
from pytest_models_contract.evidence.explore.windows import CURSORS, Single, Space, Target, Window
from pytest_models_contract.evidence.gathering import Evidence

MOST_SPECIAL = 64
_KINDS = ((r"[0-9]+", "9"), (r"[a-z]+", "a"), (r"[A-Z]+", "A"))


def space_of(evidence: Evidence) -> Space:
    """The space of the catalogue that was read. Raises `Unexercised` where it is no measure."""
    if evidence.unusable_ids or not evidence.ids:
        raise Unexercised(evidence.why_no_models)
    if evidence.end_not_reached:
        raise Unexercised(evidence.unfinished or "the end of the list was not reached")
    limit = evidence.revision.limit
    return Space(
        len(evidence.ids),
        limit.default,
        limit.maximum,
        special(evidence.ids, evidence.models),
        frozenset(asked_by_the_suite(evidence)),
    )


def special(ids: Sequence[str], models: Sequence[Any]) -> list[int]:
    """The places of the first and last id of each shape, of the shortest and longest, and of equal dates."""
    forms = [shape(found) for found in ids]
    first = {each: place for place, each in reversed(list(enumerate(forms)))}
    last = {each: place for place, each in enumerate(forms)}
    by_length = sorted(range(len(ids)), key=lambda place: len(ids[place]))
    found = [*first.values(), *last.values(), *by_length[:1], *by_length[-1:], *_ties(models)]
    return list(dict.fromkeys(found))[:MOST_SPECIAL]


def shape(found: str) -> str:
    """What kinds of signs an id is made of, in order.

    >>> shape("claude-opus-4-20250514"), shape("a/b c")
    ('a-a-9-9', 'a/a a')
    """
    for pattern, sign in _KINDS:
        found = re.sub(pattern, sign, found)
    return found


def _ties(models: Sequence[Any]) -> Iterator[int]:
    """The places where models of one date begin or end."""
    dates = [model.get("created_at") if isinstance(model, dict) else None for model in models]
    tied = [one == other for one, other in pairwise(dates)]
    yield from (place + 1 for place, (one, two) in enumerate(pairwise(tied)) if one != two)


def asked_by_the_suite(evidence: Evidence) -> Iterator[Target]:
    """The windows and models that the suite asks for whatever the server answers."""
    limit = evidence.revision.limit
    for asked in plan.single_pages(evidence.ids, evidence.models, limit.default, limit.maximum):
        cursor = next((name for name in CURSORS[1:] if name in asked), CURSORS[0])
        place = evidence.position[asked[cursor]] if cursor else 0
        yield Window(cursor, place, asked.get("limit"))
    yield from (Single(evidence.position[found]) for found in evidence.sample)
