"""What pytest shows under FAILURES: each diagnosis with one check in full, the others a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from pytest_models_contract.client.redact import visible
from pytest_models_contract.report.contents import by_id, diagnoses_of
from pytest_models_contract.session.run import Run

MOST = 200
DEFAULT_CHARS = "fE"
"""What the short summary shows unless -r asks for something else."""
Reports = list[pytest.TestReport]


class OneLine:
    """A failure for `--tb=line`: pytest prints `reprcrash` on a line, and nothing else."""

    def __init__(self, text: str) -> None:
        self.reprcrash = text

    def __str__(self) -> str:
        return self.reprcrash

    def toterminal(self, _: Any) -> None:
        """Nothing more than the line."""


class Text(str):
    """The text of a failure; where pytest puts it on a line (all of it on CI), its first line alone."""

    def __format__(self, spec: str) -> str:
        return format(str(self.partition("\n")[0]), spec)


def group(reporter: pytest.TerminalReporter, run: Run) -> None:
    """Have FAILURES show each diagnosis once; the counts of pytest stay as they are."""
    failed: Reports = reporter.stats.get("failed", [])
    ours = {report.models_contract["id"]: report for report in failed if is_ours(report)}
    if reporter.config.option.tbstyle == "line":
        for report in ours.values():
            entry = report.models_contract
            report.longrepr = OneLine(f"{entry['id']}: {_seen(entry)}")  # type: ignore[assignment]
    elif ours:
        failed[:] = [*(each for each in failed if not is_ours(each)), *_in_order(ours, run)]
        if reporter.verbosity <= 0:
            _show_one_of_each(ours, run)


def is_ours(report: object) -> bool:
    return hasattr(report, "models_contract")


def _in_order(ours: dict[str, Any], run: Run) -> Iterator[Any]:
    """The failures as the diagnoses explain them, then the rest."""
    explained = [check for own in diagnoses_of(run.report, "violated") for check in own["checks"]]
    names = dict.fromkeys([*explained, *ours])
    yield from (ours[name] for name in names if name in ours)


def _show_one_of_each(ours: dict[str, Any], run: Run) -> None:
    checks = by_id(run.report)
    for own in diagnoses_of(run.report, "violated"):
        failing = [name for name in own["checks"] if name in ours]
        if not failing:
            continue
        first = ours[failing[0]]
        first.longrepr = Text("\n".join(_lines(own, first, [checks[name] for name in failing[1:]])))
        for name in failing[1:]:
            ours[name]._pdbshown = True  # as pytest marks what was shown by the debugger already


def _lines(own: dict[str, Any], first: Any, others: Sequence[dict[str, Any]]) -> Iterator[str]:
    if own["title"] != first.models_contract["title"]:
        yield own["title"]
        if own["hint"]:
            yield f"  hint      {own['hint']}"
        yield ""
    yield str(first.longrepr)
    if others:
        yield from ("", "for the same reason (-v shows them in full):")
        yield from (f"  {check['id']}: {_seen(check)}" for check in others)


def _seen(entry: dict[str, Any]) -> str:
    return visible(entry["summary"], MOST)


def leave_to_failures(reporter: pytest.TerminalReporter) -> None:
    """Keep out of the short summary what FAILURES has shown, unless -r asks for it."""
    option = reporter.config.option
    shown = option.tbstyle != "no" and not getattr(option, "no_summary", False)
    if shown and option.reportchars == DEFAULT_CHARS and "failed" in reporter.stats:
        reporter.stats["failed"][:] = [
            each for each in reporter.stats["failed"] if not is_ours(each)
        ]
