"""The requests of an exploration: sent one after the other, judged at once, remembered by what was wrong."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NamedTuple

from pytest_models_contract.client.exchange import Request, Response
from pytest_models_contract.client.pool import Pool
from pytest_models_contract.client.requests import list_request, model_request
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.evidence.explore.judging import Flaw, Judge
from pytest_models_contract.evidence.explore.windows import (
    Single,
    Space,
    Target,
)
from pytest_models_contract.evidence.gathering import Evidence

MOST_KEPT = 16 * 2**20
"""So many bytes of responses are kept at once."""


class Ended(Exception):
    """The exploration goes no further; the text says why. Nobody is accused."""


class Judged(NamedTuple):
    """A response and what is wrong with it."""

    target: Target
    response: Response
    flaw: Flaw | None


@dataclass
class Asking:
    """Sends requests and remembers what came of them.

    `sent` are all targets so far, in order; `known` holds the first judgement of each; `seconds` is how
    long the responses took. Raises `Ended` when there is no response.
    """

    evidence: Evidence
    space: Space
    sent: list[Target] = field(default_factory=list)
    known: dict[Target, Flaw | None] = field(default_factory=dict)
    seconds: float = 0.0
    _pool: Pool = field(default_factory=Pool)

    def __post_init__(self) -> None:
        self._judge = Judge(self.evidence, self.space)

    def ask(self, target: Target) -> Judged:
        """Send one request, whatever was asked before."""
        started = time.monotonic()
        try:
            response = self.evidence.api.passing(self.request(target), self._roomy_pool())
        except NotJudged as lost:
            raise Ended(str(lost)) from None
        self.seconds += time.monotonic() - started
        found = self._judge.flaw(response, target)
        self.sent.append(target)
        self.known.setdefault(target, found)
        return Judged(target, response, found)

    def _roomy_pool(self) -> Pool:
        """What responses share; a new one from time to time, so that it does not grow without end."""
        if self._pool.weight > MOST_KEPT:
            self._pool = Pool()
        return self._pool

    def request(self, target: Target) -> Request:
        """The request for a target."""
        ids = self.evidence.ids
        if isinstance(target, Single):
            return model_request(ids[target.place])
        given: dict[str, object] = {"limit": target.limit}
        if target.cursor:
            given[target.cursor] = ids[target.place]
        return list_request(given)
