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
    """The exploration goes no further; the text says why. Nobody is reported."""


class Judged(NamedTuple):
    """A response and what is wrong with it."""

    target: Target
    response: Response
    flaw: Flaw | None


class Sender:
    """Sends requests for windows and models of a catalogue, and keeps nothing of the responses."""

    def __init__(self, evidence: Evidence) -> None:
        self._api, self._ids = evidence.api, evidence.ids
        self._pool = Pool()

    def request(self, target: Target) -> Request:
        """The request for a target."""
        if isinstance(target, Single):
            return model_request(self._ids[target.place])
        given: dict[str, object] = {"limit": target.limit}
        if target.cursor:
            given[target.cursor] = self._ids[target.place]
        return list_request(given)

    def send(self, target: Target) -> Response:
        """The response, whatever was asked before. Raises `NotJudged` when there is none."""
        if self._pool.size > MOST_KEPT:
            self._pool = Pool()
        return self._api.passing(self.request(target), self._pool)


@dataclass
class Asking:
    """Asks, judges, and remembers what came of it.

    `sent` are all targets so far, in order; `known` holds the first judgement of each; `seconds` is how
    long the responses took.
    """

    evidence: Evidence
    space: Space
    sent: list[Target] = field(default_factory=list)
    known: dict[Target, Flaw | None] = field(default_factory=dict)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self._sender = Sender(self.evidence)
        self._judge = Judge(self.evidence, self.space)
        self.request = self._sender.request

    def ask(self, target: Target) -> Judged:
        """Send one request and judge the response. Raises `Ended` when there is none."""
        started = time.monotonic()
        try:
            response = self._sender.send(target)
        except NotJudged as lost:
            raise Ended(str(lost)) from None
        self.seconds += time.monotonic() - started
        found = self._judge.flaw(response, target)
        self.sent.append(target)
        self.known.setdefault(target, found)
        return Judged(target, response, found)
