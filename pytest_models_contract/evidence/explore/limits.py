"""The limit that a window is asked with: mostly one that is new in as many forms as can be."""

from __future__ import annotations

import random
from collections.abc import Sequence

from pytest_models_contract.evidence.explore.decks import landmarks
from pytest_models_contract.evidence.explore.windows import Space, Window

KINDS = {"new": 70, "left": 18, "beyond": 8, "none": 4}
"""How the limits of a hundred windows are chosen."""
OFF_LEFT = (-1, 0, 0, 1)
"""How far a limit is from the number of models that are left."""
PARTS = (2, 3)
CANDIDATES = 64
"""So many limits are compared."""
LANDMARK = 2.0
"""How much more a landmark that was not tried counts than another number."""


class Limits:
    """The limits of one draw, and which were tried."""

    def __init__(self, space: Space, rng: random.Random) -> None:
        self._space, self._rng = space, rng
        self._tried: set[tuple[object, ...]] = set()
        self._landmarks = frozenset(landmarks(space.maximum))
        beyond = [number for number in sorted(self._landmarks) if number > space.size]
        self._beyond = rng.sample(beyond, len(beyond))

    def note(self, window: Window) -> None:
        """Remember that the window is asked for."""
        self._tried.update(self._features(window))

    def give(self, window: Window) -> Window:
        """The window with a limit."""
        (kind,) = self._rng.choices(list(KINDS), list(KINDS.values()))
        return window._replace(limit=None if kind == "none" else self._of(kind, window))

    def _of(self, kind: str, window: Window) -> int:
        if kind == "beyond":
            return self._more_than_there_are()
        return self._new(window) if kind == "new" else self._near_what_is_left(window)

    def _new(self, window: Window) -> int:
        """The limit that is new in most forms, up to what is left."""
        most = max(1, min(window.left(self._space.size), self._space.maximum))
        limits = self._rng.sample(range(1, most + 1), min(most, CANDIDATES))
        return max(limits, key=lambda limit: self._novelty(window._replace(limit=limit)))

    def _novelty(self, window: Window) -> float:
        anywhere, here, end = (feature not in self._tried for feature in self._features(window))
        limit_counts = LANDMARK if window.limit in self._landmarks else 0.5
        end_counts = 1 + LANDMARK * (self._space.end(window) in self._landmarks)
        return anywhere + here * limit_counts + end * end_counts

    def _features(self, window: Window) -> Sequence[tuple[object, ...]]:
        limit = window.limit or self._space.default
        return (limit,), (window.cursor, limit), (window.cursor, "end", self._space.end(window))

    def _near_what_is_left(self, window: Window) -> int:
        """What is left, one more or less, or an equal part of it."""
        left = window.left(self._space.size)
        wanted = [left + off for off in OFF_LEFT] + [left // part for part in PARTS]
        return min(max(1, self._rng.choice(wanted)), self._space.maximum)

    def _more_than_there_are(self) -> int:
        """A limit above the number of models: landmarks first, then any."""
        if self._beyond and self._rng.random() < 0.7:
            return self._beyond.pop()
        return self._rng.randint(
            min(self._space.size + 1, self._space.maximum), self._space.maximum
        )
