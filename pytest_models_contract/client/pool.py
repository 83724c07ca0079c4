"""The responses of a run in memory: equal parts are kept once, and all together have a bound."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Callable, Iterable
from sys import getsizeof
from typing import Any, NamedTuple

SHARED = 8
"""Equal objects are shared down to this depth, which covers the parts of a model."""
LOOKED_AT = 200
"""The memory that the checks take for an element of an array, in bytes, beyond the element itself."""
MOST = 128 * 2**20
"""What the responses of a run may take, in bytes."""
ENOUGH = MOST // 5 * 4
"""From this size on no list is read any further: the rest is for other requests."""
_NESTED = (dict, list)
_UNSHARED = 2
"""The version of marshal's format that writes equal values alike, however often they are referenced."""


class Kept(NamedTuple):
    """A value in the pool, how many members all objects in it have, and how deep it is nested."""

    value: Any
    members: int = 0
    depth: int = 0


class Pool:
    """The responses of a run; `size` is the memory they take, in bytes, roughly.

    `read` holds the value of each packed body that was read, and why it is not strict JSON. Values
    are shared, so nobody may change them.
    """

    def __init__(self) -> None:
        self.size = 0
        self._kept: dict[int, Kept] = {}
        self.read: dict[bytes, tuple[Any, str]] = {}
        self._packed: dict[bytes, bytes] = {}
        self._newest = (b"", b"")

    @property
    def full(self) -> bool:
        return self.size > MOST

    @property
    def nearly_full(self) -> bool:
        return self.size > ENOUGH

    def pack(self, body: bytes) -> bytes:
        """The body compressed, for `unpack`. A list shrinks to a tenth or less."""
        new = zlib.compress(body, 1)
        packed = self._packed.setdefault(new, new)
        if packed is new:
            self.count([packed])
        self._newest = packed, body
        return packed

    def unpack(self, packed: bytes) -> bytes:
        """The body that was packed; the newest one, usually read next, is kept unpacked."""
        newest, body = self._newest
        return body if packed is newest else zlib.decompress(packed)

    def keep(self, value: Any, depth: int = 0) -> Kept:
        """The value as `json.loads` made it; objects inside objects are replaced by equal ones seen before.

        An object at the top or in an array is kept as it is: it seldom comes twice. Raises
        RecursionError or ValueError where the value is nested too deep.
        """
        if isinstance(value, dict):
            self.count([value, *value.values()])
            return self._filled(value, value.items(), depth, len(value), self._shared)
        if isinstance(value, list):
            self.count([value, *value])
            self.size += LOOKED_AT * len(value)
            return self._filled(value, enumerate(value), depth, 0, self.keep)
        return Kept(value)

    def count(self, values: Iterable[Any]) -> None:
        """Add the size of these values, without what is nested in them."""
        self.size += sum(map(getsizeof, values))

    def _shared(self, new: Any, depth: int) -> Kept:
        """A value inside an object: where it is an object, the one in the pool that equals it."""
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
        """The object or array with its nested values from the pool, which counts their size itself."""
        deepest = 1 if new else 0
        for place, each in items:
            if isinstance(each, _NESTED):
                self.size -= getsizeof(each)
                part = keep(each, depth + 1)
                new[place] = part.value
                members += part.members
                deepest = max(deepest, part.depth + 1)
        return Kept(new, members, deepest)


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON."""
    return one is other or image(one) == image(other)


def image(value: Any) -> bytes:
    """What equal JSON values have in common: 1, 1.0 and True are equal to Python, but not to marshal."""
    return marshal.dumps(value, _UNSHARED)
