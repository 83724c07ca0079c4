"""One exploration: requests until its bound is reached; what is wrong is confirmed and explained."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from pytest_models_contract.evidence.explore.asking import Asking, Ended, Judged
from pytest_models_contract.evidence.explore.confirming import Case, confirmed
from pytest_models_contract.evidence.explore.explaining import explained, simplified
from pytest_models_contract.evidence.explore.judging import Kind
from pytest_models_contract.evidence.explore.outcome import Outcome
from pytest_models_contract.evidence.explore.windows import Step, Target

MOST_UNSTEADY = 3
"""After so many responses that were wrong once and right when asked again, an exploration ends."""
TRIAL = 20
"""After so many requests it is known how fast the server is."""
SLOW = 1.0
"""A server that takes so many seconds for a response is too slow for a number of requests."""


class Bound(NamedTuple):
    """How far an exploration goes: so many requests or so many seconds; without either, to the end."""

    requests: int | None = None
    seconds: float | None = None


@dataclass
class Exploration:
    """An exploration while it goes on. `tell` is called with the outcome so far after each request."""

    asking: Asking
    steps: Iterable[Step]
    bound: Bound
    tell: Callable[[Outcome], None] = lambda _: None
    outcome: Outcome = field(default_factory=Outcome)
    _cases: dict[Kind, Case] = field(default_factory=dict)
    _unsteady: int = 0
    _started: float = field(default_factory=time.monotonic)

    def run(self) -> Outcome:
        """Explore to the bound, unless the server brings it to an end, and explain what was found."""
        try:
            for target in (target for step in self.steps for target in step):
                if self._is_done():
                    break
                self._try(target)
        except Ended as why:
            done = f"{self.outcome.requests:,} requests"
            self.outcome.notes.append(f"the exploration ended after {done}: {why}")
        for kind, case in self._cases.items():
            self.outcome.found[kind] = explained(case, self.asking)
        return self.outcome

    def _is_done(self) -> bool:
        if self.bound.seconds is not None:
            return time.monotonic() - self._started >= self.bound.seconds
        sent = len(self.asking.sent)
        if sent >= TRIAL and self.asking.seconds > SLOW * sent:
            pace = f"{self.asking.seconds / sent:.1f} s"
            raise Ended(f"a response takes {pace}; --models-explore 60s bounds the time instead")
        return self.bound.requests is not None and self.outcome.requests >= self.bound.requests

    def _try(self, target: Target) -> None:
        judged = self.asking.ask(target)
        self.outcome.count(target)
        if judged.flaw:
            self.outcome.wrong[judged.flaw.kind] += 1
            if judged.flaw.kind not in self._cases:
                self._look_closer(judged)
        self.tell(self.outcome)

    def _look_closer(self, judged: Judged) -> None:
        """Ask again, and find the simplest case of what is wrong. Raises `Ended`."""
        if judged.flaw is None:
            return
        before = tuple(self.asking.sent[:-1])
        case = confirmed(Case((judged.target,), judged.response, judged.flaw), before, self.asking)
        if case:
            self._cases[judged.flaw.kind] = simplified(case, self.asking)
            return
        self.outcome.wrong[judged.flaw.kind] -= 1
        self._unsteady += 1
        request = self.asking.request(judged.target)
        self.outcome.notes.append(f"{request} was wrong once ({judged.flaw.seen}), then right")
        if self._unsteady == MOST_UNSTEADY:
            raise Ended("responses are wrong now and right the next time")
