"""For which limits, places and cursors a server is wrong: some tens of further requests find it out."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pytest_models_contract.evidence.explore import rules
from pytest_models_contract.evidence.explore.rules import Feature, Remainder, Rule, Span
from pytest_models_contract.evidence.explore.windows import CURSORS, Space, Symptoms, Window

MOST_PROBES = 60
MOST_RULES = 4
"""So many rules are tried, each but the last refuted by further requests."""
SAMPLES = 5
"""So many windows that a rule calls wrong are asked for."""
OFF = (1, -1, 2, -2, 7, -7)
"""How far the first probes are from the example."""


def reach(edge: int, sign: int, is_wrong: Callable[[int], bool]) -> int:
    """The furthest number in a direction to which it is wrong, by steps that double and then halve."""
    step = 1
    while step:
        if is_wrong(edge + sign * step):
            edge, step = edge + sign * step, 2 * step
        else:
            step //= 2
    return edge


@dataclass
class Pattern:
    """What is known of one defect: an example, and what came of the windows that were asked for.

    `ask` sends a request and says what is wrong with the response; None when that cannot be known.
    """

    example: Window
    space: Space
    ask: Callable[[Window], Symptoms | None]
    known: dict[Window, Symptoms]
    probes: int = MOST_PROBES
    rng: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - no secret

    @property
    def wrong(self) -> list[Window]:
        """The windows that are wrong as the example is."""
        return [window for window in self.known if self.is_wrong(window)]

    @property
    def right(self) -> list[Window]:
        """The windows that are right, as far as they can be compared with the example."""
        return [
            window
            for window, symptoms in self.known.items()
            if not symptoms and self.is_comparable(window)
        ]

    @property
    def symptom(self) -> str:
        """What all wrong windows have in common, or what is wrong with the example."""
        own = self.known[self.example]
        shared = (words for words in own if all(words in self.known[one] for one in self.wrong))
        return next(shared, own[0])

    def is_wrong(self, window: Window) -> bool:
        """Whether the window is known to be wrong as the example is."""
        own = set(self.known[self.example])
        return self.is_comparable(window) and not own.isdisjoint(self.known.get(window, ()))

    def is_comparable(self, window: Window) -> bool:
        """Whether its page can show what is wrong: not empty, nor cut short by the end of the list, unless
        that of the example is."""
        cut, empty = self.space.is_cut, self._is_empty
        return cut(window) <= cut(self.example) and empty(window) <= empty(self.example)

    def _is_empty(self, window: Window) -> bool:
        return not self.space.page(window)

    def probe(self, window: Window) -> bool:
        """Whether the window is wrong as the example is; it is asked for unless that is known."""
        if window not in self.known and self.probes > 0:
            self.probes -= 1
            symptoms = self.ask(window)
            if symptoms is not None:
                self.known[window] = symptoms
        return self.is_wrong(window)

    def learn(self) -> Rule | None:
        """The simplest rule that further requests bear out; None when there is no simple one."""
        for window in self._around_the_example():
            self.probe(window)
        rule = self._simplest()
        for _ in range(MOST_RULES):
            if rule is None:
                return None
            for condition in rule.conditions:
                if isinstance(condition, Span):
                    self._widen(rule, condition)
            for window in self._samples(rule):
                self.probe(window)
            before, rule = rule, self._simplest()
            if rule == before:
                break
        return rule

    def _simplest(self) -> Rule | None:
        return rules.simplest(self.wrong, self.right, self.space)

    # --- probes ----------------------------------------------------------------------------------

    def _around_the_example(self) -> Iterator[Window]:
        """The example with another limit, at another place, with another cursor; each for itself."""
        own, most = self.example, self.space.size
        limit = rules.limit(own, self.space)
        fourths = [most * part // 4 for part in range(5)]
        limits = [*(limit + off for off in OFF), limit // 2, 2 * limit, *fourths]
        ends = [own.place, most - 1 - own.place]
        places = [*(own.place + off for off in OFF), *fourths, most - 1]
        around = [
            *(own._replace(limit=other) for other in limits),
            *(own._replace(place=place) for place in places if own.cursor),
            *(Window(cursor, place, own.limit) for cursor in CURSORS[1:] for place in ends),
            *(Window("", 0, other) for other in (own.limit, rules.end(own, self.space))),
            *(
                self._with(own, rules.end, rules.end(own, self.space), place)
                for place in places[:2]
            ),
            *(
                self._with(own, rules.spare, rules.spare(own, self.space), place)
                for place in places
            ),
        ]
        yield from filter(self._can_be_asked, around)

    def _can_be_asked(self, window: Window) -> bool:
        legal = window.limit is None or 1 <= window.limit <= self.space.maximum
        there = 0 <= window.place < (self.space.size if window.cursor else 1)
        return legal and there and self.is_comparable(window)

    def _with(self, window: Window, feature: Feature, value: int, place: int) -> Window:
        """The window at another place, if it has one, with the limit that gives the feature the value."""
        moved = window._replace(place=place) if window.cursor else window
        if feature is rules.position:
            return moved
        if feature is rules.spare:
            return moved._replace(limit=moved.left(self.space.size) + value)
        if feature is rules.end:
            start = place if window.cursor == "before_id" else place + bool(window.cursor)
            return moved._replace(limit=abs(value - start))
        return moved._replace(limit=value)

    # --- how far a span reaches ------------------------------------------------------------------

    def _widen(self, rule: Rule, span: Span) -> None:
        """Find both ends of a span."""

        def is_wrong(value: int) -> bool:
            window = self._moved(rule, span, value)
            return window is not None and self.probe(window)

        reach(span.high, 1, is_wrong)
        reach(span.low, -1, is_wrong)

    def _moved(self, rule: Rule, span: Span, value: int) -> Window | None:
        """A window for which the span's feature has the value and all else of the rule holds."""
        others = Rule(rule.cursors, tuple(each for each in rule.conditions if each != span))
        nearest = min(self.wrong, key=lambda one: abs(span.feature(one, self.space) - value))
        shortest = min(self.wrong, key=lambda one: rules.limit(one, self.space))
        for start in (nearest, shortest):
            off = span.feature(start, self.space) - value
            kept = start.place + (-off if start.cursor == "before_id" else off)
            for place in (start.place, kept, value - 1, 0, self.space.size - 1):
                window = self._with(start, span.feature, value, place)
                moved = span.feature(window, self.space) == value
                if moved and others.holds(window, self.space) and self._can_be_asked(window):
                    return window
        return None

    # --- samples ---------------------------------------------------------------------------------

    def _samples(self, rule: Rule) -> Iterator[Window]:
        """A few windows that the rule calls wrong, those first whose place and limit were not wrong yet."""
        drawn = dict.fromkeys(self._drawn(rule) for _ in range(40 * SAMPLES))
        new = [
            window
            for window in drawn
            if window not in self.known
            and rule.holds(window, self.space)
            and self._can_be_asked(window)
        ]
        places = {window.place for window in self.wrong}
        limits = {window.limit for window in self.wrong}
        new.sort(key=lambda window: (window.place in places) + (window.limit in limits))
        yield from new[:SAMPLES]

    def _drawn(self, rule: Rule) -> Window:
        spans_first = sorted(rule.conditions, key=lambda each: isinstance(each, Remainder))
        by = {condition.feature: condition for condition in spans_first}
        cursor = self.rng.choice(sorted(rule.cursors))
        place = self._value(by.get(rules.position), self.space.size) - 1 if cursor else 0
        window = Window(cursor, place, 1)
        bound = max(1, window.left(self.space.size))
        for feature in (rules.spare, rules.end, rules.size, rules.limit):
            if feature in by:
                return self._with(window, feature, self._value(by[feature], bound), place)
        return window._replace(limit=self.rng.randint(1, bound))

    def _value(self, condition: rules.Condition | None, most: int) -> int:
        """A value that fulfils the condition, or any from 1 to `most`."""
        if isinstance(condition, Span):
            return self.rng.randint(condition.low, condition.high)
        if isinstance(condition, Remainder):
            turns = self.rng.randint(0, max(0, most - condition.rest) // condition.divisor)
            return condition.rest + turns * condition.divisor
        return self.rng.randint(1, most)
