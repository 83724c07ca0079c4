"""The outcomes of a check: findings against the server, no case to test, or no judgement."""

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
        """`compares` says that the rule compares several responses: they are read again to confirm."""
        super().__init__(f"{len(findings)} of {cases}: {findings[0].seen}")
        self.findings = tuple(sorted(findings, key=lambda finding: finding.level == "should"))
        self.cases = cases
        self.compares = compares and not any(finding.settled for finding in findings)


class Unexercised(Exception):
    """The server under test has no case for the rule; the text says why."""


class NotJudged(Exception):
    """The rule could not be tested: the harness failed, or the server could not be reached.

    `fatal` says that further requests are useless. `stalled` says that a whole deadline passed. `busy`
    says that the server wants fewer requests (429). `hung_up` says that it closed the connection
    without a response.
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
    """One check while it runs: it judges cases and remembers how many of what.

    `incomparable` says why no two responses of the server can be compared, or is empty.
    """

    evidence: list[str] = field(default_factory=list)
    incomparable: Callable[[], str] = field(default=str)

    def judge(
        self,
        cases: Sequence[T],
        finding: Callable[[T], Finding | None],
        *,
        what: str,
        if_none: str,
        compares: bool = False,
    ) -> None:
        """Apply `finding` to every case.

        `what` names the cases in the report ("pages"). `if_none` says why there is no case. `compares`
        says that the rule compares several responses. Raises `Violation` with all findings, and
        `Unexercised` when there is no case.
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
        """Reach the verdict of `judge` from the findings in this many cases.

        If responses cannot be compared, a rule that compares them keeps only its settled findings.
        """
        if compares and (why := self.incomparable()):
            findings = [finding for finding in findings if finding.settled]
            if not findings:
                raise Unexercised(why)
        if not cases:
            raise Unexercised(if_none)
        if findings:
            raise Violation(findings, cases, compares=compares)
        self.evidence.append(f"{cases} {what.removesuffix('s') if cases == 1 else what}")


def if_answered(ask: Callable[[], T]) -> T | None:
    """What `ask` returns, or None when a cassette lacks the response or the server sent none."""
    with suppress(NotJudged, Unexercised):
        return ask()
    return None
