"""The numbers that an exploration draws from: those at which servers change, then all, spread evenly."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import chain, count, zip_longest
from math import gcd

GOLDEN = 0.618
NEAR = 12
"""So many cards of a deck are looked at for one that suits."""
ROUND = (10, 20, 50, 100, 200, 500, 1000)
ENDS = (0, 1, 2, -3, -2, -1)


def landmarks(top: int) -> list[int]:
    """The numbers from 1 to `top` at which servers change: powers of two, round ones, and those beside."""
    powers = [2**power for power in range(top.bit_length() + 1)]
    near = {base + off for base in (*powers, *ROUND) for off in (-1, 0, 1)}
    return sorted(number for number in near if 1 <= number <= top)


def evenly(size: int, rng: random.Random) -> list[int]:
    """The numbers below `size`, in an order of which every beginning is spread evenly."""
    step = next(step for step in count(max(1, round(size * GOLDEN))) if gcd(step, size) == 1)
    start = rng.randrange(size)
    return [(start + turn * step) % size for turn in range(size)]


def places(size: int, special: Sequence[int], rng: random.Random) -> list[int]:
    """Every place once: landmarks, ends and special ones in turn with all others."""
    ends = [end % size for end in ENDS]
    first = sorted({*landmarks(size - 1), *ends, *special})
    mixed = chain.from_iterable(zip_longest(rng.sample(first, len(first)), evenly(size, rng)))
    return list(dict.fromkeys(place for place in mixed if place is not None))


class Deck:
    """Numbers dealt in turn; when all were dealt, all of them again. `rounds` counts how often."""

    def __init__(self, shuffled: Callable[[], list[int]]) -> None:
        self._shuffled = shuffled
        self._cards = shuffled()
        self.rounds = 0

    def __len__(self) -> int:
        return len(self._cards)

    def deal(self, suits: Callable[[int], bool] = lambda _: True) -> int:
        """The next number that suits if one of the next few does, else the next one."""
        near = self._cards[:NEAR]
        card = next(filter(suits, near), near[0])
        self.drop(card)
        return card

    def drop(self, card: int) -> None:
        """Take out a number that is asked for otherwise."""
        if card in self._cards:
            self._cards.remove(card)
        if not self._cards:
            self._cards, self.rounds = self._shuffled(), self.rounds + 1
