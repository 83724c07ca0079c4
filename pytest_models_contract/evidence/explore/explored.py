"""The exploration of a run: begun when a check first wants to know, shared by workers, judged by rule."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from pytest_models_contract.client.exchange import Finding, Received
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.explore import drawing, everything
from pytest_models_contract.evidence.explore.asking import Asking
from pytest_models_contract.evidence.explore.exploring import Bound, Exploration
from pytest_models_contract.evidence.explore.judging import Kind
from pytest_models_contract.evidence.explore.outcome import Found, Outcome, merged
from pytest_models_contract.evidence.explore.space import space_of
from pytest_models_contract.evidence.explore.windows import Space, Step
from pytest_models_contract.evidence.gathering import Evidence

NOTHING = Received(0, (), b"")
"""What is received where only the request counts."""


class Part(NamedTuple):
    """The part of an exploration that a worker begins with."""

    number: int = 0
    of: int = 1


class Explored:
    """What came of the exploration of a run.

    `bound` says how far it goes, every window there is without one; `tell` gets of the progress.
    """

    def __init__(
        self,
        evidence: Evidence,
        bound: Bound,
        seed: int,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._evidence, self._bound, self._seed, self._tell = evidence, bound, seed, tell

    @cached_property
    def space(self) -> Space:
        """What there is to explore. Raises `Unexercised` when the catalogue is no measure."""
        return space_of(self._evidence)

    @cached_property
    def outcome(self) -> Outcome:
        """What came of it, in all parts. Raises `Unexercised` when there is nothing to explore."""
        space = self.space  # read before anything is taken from the other workers
        if self._bound == Bound() and (why := too_many(space.size, space.maximum)):
            raise Unexercised(why)
        started = time.monotonic()
        peers = self._evidence.api.peers
        own, of = (peers.part, peers.parts) if peers else (0, 1)
        outcomes: dict[int, Outcome] = {}
        for number in sorted(range(of), key=lambda number: number != own):
            part = Part(number, of)
            found = peers.take(part) if peers else None
            if found is None:
                try:
                    found = self._explore(part, time.monotonic() - started)
                finally:
                    if peers:
                        peers.give(found)
            outcomes[number] = found
        self._tell("")
        return merged([outcomes[number] for number in range(of)])

    def _explore(self, part: Part, passed: float) -> Outcome:
        """One part, when so many seconds have passed."""
        asking = Asking(self._evidence, self.space)
        requests, seconds = self._bound
        bound = Bound(
            None if requests is None else len(range(part.number, requests, part.of)),
            None if seconds is None else seconds - passed,
        )
        steps = islice(self._steps(), part.number, None, part.of)
        return Exploration(asking, steps, bound, self._progress).run()

    def _steps(self) -> Iterable[Step]:
        if self._bound == Bound():
            return everything.steps(self.space)
        return drawing.steps(self.space, self._seed)

    def _progress(self, outcome: Outcome) -> None:
        self._tell(outcome.progress(self.space.size))

    @property
    def summary(self) -> list[str]:
        """What was asked, and what else is worth telling; nothing before a check wanted to know."""
        if "outcome" not in vars(self):
            return []
        asked = self.outcome.progress(self.space.size)
        what = everything.summary(self.space) if self._bound == Bound() else f"seed {self._seed}"
        return [f"explored: {asked} ({what})", *self.outcome.notes]

    # --- judged ----------------------------------------------------------------------------------

    def judge(self, kind: Kind, check: Check) -> None:
        """Come to the verdict on one kind of rule."""
        outcome = self.outcome
        tried = outcome.models if kind == "model" else outcome.windows
        what = "models" if kind == "model" else "pages"
        found = outcome.found.get(kind)
        check.conclude(
            [self._finding(found, f"{outcome.wrong[kind]} of {tried} {what} asked for")]
            if found
            else [],
            tried,
            what=what,
            if_none="; ".join(outcome.notes) or f"no {what} were asked for",
        )

    def _finding(self, found: Found, how_many: str) -> Finding:
        api = self._evidence.api
        response = api.wire.response(found.request, found.received)
        before = (api.wire.response(request, NOTHING) for request in found.before)
        return replace(
            response.finding(found.seen, found.expected, how_many),
            when=found.when,
            before=tuple(map(api.curl, before)),
        )


def too_many(size: int, maximum: int) -> str:
    """Why a catalogue is too large to ask for every window, or the empty string."""
    wanted = everything.number(size, maximum)
    if wanted <= everything.MOST:
        return ""
    return (
        f"--models-explore all: every window of {size:,} models takes {wanted:,} requests, more than"
        f" {everything.MOST:,}: give a number of requests, such as 400, or of seconds, such as 60s"
    )
