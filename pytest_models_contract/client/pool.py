"""What the answers of a run take in memory: equal ones take it once, and all of them so much at most."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Callable, Iterable
from sys import getsizeof
from typing import Any, NamedTuple

SHARED = 8
"""Down to this depth equal objects are found: the parts of a model lie within it."""
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

    `read` holds the value of each packed body, and why it is no strict JSON, once it was read. What
    comes out is shared: it is read, never changed.
    """

    def __init__(self) -> None:
        self.weight = 0
        self._kept: dict[int, Kept] = {}
        self.read: dict[bytes, tuple[Any, str]] = {}
        self._packed: dict[bytes, bytes] = {}
        self._newest = (b"", b"")

    @property
    def full(self) -> bool:
        return self.weight > MOST

    @property
    def crowded(self) -> bool:
        return self.weight > ENOUGH

    def pack(self, body: bytes) -> bytes:
        """The body compressed, for `unpack`. A list shrinks to a tenth or less."""
        new = zlib.compress(body, 1)
        packed = self._packed.setdefault(new, new)
        if packed is new:
            self.weigh([packed])
        self._newest = packed, body
        return packed

    def unpack(self, packed: bytes) -> bytes:
        """The body that was packed; the newest one, which is read next, is at hand."""
        newest, body = self._newest
        return body if packed is newest else zlib.decompress(packed)

    def keep(self, value: Any, depth: int = 0) -> Kept:
        """The value as `json.loads` made it, what its objects hold replaced by equals met before.

        An object that stands alone or in an array is itself, since it seldom comes again.
        RecursionError or ValueError: it is nested too deep.
        """
        if isinstance(value, dict):
            self.weigh([value, *value.values()])
            return self._filled(value, value.items(), depth, len(value), self._held)
        if isinstance(value, list):
            self.weigh([value, *value])
            self.weight += LOOKED_AT * len(value)
            return self._filled(value, enumerate(value), depth, 0, self.keep)
        return Kept(value)

    def weigh(self, values: Iterable[Any]) -> None:
        """Add these values, without what is in them."""
        self.weight += sum(map(getsizeof, values))

    def _held(self, new: Any, depth: int) -> Kept:
        """What an object holds: the one in the pool that equals it, where it is an object too."""
        if depth > SHARED or isinstance(new, list):
            return self.keep(new, depth)
        mark = hash(marshal.dumps(new, _UNSHARED))
        kept = self._kept.get(mark)
        if kept is None or kept.value != new:
            kept = self._kept[mark] = self.keep(new, depth)
        return kept

    def _filled(
        self, new: Any, items: Iterable[Any], depth: int, members: int, keep: Callable[..., Kept]
    ) -> Kept:
        """The object or array, with what is nested in it out of the pool, which weighs that itself."""
        deepest = 1 if new else 0
        for place, each in items:
            if isinstance(each, _NESTED):
                self.weight -= getsizeof(each)
                part = keep(each, depth + 1)
                new[place] = part.value
                members += part.members
                deepest = max(deepest, part.depth + 1)
        return Kept(new, members, deepest)


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON."""
    return one is other or image(one) == image(other)


def image(value: Any) -> bytes:
    """What equal JSON values have in common: to Python 1, 1.0 and True are equal, to marshal not."""
    return marshal.dumps(value, _UNSHARED)
