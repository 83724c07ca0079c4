"""The simplest rule that tells wrong windows from right ones: cursors and at most three conditions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import gcd
from typing import NamedTuple, TypeAlias

from pytest_models_contract.evidence.explore.windows import Cursor, Space, Window

MOST_CONDITIONS = 3
NEAR = (-1, 0, 1)
"""What is left counts where the limit is about the same."""


def limit(window: Window, space: Space) -> int:
    """The limit that is sent, or the default."""
    return window.limit or space.default


def position(window: Window, _: Space) -> int:
    """Where the cursor stands in the catalogue, counted from 1; 0 without one."""
    return window.place + 1 if window.cursor else 0


def spare(window: Window, space: Space) -> int:
    """How much greater the limit is than what is left."""
    return limit(window, space) - window.left(space.size)


def size(window: Window, space: Space) -> int:
    """How many models the page must hold."""
    return len(space.page(window))


def end(window: Window, space: Space) -> int:
    """The far end of the page."""
    return space.end(window)


Feature: TypeAlias = Callable[[Window, Space], int]
FEATURES: Sequence[Feature] = (limit, position, spare, end, size)
"""Those that a rule speaks of, the plainest first."""


class Span(NamedTuple):
    """A feature is within bounds."""

    feature: Feature
    low: int
    high: int

    def holds(self, window: Window, space: Space) -> bool:
        return self.low <= self.feature(window, space) <= self.high

    @property
    def cost(self) -> float:
        """How far-fetched it is."""
        return FEATURES.index(self.feature)


class Remainder(NamedTuple):
    """A feature leaves a remainder when divided."""

    feature: Feature
    divisor: int
    rest: int

    def holds(self, window: Window, space: Space) -> bool:
        return self.feature(window, space) % self.divisor == self.rest

    @property
    def cost(self) -> float:
        return FEATURES.index(self.feature) + 0.5 + self.divisor / 1000


Condition: TypeAlias = Span | Remainder


@dataclass(frozen=True)
class Rule:
    """Windows with one of these cursors that fulfil every condition."""

    cursors: frozenset[Cursor]
    conditions: tuple[Condition, ...] = ()

    def holds(self, window: Window, space: Space) -> bool:
        return window.cursor in self.cursors and all(
            condition.holds(window, space) for condition in self.conditions
        )

    @property
    def cost(self) -> tuple[int, float]:
        return len(self.conditions), sum(condition.cost for condition in self.conditions)


def simplest(wrong: Collection[Window], right: Collection[Window], space: Space) -> Rule | None:
    """The simplest rule that holds for all wrong windows and for no right one; None if none does."""
    cursors = frozenset(window.cursor for window in wrong)
    others = [window for window in right if window.cursor in cursors]
    candidates = list(_conditions(wrong, space))
    fooled = {one: _mask(one, others, space) for one in candidates}
    rules = [
        Rule(cursors, chosen)
        for number in range(MOST_CONDITIONS + 1)
        for chosen in combinations(candidates, number)
        if not _all_fooled(fooled, chosen, len(others))
    ]
    return min(rules, key=lambda rule: rule.cost, default=None)


def _conditions(wrong: Collection[Window], space: Space) -> Iterator[Condition]:
    for feature in FEATURES:
        values = {feature(window, space) for window in wrong}
        if feature is not spare or (len(values) == 1 and values < set(NEAR)):
            yield Span(feature, min(values), max(values))
        if feature in (limit, position):
            least = min(values)
            common = gcd(*(value - least for value in values))
            divisors = (divisor for divisor in range(2, common + 1) if common % divisor == 0)
            yield from (Remainder(feature, divisor, least % divisor) for divisor in divisors)


def _mask(condition: Condition, windows: Iterable[Window], space: Space) -> int:
    """For which of the windows the condition holds, as bits."""
    return sum(1 << n for n, window in enumerate(windows) if condition.holds(window, space))


def _all_fooled(fooled: Mapping[Condition, int], chosen: Sequence[Condition], number: int) -> int:
    """The windows for which all of these conditions hold, as bits."""
    mask = (1 << number) - 1
    for condition in chosen:
        mask &= fooled[condition]
    return mask
