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

    def toterminal(self, writer: Any) -> None:
        """Line by line: pytest escapes all of a text that the terminal cannot encode, its line ends too."""
        for line in self.splitlines():
            writer.line(line)

    def __format__(self, spec: str) -> str:
        return format(str(self.partition("\n")[0]), spec)


def show(run: Run, report: pytest.TestReport) -> None:
    """Have pytest show the text of a report, with the options as the user types them."""
    if hasattr(report, "wasxfail"):
        report.wasxfail = run.spelled(report.wasxfail)
    if isinstance(report.longrepr, str):
        report.longrepr = Text(run.spelled(report.longrepr))
    elif isinstance(report.longrepr, tuple):
        path, line, reason = report.longrepr
        report.longrepr = path, line, run.spelled(reason)


def group(reporter: pytest.TerminalReporter, run: Run) -> None:
    """Have FAILURES show each diagnosis once; the counts of pytest stay as they are."""
    failed: Reports = reporter.stats.get("failed", [])
    style = reporter.config.option.tbstyle
    if style == "line":
        for report in filter(is_ours, failed):
            entry = report.models_contract
            text = run.spelled(f"{entry['id']}: {_seen(entry)}")
            report.longrepr = OneLine(text)  # type: ignore[assignment]
    elif style != "no":
        _by_diagnosis(failed, run)
        if reporter.verbosity <= 0:
            _show_one_of_each(failed, run)


def is_ours(report: object) -> bool:
    return hasattr(report, "models_contract")


def _by_diagnosis(failed: Reports, run: Run) -> None:
    """Put the checks of a diagnosis one after the other, behind what else failed."""
    explained = [check for own in diagnoses_of(run.report, "violated") for check in own["checks"]]
    places = {check: place for place, check in enumerate(explained)}
    last = len(places)
    failed.sort(key=lambda own: places.get(_check(own), last) if is_ours(own) else -1)


def _show_one_of_each(failed: Reports, run: Run) -> None:
    ours: dict[str, Any] = {}
    for report in filter(is_ours, failed):
        if ours.setdefault(_check(report), report) is not report:
            _hide(report)
    checks = by_id(run.report)
    for own in diagnoses_of(run.report, "violated"):
        failing = [name for name in own["checks"] if name in ours]
        if failing:
            first, *others = failing
            lines = _lines(own, ours[first], [checks[name] for name in others])
            ours[first].longrepr = Text(run.spelled("\n".join(lines)))
            for name in others:
                _hide(ours[name])


def _check(report: Any) -> str:
    return str(report.models_contract["id"])


def _hide(report: Any) -> None:
    """Keep a report out of FAILURES, as pytest does with what its debugger has shown."""
    report._pdbshown = True


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
