"""What a check can come to: findings against the server, no occasion to try, or no judgement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from pytest_models_contract.client.exchange import Finding

T = TypeVar("T")


class Violation(AssertionError):
    """The server broke the rule of the check."""

    def __init__(
        self, findings: Sequence[Finding], cases: int = 1, *, compares: bool = False
    ) -> None:
        """`compares` says that the rule relates several answers, so that it is read again first."""
        super().__init__(f"{len(findings)} of {cases}: {findings[0].seen}")
        self.findings = tuple(sorted(findings, key=lambda finding: finding.level == "should"))
        self.cases = cases
        self.compares = compares and not any(finding.settled for finding in findings)


class Unexercised(Exception):
    """The server under test gave no occasion to try the rule; the text says why."""


class NotJudged(Exception):
    """The harness failed or the server could not be reached; nobody is accused.

    `fatal` says that asking on is useless, `stalled` that a whole deadline was waited for, `busy` that
    the server wants to be asked less (429), `hung_up` that it closed the connection in place of an answer.
    """

    def __init__(
        self,
        reason: str,
        *,
        fatal: bool = False,
        stalled: bool = False,
        busy: bool = False,
        hung_up: bool = False,
    ) -> None:
        super().__init__(reason)
        self.fatal = fatal
        self.stalled = stalled
        self.busy = busy
        self.hung_up = hung_up


@dataclass
class Check:
    """One check while it runs: it judges occasions and remembers on what evidence."""

    evidence: list[str] = field(default_factory=list)

    def judge(
        self,
        cases: Sequence[T],
        finding: Callable[[T], Finding | None],
        *,
        what: str,
        if_none: str,
        compares: bool = False,
    ) -> None:
        """Apply `finding` to every occasion.

        `what` names the occasions in the evidence ("pages"), `otherwise` says why there was none,
        `compares` that the rule relates several answers. Raises `Violation` with all findings,
        `Unexercised` when there was no occasion.
        """
        findings = [found for case in cases if (found := finding(case))]
        self.conclude(findings, len(cases), what=what, if_none=if_none, compares=compares)

    def conclude(
        self,
        findings: Sequence[Finding],
        cases: int,
        *,
        what: str,
        if_none: str,
        compares: bool = False,
    ) -> None:
        """Come to the verdict that `judge` comes to, from the findings in so many occasions."""
        if not cases:
            raise Unexercised(if_none)
        if findings:
            raise Violation(findings, cases, compares=compares)
        self.evidence.append(f"{cases} {what.removesuffix('s') if cases == 1 else what}")


def if_answered(ask: Callable[[], T]) -> T | None:
    """The answer, or None when a cassette lacks it or the server gave none."""
    with suppress(NotJudged, Unexercised):
        return ask()
    return None
