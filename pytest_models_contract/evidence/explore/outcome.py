"""What comes of an exploration, as plain data that workers hand to one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pytest_models_contract.client.exchange import Received, Request
from pytest_models_contract.evidence.explore.judging import Kind
from pytest_models_contract.evidence.explore.windows import Target, Window


class Found(NamedTuple):
    """What a server does wrong: the simplest request, those before it, the response, and when it is so."""

    request: Request
    received: Received
    before: tuple[Request, ...]
    seen: str
    expected: str
    when: str


@dataclass
class Outcome:
    """What was asked and what was found.

    `windows` and `models` count requests, `limits` and `places` are those that were asked with, `wrong`
    counts the requests that broke each rule, `found` has the simplest case of it.
    """

    windows: int = 0
    models: int = 0
    limits: set[int] = field(default_factory=set)
    places: set[int] = field(default_factory=set)
    wrong: Counter[Kind] = field(default_factory=Counter)
    found: dict[Kind, Found] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return self.windows + self.models

    def count(self, target: Target) -> None:
        """Count a request that was sent."""
        if not isinstance(target, Window):
            self.models += 1
            return
        self.windows += 1
        self.limits |= {target.limit} if target.limit else set()
        self.places |= {target.place} if target.cursor else set()

    def progress(self, size: int) -> str:
        """How far it is, in a catalogue of `size` models."""
        share = 100 * len(self.places) // max(1, size)
        return f"{self.requests:,} requests, {len(self.limits):,} limits, {share} % of the places as cursors"


def merged(parts: Sequence[Outcome]) -> Outcome:
    """The outcome of several workers as one; of what several found, the first."""
    whole = Outcome()
    for part in parts:
        whole.windows += part.windows
        whole.models += part.models
        whole.limits |= part.limits
        whole.places |= part.places
        whole.wrong += part.wrong
        whole.found = {**part.found, **whole.found}
        whole.notes += [note for note in part.notes if note not in whole.notes]
    return whole
