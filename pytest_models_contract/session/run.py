"""One run of the contract: what it is held to, whom it asks, and what has come out so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

from pytest_models_contract.client.redact import Redactor
from pytest_models_contract.client.verdict import NotJudged, Unexercised, Violation
from pytest_models_contract.session.deviations import Deviation
from pytest_models_contract.session.options import Settings
from pytest_models_contract.spec.revision import Revision

if TYPE_CHECKING:
    from pytest_models_contract.client.sharing import Peers
    from pytest_models_contract.evidence.explore.explored import Explored
    from pytest_models_contract.evidence.gathering import Evidence
    from pytest_models_contract.target.recorder import Recorder
    from pytest_models_contract.target.targets import Target

MOST_ATTEMPTS = 3
MOST_NEWS = 20
REREAD = 3
NO_REST = "the catalogue was another one whenever it was read"


@dataclass
class Run:
    """The state of a run. `results` holds the checks by id, as in the JSON report, `facts` the rest of it.

    `refused` says why the checks could not even begin. Under pytest-xdist each worker has a run of
    its own and hands its `facts` to the controller's; `heard` holds how far each process was when
    its last check ended, for the controller that is interrupted.
    """

    settings: Settings
    revision: Revision
    deviations: dict[str, Deviation]
    target: Target | None
    evidence: Evidence | None = None
    explored: Explored | None = None
    chosen: set[str] = field(default_factory=set)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    progress: dict[int, tuple[int, int]] = field(default_factory=dict)
    worker_facts: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reported: set[str] = field(default_factory=set)
    report: dict[str, Any] = field(default_factory=dict)
    recorder: Recorder | None = None
    peers: Peers | None = None
    refused: str = ""
    interrupted: bool = False
    long_tracebacks: bool = False
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _clock: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._clock

    @property
    def redactor(self) -> Redactor:
        """What hides the secrets of the run in anything that is shown."""
        if self.evidence:
            return self.evidence.api.redactor
        return Redactor([self.settings.key, *self.settings.headers.values()])

    @property
    def so_far(self) -> tuple[int, int]:
        """How many questions were answered and how many models were seen, in this process."""
        if self.evidence is None:
            return 0, 0
        models = len(self.evidence.models) if _was_read(self.evidence) else 0
        api = self.evidence.api
        return len(api.exchanges) + api.passed - api.progress, models

    def expects(self, check: str) -> Deviation | None:
        """The deviation that lets the check be violated today."""
        deviation = self.deviations.get(check)
        return None if deviation is None or deviation.expired(date.today()) else deviation

    def judge(self, check: Callable[[], None]) -> None:
        """Run a check; where it compares answers, accuse only when a second reading agrees.

        A catalogue may change while it is read: then all is read afresh and the check runs again.
        """
        accused: Violation | None = None
        readings: list[list[str]] = []
        while True:
            try:
                check()
            except Unexercised as why:
                raise self._without_case(why, accused) from None
            except Violation as violation:
                if self._stands(violation):
                    raise
                accused = violation
            else:
                return
            readings += [self.asked.ids, self.asked.read_again]
            if len(readings) == 2 * MOST_ATTEMPTS:
                raise Unexercised(NO_REST) if went_on(readings) else accused
            self.asked.forget()

    def _without_case(self, why: Unexercised, accused: Violation | None) -> Exception:
        """What stands for a lack of occasion: the server may have left a question unanswered, or may
        fail altogether by now, which does not clear it."""
        if accused and not self.asked.crawl:
            return accused
        lost = self.evidence.lost if self.evidence else []
        return NotJudged(lost[0]) if lost else why

    @property
    def asked(self) -> Evidence:
        """The survey; there is one as soon as a check has asked anything."""
        if self.evidence is None:
            raise RuntimeError("the server under test was not asked yet")
        return self.evidence

    def _stands(self, violation: Violation) -> bool:
        if not violation.compares or (self.target and self.target.cassette):
            return True
        return self.asked.repeats([found.response.request for found in violation.findings[:REREAD]])

    def unasked(self) -> list[str]:
        """What the cassette holds and nobody asked, in this process or in any worker."""
        if self.worker_facts:
            first, *others = (part["unasked"] for part in self.worker_facts)
            return [found for found in first if all(found in other for other in others)]
        return self.target.cassette.unasked() if self.target and self.target.cassette else []

    @property
    def exploration(self) -> list[str]:
        """What was explored, in this process or by the workers, each of which knows of all parts."""
        parts: list[list[str]] = [part["explored"] for part in self.worker_facts]
        own = self.explored.summary if self.explored else []
        return [self.redactor.redact(text) for text in next(filter(None, [own, *parts]), [])]

    def facts(self) -> dict[str, Any]:
        """What the report says of the run as a whole, from this process or from the workers."""
        if self.worker_facts:
            return _merged(self.worker_facts)
        where = {"kind": self.target.kind, "where": self.target.where} if self.target else None
        evidence = self.evidence
        requests, models = self.so_far
        return {
            "target": where,
            "requests": max(requests, sum(asked for asked, _ in self.progress.values())),
            "models": max([models, *(seen for _, seen in self.progress.values())]),
            "news": [self.redactor.redact(text) for text in _news(evidence)] if evidence else [],
            "meets_revision": _meets(evidence) if evidence else None,
            "unasked": self.unasked(),
            "explored": self.exploration,
        }


def went_on(readings: Sequence[list[str]]) -> bool:
    """Whether ids only came, or only went, from each reading to the next, in more than two states."""
    came = all(_within(first, later) for first, later in pairwise(readings))
    went = all(_within(later, first) for first, later in pairwise(readings))
    return (came or went) and len(set(map(len, readings))) > 2


def _within(few: list[str], many: list[str]) -> bool:
    """Whether all of the few stand among the many, in the same order."""
    rest = iter(many)
    return all(found in rest for found in few)


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    first = max(parts, key=lambda part: int(part["models"]))
    news = dict.fromkeys(text for part in parts for text in part["news"])
    return {**first, "requests": sum(part["requests"] for part in parts), "news": list(news)}


def _was_read(evidence: Evidence) -> bool:
    """Whether some check looked at the list; the report itself asks nothing."""
    return "crawl" in vars(evidence)


def _news(evidence: Evidence) -> list[str]:
    """Fields of the answers that the revision does not know, and which later one does."""
    if not _was_read(evidence):
        return []
    own = {tuple(model) for model in evidence.models if isinstance(model, dict)}
    every = dict.fromkeys(chain.from_iterable(own))
    paths: set[str] = set()
    for model in (every, *evidence.catalogue_values.assorted):
        paths |= evidence.revision.unknown_fields(model)
    return [_since(path, evidence.revision) for path in sorted(paths)[:MOST_NEWS]]


def _since(path: str, revision: Revision) -> str:
    later = (Revision.load(name) for name in Revision.known() if name > revision.name)
    known = next(
        (own.name for own in later if path in {prop.path for prop in own.properties}), None
    )
    return f"ModelInfo.{path}, {f'known since {known}' if known else 'in no known revision'}"


def _meets(evidence: Evidence) -> str | None:
    """The newest revision that every model and page meets in full."""
    if not _was_read(evidence) or not evidence.models:
        return None
    revisions = (Revision.load(name) for name in reversed(Revision.known()))
    return next((own.name for own in revisions if _met(own, evidence)), None)


def _met(revision: Revision, evidence: Evidence) -> bool:
    envelopes: Iterable[Any] = (page.envelope for page in evidence.crawl)
    framed = all(key.met_by(page) for page in envelopes for key in revision.envelope)
    return framed and evidence.catalogue_values.meets(revision)
