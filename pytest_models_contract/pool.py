"""What the answers of a run take in memory: equal ones take it once, and all of them so much at most."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from sys import getsizeof
from typing import Any

Pair = tuple[str, Any]
LONG = 32
"""From this length on two arrays count as different without a look."""
LOOKED_AT = 200
"""What it takes to look at an element of an array, in bytes, beyond the element itself."""
MOST = 128 * 2**20
"""What the answers of a run may take, in bytes."""
ENOUGH = MOST // 4 * 3
"""From here on the rest is for other questions: no list is read any further."""


class Pool:
    """The answers of a run; `weight` is what they take, in bytes, near enough to bound it.

    What comes out is shared: it is read, never changed.
    """

    def __init__(self) -> None:
        self.weight = 0
        self._kept: dict[int, dict[str, Any]] = {}
        self._packed: dict[bytes, bytes] = {}

    @property
    def full(self) -> bool:
        return self.weight > MOST

    @property
    def crowded(self) -> bool:
        return self.weight > ENOUGH

    def pack(self, body: bytes) -> bytes:
        """The body compressed, as `zlib.decompress` reads it. A list shrinks to a tenth or less."""
        new = zlib.compress(body, 1)
        packed = self._packed.setdefault(new, new)
        if packed is new:
            self.weigh([packed])
        return packed

    def one(self, pairs: Sequence[Pair]) -> dict[str, Any]:
        """The object of these members: an equal one that was met before, or a new one."""
        new = dict(pairs)
        kept = self._kept.setdefault(_print(pairs), new)
        if kept is not new and _same(kept, new):
            return kept
        self.weigh([new, *(value for value in new.values() if not isinstance(value, dict | list))])
        return new

    def weigh(self, values: Iterable[Any]) -> None:
        """Add these values, without what is in them."""
        self.weight += sum(map(getsizeof, values))

    def weigh_array(self, values: list[Any]) -> None:
        """Add an array and all in it but objects and arrays."""
        self.weigh([values, *(each for each in values if not isinstance(each, list | dict))])
        self.weight += LOOKED_AT * len(values)


def _print(pairs: Iterable[Pair]) -> int:
    """A fingerprint, by which equal objects are found but not yet known to be equal."""
    try:
        return hash(tuple(pairs))
    except TypeError:
        return hash(tuple((name, _mark(value)) for name, value in pairs))


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return len(one) == len(other) and all(
        name in one and _mark(one[name]) == _mark(value) for name, value in other.items()
    )


def _mark(value: Any) -> Any:
    """What equals only the mark of an equal value of the same type: to Python 1, 1.0 and True are equal."""
    if isinstance(value, dict):
        return dict, id(value)
    if isinstance(value, list):
        return (list, *map(_mark, value)) if len(value) < LONG else (list, id(value))
    return type(value), repr(value) if isinstance(value, float) else value
