"""Every window there is: each cursor and none, both directions, each limit that makes a difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_models_contract.evidence.explore.windows import CURSORS, Single, Space, Step, Window

LARGER = (20, 100, 101, 500, 999, 1000)
"""Limits that are tried however few models there are."""
MOST = 100_000
"""So many requests may it take."""


def limits(size: int, maximum: int) -> Sequence[int]:
    """Each limit up to one more than there are models, and a few larger ones."""
    each = range(1, min(size + 1, maximum) + 1)
    return [*each, *larger(size)]


def larger(size: int) -> Sequence[int]:
    """The limits beyond one more than there are models."""
    return [limit for limit in LARGER if limit > size + 1]


def number(size: int, maximum: int) -> int:
    """How many requests it takes.

    >>> number(27, 1000)
    1842
    """
    return (2 * size + 1) * len(limits(size, maximum)) + size


def steps(space: Space) -> Iterator[Step]:
    """Every window and every model, each a step of its own."""
    for cursor in CURSORS:
        for place in range(space.size if cursor else 1):
            for limit in limits(space.size, space.maximum):
                yield (Window(cursor, place, limit),)
    yield from ((Single(place),) for place in range(space.size))


def summary(space: Space) -> str:
    """What was asked: `every window with limits 1 to 28, and five larger limits`."""
    last = min(space.size + 1, space.maximum)
    beyond = len(larger(space.size))
    more = f", and {beyond} larger {'limits' if beyond > 1 else 'limit'}" if beyond else ""
    return f"every window with limits 1 to {last}{more}, and every model"
