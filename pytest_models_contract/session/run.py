"""One run of the contract: its revision, its server under test, and its results so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pytest_models_contract.client.redact import Redactor
from pytest_models_contract.client.verdict import NotJudged, Unexercised, Violation
from pytest_models_contract.session import spelling
from pytest_models_contract.session.deviations import Deviation
from pytest_models_contract.session.options import Settings
from pytest_models_contract.session.other_revisions import met, unknown_fields
from pytest_models_contract.spec.revision import Revision

if TYPE_CHECKING:
    from pytest_models_contract.client.sharing import Peers
    from pytest_models_contract.evidence.diagnoses.causes import Violated
    from pytest_models_contract.evidence.explore.explored import Explored
    from pytest_models_contract.evidence.gathering import Evidence
    from pytest_models_contract.fake.upstream import Upstream
    from pytest_models_contract.target.process import Process
    from pytest_models_contract.target.recorder import Recorder
    from pytest_models_contract.target.targets import Target

MOST_ATTEMPTS = 3
REREAD = 3
DYING = 5.0
"""How long to wait for the end of a server that accepts no connection any more, in seconds."""
CHANGED = "the catalogue changed each time it was read"


@dataclass
class Run:
    """The state of a run. `results` are the checks by id, as in the JSON report; `facts` is the rest of it.

    `refused` says why no check could start. Under pytest-xdist each worker has a run of its own and
    hands its `facts` to the controller. `progress` is the number of requests and models by process
    after its last check, `diagnoses` what its violated checks came to by then, and `overviews` what an
    HTML page shows of its evidence: the controller has no evidence itself, and needs them when the run
    is interrupted. `apart` is when the requests were sent that diagnoses of the server by itself leave
    out. `handed_over` is how much of the latter a worker has sent.
    """

    settings: Settings
    revision: Revision
    deviations: dict[str, Deviation]
    target: Target | None
    process: Process | None = None
    upstream: Upstream | None = None
    upstream_ids: list[str] = field(default_factory=list)
    apart: set[float] = field(default_factory=set)
    evidence: Evidence | None = None
    explored: Explored | None = None
    chosen: set[str] = field(default_factory=set)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    violated: dict[str, Violated] = field(default_factory=dict)
    progress: dict[int, tuple[int, int]] = field(default_factory=dict)
    diagnoses: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    overviews: dict[int, dict[str, Any]] = field(default_factory=dict)
    handed_over: tuple[int, int, Any] = (0, 0, None)
    worker_facts: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reported: set[str] = field(default_factory=set)
    report: dict[str, Any] = field(default_factory=dict)
    recorder: Recorder | None = None
    peers: Peers | None = None
    refused: str = ""
    asked_ahead: bool = False
    interrupted: bool = False
    long_tracebacks: bool = False
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _clock: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._clock

    @property
    def redactor(self) -> Redactor:
        """Hides the secrets of the run in every text that is shown."""
        if self.evidence:
            return self.evidence.api.redactor
        return Redactor(self.settings.secrets)

    def spelled(self, text: str) -> str:
        """The text with the options as the user types them."""
        return spelling.as_command(text) if self.settings.by_command else text

    @property
    def so_far(self) -> tuple[int, int]:
        """How many requests were answered and how many models were seen, in this process."""
        if self.evidence is None:
            return 0, 0
        models = len(self.evidence.models) if was_read(self.evidence) else 0
        api = self.evidence.api
        return len(api.exchanges) + api.passed + api.ahead.unused - api.progress, models

    def expects(self, check: str) -> Deviation | None:
        """The known deviation of the check, unless it has expired."""
        deviation = self.deviations.get(check)
        return None if deviation is None or deviation.expired(date.today()) else deviation

    def send_ahead(self, checks: Iterable[str]) -> None:
        """Send what these checks will certainly ask, once, after the first check has read the list."""
        evidence = self.evidence
        if evidence and evidence.api.ahead.most > 1 and was_read(evidence) and not self.asked_ahead:
            from pytest_models_contract.evidence import certain

            self.asked_ahead = True
            evidence.api.send_ahead(certain.requests(evidence, checks))

    def judge(self, check: Callable[[], None]) -> None:
        """Run a check; what compares responses counts when a second reading of the list repeats it."""
        suspected: Violation | None = None
        readings: list[list[str]] = []
        while True:
            try:
                check()
            except Unexercised as why:
                raise self._without_case(why, suspected) from None
            except Violation as violation:
                if self._is_confirmed(violation):
                    raise
                suspected = violation
            else:
                if suspected and not self.asked.ids:
                    raise suspected
                return
            readings += [self.asked.ids, self.asked.read_again]
            if len(readings) == 2 * MOST_ATTEMPTS:
                raise Unexercised(CHANGED) if changed_one_way(readings) else suspected
            self.asked.forget()

    def _without_case(self, why: Unexercised, suspected: Violation | None) -> Exception:
        """The error for a check without a case.

        A request without a response leaves the check unjudged. A violation stays one when the list
        has no models any more.
        """
        if suspected and not self.asked.ids:
            self.asked.forget()
            return suspected
        lost = self.evidence.lost if self.evidence else []
        return NotJudged(lost[0]) if lost else why

    @property
    def asked(self) -> Evidence:
        """The evidence, once a check has sent a request. Raises `RuntimeError` before that."""
        if self.evidence is None:
            raise RuntimeError("no request has been sent to the server under test")
        return self.evidence

    def _is_confirmed(self, violation: Violation) -> bool:
        if not violation.compares or (self.target and self.target.cassette):
            return True
        from pytest_models_contract.evidence.rereading import repeats

        return repeats(
            self.asked, [found.response.request for found in violation.findings[:REREAD]]
        )

    def unasked(self) -> list[str]:
        """The exchanges of the cassette that neither this process nor any worker used."""
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
        """The facts of the run as a whole, from this process or from the workers."""
        if self.worker_facts:
            return _merged(self.worker_facts)
        evidence = self.evidence
        read = evidence if evidence and was_read(evidence) else None
        requests, models = self.so_far
        return {
            "target": self._target(),
            "upstream": self._upstream(),
            "ended": self._ended(),
            "requests": max(requests, sum(asked for asked, _ in self.progress.values())),
            "models": max([models, *(seen for _, seen in self.progress.values())]),
            "news": [self.redactor.redact(text) for text in unknown_fields(read)] if read else [],
            "notes": [self.redactor.redact(text) for text in _notes(evidence)] if evidence else [],
            "meets_revision": met(read) if read else None,
            "unasked": self.unasked(),
            "explored": self.exploration,
        }

    def _target(self) -> dict[str, Any] | None:
        if self.target is None:
            return None
        started = {"started": True} if self.process else {}
        return {"kind": self.target.kind, "where": self.target.where, **started}

    def _ended(self) -> str:
        """How the server ended that the run started, where it did so before its time."""
        if self.process is None:
            return ""
        gone = self.evidence is not None and self.evidence.api.dead.startswith("cannot connect")
        return self.process.failure(patience=DYING if gone else 0)

    def _upstream(self) -> dict[str, Any] | None:
        if self.upstream is None:
            return None
        return {
            "requests": self.upstream.count,
            "models": len(self.upstream.models),
            "expect": self.settings.proxy,
        }


def changed_one_way(readings: Sequence[list[str]]) -> bool:
    """Whether ids were only added, or only removed, between readings of more than two lengths."""
    grew = all(_within(first, later) for first, later in pairwise(readings))
    shrank = all(_within(later, first) for first, later in pairwise(readings))
    return (grew or shrank) and len(set(map(len, readings))) > 2


def _within(few: list[str], many: list[str]) -> bool:
    """Whether the many contain all of the few, in the same order."""
    rest = iter(many)
    return all(found in rest for found in few)


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    first = max(parts, key=lambda part: int(part["models"]))
    news = dict.fromkeys(text for part in parts for text in part["news"])
    notes = dict.fromkeys(text for part in parts for text in part["notes"])
    upstreams = [part["upstream"] for part in parts if part["upstream"]]
    return {
        **first,
        "requests": sum(part["requests"] for part in parts),
        "news": list(news),
        "notes": list(notes),
        "upstream": {**upstreams[0], "requests": sum(one["requests"] for one in upstreams)}
        if upstreams
        else None,
        "ended": next(filter(None, (part["ended"] for part in parts)), ""),
    }


def was_read(evidence: Evidence) -> bool:
    """Whether some check read the list; the report itself sends no request."""
    return "crawl" in vars(evidence)


def _notes(evidence: Evidence) -> list[str]:
    from pytest_models_contract.evidence.notes import notes_of

    return notes_of(evidence)
