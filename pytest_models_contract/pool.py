"""What the answers of a run take in memory: equal ones take it once, and all of them so much at most."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterable
from sys import getsizeof
from typing import Any, NamedTuple

SHARED = 8
"""Down to this depth equal objects are found: a model and its parts lie within it."""
LOOKED_AT = 200
"""What it takes to look at an element of an array, in bytes, beyond the element itself."""
MOST = 128 * 2**20
"""What the answers of a run may take, in bytes."""
ENOUGH = MOST // 4 * 3
"""From here on the rest is for other questions: no list is read any further."""
_NESTED = (dict, list)
_UNSHARED = 2
"""The version of marshal's format that writes equal values alike, whoever else holds them."""


class Kept(NamedTuple):
    """A value in the pool, how many members all objects in it have, and how deep they stand."""

    value: Any
    members: int = 0
    depth: int = 0


class Pool:
    """The answers of a run; `weight` is what they take, in bytes, near enough to bound it.

    What comes out is shared: it is read, never changed.
    """

    def __init__(self) -> None:
        self.weight = 0
        self._kept: dict[int, Kept] = {}
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

    def keep(self, value: Any, depth: int = 0) -> Kept:
        """The value as `json.loads` made it, its objects replaced by equal ones that were met before.

        RecursionError or ValueError: it is nested too deep.
        """
        if isinstance(value, dict):
            return self._object(value, depth)
        return self._array(value, depth) if isinstance(value, list) else Kept(value)

    def weigh(self, values: Iterable[Any]) -> None:
        """Add these values, without what is in them."""
        self.weight += sum(map(getsizeof, values))

    def _object(self, new: dict[str, Any], depth: int) -> Kept:
        if depth > SHARED:
            return self._new_object(new, depth)
        # To Python 1, 1.0 and True are equal; to marshal they are not.
        mark = hash(marshal.dumps(new, _UNSHARED))
        kept = self._kept.get(mark)
        if kept is None or kept.value != new:
            kept = self._kept[mark] = self._new_object(new, depth)
        return kept

    def _new_object(self, new: dict[str, Any], depth: int) -> Kept:
        self.weigh([new, *(each for each in new.values() if not isinstance(each, _NESTED))])
        parts = {
            name: self.keep(each, depth + 1)
            for name, each in new.items()
            if isinstance(each, _NESTED)
        }
        new.update((name, part.value) for name, part in parts.items())
        return _whole(new, parts.values(), len(new))

    def _array(self, new: list[Any], depth: int) -> Kept:
        self.weigh([new, *(each for each in new if not isinstance(each, _NESTED))])
        self.weight += LOOKED_AT * len(new)
        parts = [self.keep(each, depth + 1) for each in new]
        new[:] = [part.value for part in parts]
        return _whole(new, parts)


def _whole(value: dict[str, Any] | list[Any], parts: Iterable[Kept], members: int = 0) -> Kept:
    depth = 1 if value else 0
    for part in parts:
        members += part.members
        depth = max(depth, part.depth + 1)
    return Kept(value, members, depth)
