"""Which windows an exploration asks for: where servers go wrong first, then evenly everywhere.

Places are dealt from decks and limits are new ones, so that a few hundred requests try most of both. No
window is drawn twice, except on purpose. Steps of several requests (a page and the next one, the same
cursor with another limit) are drawn because caches depend on what was asked before.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

from pytest_models_contract.evidence.explore.decks import Deck, places
from pytest_models_contract.evidence.explore.limits import Limits
from pytest_models_contract.evidence.explore.windows import (
    Cursor,
    Single,
    Space,
    Step,
    Target,
    Window,
    opposite,
)

MOST_IN_VAIN = 500
"""After so many draws in a row that brought nothing new, there is little left to ask."""
NEW = 50
"""For so many new requests one may be sent again."""
LATELY = 50
"""A cursor that is asked with another limit is one of the last so many."""
OFF = (-100, -10, -1, 1, 10, 100)
"""How far the places of neighbours are from each other."""

BESIDE: tuple[tuple[Cursor, int], ...] = (("after_id", 0), ("before_id", 0), ("after_id", -1))
"""Pages beside a model: after it, before it, and with it as the first; by cursor and place."""


def steps(space: Space, seed: int) -> Iterator[Step]:
    """The steps of an exploration: the same seed gives the same ones. They end when all was asked."""
    return Draw(space, seed).steps()


class Draw:
    """One draw, and what it remembers of what was drawn."""

    def __init__(self, space: Space, seed: int) -> None:
        self._space = space
        self._rng = random.Random(seed)  # noqa: S311 - nothing secret is drawn
        self._limits = Limits(space, self._rng)
        self._drawn = set(space.known)
        self._past: list[Target] = []
        self._repeats = 0
        self._places: Mapping[Cursor, Deck] = {"after_id": self._deck(), "before_id": self._deck()}
        self._models = self._deck()
        self._hand: Mapping[Callable[[], Step], int] = {
            self._one: 32,
            self._both_cursors: 3,
            self._neighbours: 3,
            self._next_page: 4,
            self._there_and_back: 3,
            self._another_limit: 2,
            self._first_page: 2,
            self._model: 4,
            self._page_and_a_model_on_it: 2,
            self._model_and_a_page_beside_it: 1,
            self._again: 1,
        }

    def steps(self) -> Iterator[Step]:
        hand = [draw for draw, number in self._hand.items() for _ in range(number)]
        in_vain = 0
        while in_vain < MOST_IN_VAIN:
            for draw in self._rng.sample(hand, len(hand)):
                known = len(self._drawn)
                step = tuple(self._new(draw()))
                in_vain = 0 if len(self._drawn) > known else in_vain + 1
                if step:
                    yield step

    def _new(self, step: Step) -> Iterator[Target]:
        for target in step:
            if target not in self._drawn:
                self._note(target)
                yield target

    def _note(self, target: Target) -> None:
        self._drawn.add(target)
        self._past.append(target)
        if isinstance(target, Single):
            self._models.drop(target.place)
        else:
            self._limits.note(target)
            if target.cursor:
                self._places[target.cursor].drop(target.place)

    def _deck(self) -> Deck:
        return Deck(lambda: places(self._space.size, self._space.special, self._rng))

    # --- steps -----------------------------------------------------------------------------------

    def _one(self) -> Step:
        """A window; once every cursor was tried, the models that were not catch up."""
        tried = all(deck.rounds for deck in self._places.values())
        if tried and not self._models.rounds and self._rng.random() < 0.9:
            return self._model()
        return (self._window(),)

    def _both_cursors(self) -> Step:
        first = self._window()
        return first, first._replace(cursor=opposite(first.cursor))

    def _neighbours(self) -> Step:
        first = self._window()
        place = first.place + self._rng.choice(OFF)
        return first, *self._at(first.cursor, place, first.limit)

    def _next_page(self) -> Step:
        first = self._window()
        page = self._space.page(first)
        last = page.start if first.cursor == "before_id" else page.stop - 1
        return first, *self._at(first.cursor, last, first.limit)

    def _there_and_back(self) -> Step:
        first = self._window()
        page = self._space.page(first)
        nearest = page.stop - 1 if first.cursor == "before_id" else page.start
        return first, *self._at(opposite(first.cursor), nearest, first.limit)

    def _another_limit(self) -> Step:
        """A cursor that was sent before, or twice now, each time with another limit."""
        past = [one for one in self._past if isinstance(one, Window) and one.cursor]
        if past and self._rng.random() < 0.5:
            return (self._limits.give(self._rng.choice(past[-LATELY:])),)
        first = self._window()
        self._limits.note(first)
        return first, self._limits.give(first)

    def _first_page(self) -> Step:
        return (self._limits.give(Window("", 0, None)),)

    def _model(self) -> Step:
        return (Single(self._models.deal()),)

    def _page_and_a_model_on_it(self) -> Step:
        first = self._window()
        page = self._space.page(first)
        return (first, Single(self._models.deal(page.__contains__))) if page else (first,)

    def _model_and_a_page_beside_it(self) -> Step:
        """A model, then a page after it, before it or with it."""
        model = Single(self._models.deal())
        cursor, off = self._rng.choice(BESIDE)
        return model, self._limits.give(Window(cursor, max(0, model.place + off), None))

    def _again(self) -> Step:
        """A request that was sent before, on purpose; one for so many new ones."""
        if self._repeats >= len(self._past) // NEW:
            return ()
        self._repeats += 1
        target = self._rng.choice(self._past)
        self._drawn.discard(target)
        return (target,)

    # --- windows ---------------------------------------------------------------------------------

    def _window(self) -> Window:
        """A window at the next cursor of the deck that was dealt the least of."""
        decks = self._places
        least = min(decks, key=lambda one: (decks[one].rounds, -len(decks[one])))
        return self._limits.give(Window(least, decks[least].deal(), None))

    def _at(self, cursor: Cursor, place: int, limit: int | None) -> Iterator[Window]:
        """The window at a place, where there is such a place."""
        if 0 <= place < self._space.size:
            yield Window(cursor, place, limit)
