"""Which requests the evidence needs for a catalogue: pages, walks and models.

Pages and walks meet list ends, exact multiples of the page size and every kind of cursor, because
servers go wrong there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import filterfalse, pairwise
from typing import Any

Step = tuple[int | None, str | None, bool]
"""A walk: its page size, the model to start from, and whether it goes backward."""
WALKED_WHOLE = 2_900
"""The largest catalogue that is walked from end to end, in pages of at most `LARGEST` models."""

LARGEST = 1_000
BEGINNING = 2
"""So many pages of a walk forward are asked for where the list is too long to be read to its end."""

FEW = 3
"""So many models are retrieved where the list changes each time."""
ALL_OF = 64
"""Up to this size of catalogue every model is retrieved."""
SPREAD = 16
"""So many models of a larger catalogue are retrieved, evenly spread, besides the special ones."""
SPREAD_OF_MANY = 4
"""So many, where the list is too long to be read to its end."""
SPECIAL_CHARACTER = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9._-]")
MOST_SPECIAL = 12
NO_MODEL = "models-contract-no-such-model"
UNKNOWN: dict[str, dict[str, Any]] = {
    "after_id": {"after_id": NO_MODEL, "limit": 5},
    "before_id": {"before_id": NO_MODEL},
}
"""Cursors that name no model, with a limit and without."""
ODD_NAME = f"{NO_MODEL}/a b:c@d%e\u00e9'\"\\"
"""A name that no model has, of characters that end a string, a path or a query somewhere."""
PLAIN_ID = re.compile(r"[A-Za-z0-9._-]+")
"""An id that needs no encoding in a path."""


def single_pages(
    ids: Sequence[str], models: Sequence[Any], default: int, maximum: int
) -> list[dict[str, Any]]:
    """The pages that are requested one by one; `models` are those of the ids."""
    return [*windows(ids, default, maximum), *special_windows(ids, models)] if ids else []


def first_pages(ids: Sequence[str], default: int, maximum: int) -> list[dict[str, Any]]:
    """The pages that are requested one by one of a list too long to be read to its end: none at the end."""
    late = {*ids[-3:]}
    pages = (page for page in windows(ids, default, maximum) if page.get("after_id") not in late)
    return [page for page in pages if page.get("limit") not in {len(ids) - 1, len(ids)}]


def few_pages(ids: Sequence[str]) -> list[dict[str, Any]]:
    """The pages to ask for where the list changes each time: what each shows by itself is judged."""
    beside = [{"after_id": ids[0], "limit": 1}, {"before_id": ids[-1], "limit": 1}] if ids else []
    return [{"limit": 1}, {"limit": 2}, *beside]


def windows(ids: Sequence[str], default: int, maximum: int) -> Iterator[dict[str, Any]]:
    """The single pages worth a request: both list ends, exact multiples, and one model more or less."""
    count = len(ids)
    if not ids:
        return
    first, last = ids[0], ids[-1]
    yield from ({"after_id": last}, {"before_id": first})
    sizes = {1, 2, count - 1, count} if count > 3 else {1, count - 1, count}
    yield from ({"limit": size} for size in sorted(sizes) if 1 <= size <= maximum)
    if count == 1:
        return
    yield from ({"after_id": first}, {"before_id": last}, {"before_id": last, "limit": maximum})
    yield from ({"after_id": ids[-2], "limit": 1}, {"before_id": ids[1], "limit": 1})
    if count > 2:  # exactly one model is beyond these pages
        yield from ({"after_id": ids[-3], "limit": 1}, {"before_id": ids[2], "limit": 1})
    if count < 2 * maximum:  # the crawl of a larger one has full pages after cursors
        yield {"after_id": first, "limit": maximum}
    if count > default:
        yield {"before_id": ids[default]}


def forward_walks(ids: Sequence[str], default: int) -> Iterator[Step]:
    count = len(ids)
    if count > WALKED_WHOLE:
        yield from ((size, ids[-1 - 2 * size], False) for size in (7, default))
        yield (8, ids[-1 - 15], False)
        return
    sizes = walk_sizes(count)
    without_limit = default < count <= 8 * default
    if without_limit:
        # It replaces the second walk if the last page of both is full, or of neither.
        last_is_full = count % default == 0
        sizes[1:] = [size for size in sizes[1:] if (count % size == 0) != last_is_full]
    yield from ((size, None, False) for size in sizes)
    if without_limit:
        yield (None, None, False)


def backward_walks(ids: Sequence[str]) -> Iterator[Step]:
    count = len(ids)
    if count > WALKED_WHOLE:
        yield from ((7, ids[14], True), (8, ids[15], True))
    elif count > 1:
        yield (_backward_size(count), ids[-1], True)


def walks(ids: Sequence[str], default: int, *, unfinished: bool) -> list[tuple[Step, int]]:
    """The walks in both directions, and how many pages each takes at most.

    Each page brings a model, or it is the last. `unfinished` says that the list is too long to be read
    to its end.
    """
    back = [*backward_walks(ids)]
    forward = [(step, len(ids) + 1) for step in forward_walks(ids, default)]
    if unfinished:
        back = [(3, ids[:9][-1], True)]
        forward = [((size, None, False), BEGINNING) for size in (7, None)]
    return [*forward, *((step, ids.index(step[1] or ids[0]) + 1) for step in back)]


def pages_of_walks(
    steps: Sequence[tuple[Step, int]], ids: Sequence[str], default: int
) -> list[dict[str, Any]]:
    """The pages of these walks through a list that has these ids."""
    return [page for step, _ in steps for page in pages_of_walk(step, ids, default)]


def pages_of_walk(step: Step, ids: Sequence[str], default: int) -> list[dict[str, Any]]:
    """The pages of a walk through a list that has these ids, in the order of the walk."""
    limit, start, backward = step
    size, place = limit or default, ids.index(start) if start else -1
    if backward:
        return [{"limit": limit, "before_id": ids[end]} for end in range(place, 0, -size)]
    begins = range(place + 1, max(len(ids), place + 2), size)
    return [{"limit": limit, "after_id": ids[begin - 1] if begin else None} for begin in begins]


def _backward_size(count: int) -> int:
    """The page size of a walk back from the last model whose last page is not full.

    A slice from a negative index is wrong there alone.
    """
    left = count - 1
    sizes: list[int] = [*walk_sizes(left), *range(2, left + 2)]
    return next(size for size in sizes if left % size)


def variant_page(ids: Sequence[str]) -> dict[str, Any]:
    """The page that request variants ask for, one of the above: after a cursor, and not the last.

    It holds several models if there are more than four. With fewer than two it is the plain list.
    """
    count = len(ids)
    if count > WALKED_WHOLE:
        return {"after_id": ids[-15], "limit": 7}
    if count > 4:
        size = walk_sizes(count)[0]
        return {"after_id": ids[size - 1], "limit": size}
    return {"after_id": ids[-3:][0], "limit": 1} if count > 1 else {}


def special_windows(ids: Sequence[str], models: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The pages at cursors that need care: ids that need encoding, and models of equal dates."""
    dates = [own.get("created_at") if isinstance(own, dict) else None for own in models]
    for found in special_ids(ids[1:-1]):  # the first and the last are cursors anyway
        yield from ({name: found, "limit": 1} for name in ("after_id", "before_id"))
    tied = [place for place, (one, two) in enumerate(pairwise(dates)) if one == two]
    # A database may order equal dates by id, either way: one pair of models for each way.
    for place in {ids[place] < ids[place + 1]: place for place in reversed(tied)}.values():
        yield from ({"after_id": ids[place], "limit": 1}, {"before_id": ids[place + 1], "limit": 1})


def special_ids(ids: Sequence[str]) -> list[str]:
    """The first id with each character that needs encoding.

    A percent escape counts as one character, and so do all characters beyond ASCII together.
    """
    first: dict[str, str] = {}
    for found in filterfalse(PLAIN_ID.fullmatch, ids):
        for character in SPECIAL_CHARACTER.findall(found):
            first.setdefault(character if character.isascii() else "", found)
    return list(dict.fromkeys(first.values()))[:MOST_SPECIAL]


def sample(ids: Sequence[str], most: int = SPREAD) -> list[str]:
    """The ids to retrieve: all of a small catalogue; of a large one a spread, the models at both sides of
    the first default page boundary, the last one, and special ids."""
    if len(ids) <= ALL_OF:
        return list(ids)
    spread = ids[:: -(-len(ids) // most)]
    return list(dict.fromkeys([*spread, *ids[19:21], ids[-1], *special_ids(ids)]))


def asked_again(retrieved: Sequence[str]) -> list[str]:
    """Of the ids to retrieve, the one that is asked for twice: a late one, which a list by use would move.

    >>> asked_again(["newest", "oldest", "vendor/odd"])
    ['oldest']
    """
    return ([*filter(PLAIN_ID.fullmatch, retrieved)] or [*retrieved])[-1:]


def walk_sizes(count: int) -> list[int]:
    """Page sizes that make about three pages of `count` models: one that divides it, one that does not.

    >>> walk_sizes(27), walk_sizes(20), walk_sizes(1), walk_sizes(0)
    ([9, 10], [7, 10], [1], [])
    """
    if count == 0:
        return []
    third = -(-count // 3)
    if count % third == 0:
        return [third, third + 1] if third > 1 else [third]
    divisors = [size for size in range(-(-count // 6), min(count, LARGEST)) if count % size == 0]
    return [third, *divisors[-1:]]
