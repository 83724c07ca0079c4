"""From what a check came to, to what pytest reports and to the entry in the report."""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Iterable
from typing import Any

import pytest

from pytest_models_contract.checks import REPEAT, Facts
from pytest_models_contract.message import message
from pytest_models_contract.redact import Redactor
from pytest_models_contract.revision import DEFAULT_REVISION
from pytest_models_contract.run import Run
from pytest_models_contract.verdict import Check, NotJudged, Unexercised, Violation

STALE = "holds, though it is listed as a known deviation: delete its entry"


def call(run: Run, item: pytest.Function) -> None:
    """Run a check; what it could not try is skipped."""
    arguments = {name: item.funcargs[name] for name in item.funcargs if name in _wants(item)}
    try:
        run.judge(lambda: item.obj(**arguments))
    except Unexercised as why:
        pytest.skip(str(why))


def _wants(item: pytest.Function) -> Iterable[str]:
    return inspect.signature(item.function).parameters


def settle(
    run: Run,
    facts: Facts,
    check: Check | None,
    call: pytest.CallInfo[Any],
    report: pytest.TestReport,
) -> None:
    """Give the report the outcome of the verdict, and attach the entry for the report."""
    error = call.excinfo.value if call.excinfo else None
    if error is None and report.when != "call":
        return
    entry: dict[str, Any] = {
        "id": facts.id,
        "level": facts.level,
        "verdict": "holds",
        "expected": False,
        "clause": facts.clause.pointer,
        "title": facts.title,
        "url": facts.clause.page,
        "message": None,
        "evidence": "; ".join(check.evidence) if check and check.evidence else None,
        "duration_s": round(call.duration, 4),
        "summary": "",
    }
    secrets = run.survey.api.redactor if run.survey else Redactor()
    if isinstance(error, Violation):
        _violated(run, entry, facts, error, report)
    elif isinstance(error, pytest.skip.Exception):
        _unexercised(run, entry, str(error.msg), report)
    elif error is not None:
        _not_judged(run, entry, error, report)
    elif run.expects(facts.id):
        report.outcome, report.longrepr = "failed", f"{facts.id} {STALE}"
        entry["expected"], entry["summary"] = True, STALE
    for name in ("message", "evidence", "summary"):
        entry[name] = secrets.redact(entry[name]) if entry[name] else entry[name]
    report.sections = [(title, secrets.redact(text)) for title, text in report.sections]
    if report.longrepr is not None and not isinstance(report.longrepr, tuple):
        report.longrepr = secrets.redact(str(report.longrepr))
    report.user_properties += [
        (f"models_{name}", entry[name]) for name in ("level", "clause", "verdict")
    ]
    report.user_properties.append(("models_check", facts.id))
    report.models_contract = entry  # type: ignore[attr-defined]


def _violated(
    run: Run, entry: dict[str, Any], facts: Facts, error: Violation, report: pytest.TestReport
) -> None:
    finding = error.findings[0]
    text = message(error, facts, run.asked.api, repeat(run, facts.id))
    entry["verdict"], entry["message"] = "violated", text
    entry["level"] = finding.level or facts.level
    entry["evidence"] = f"{len(error.findings)} of {error.occasions}"
    entry["summary"] = f"{finding.seen}, expected {finding.expected}"
    if deviation := run.expects(facts.id):
        entry["expected"] = True
        _xfail(report, f"known deviation: {deviation.reason}")
    elif entry["level"] == "should" and not run.settings.strict:
        _xfail(report, f"advice: {entry['summary']}")
    elif run_shows_frames(report, run):
        report.longrepr = f"{text}\n\n{report.longrepr}"
    else:
        report.longrepr = text


def run_shows_frames(report: pytest.TestReport, run: Run) -> bool:
    """Whether the user asked for Python frames."""
    return run.long_tracebacks and report.longrepr is not None


def _unexercised(run: Run, entry: dict[str, Any], reason: str, report: pytest.TestReport) -> None:
    entry["verdict"], entry["message"], entry["summary"] = "unexercised", reason, reason
    if run.settings.complete:
        report.outcome, report.longrepr = "failed", f"unexercised: {reason}"


def _not_judged(
    run: Run, entry: dict[str, Any], error: BaseException, report: pytest.TestReport
) -> None:
    """An error, told once: what follows from the same cause is reported but not shown again."""
    own = isinstance(error, NotJudged)
    reason = str(error) if own else f"{type(error).__name__}: {error}"
    entry["verdict"], entry["message"], entry["summary"] = "error", reason, reason
    report.outcome, report.when = "failed", "setup"
    if own:
        report.longrepr = f"not judged: {reason}"
    report.models_hushed = reason in run.told  # type: ignore[attr-defined]
    run.told.add(reason)


def _xfail(report: pytest.TestReport, reason: str) -> None:
    report.outcome = "skipped"
    report.wasxfail = reason


def repeat(run: Run, check: str) -> str:
    """The command that repeats one check alone."""
    flags = {"live": "--models-base-url", "app": "--models-app", "cassette": "--models-cassette"}
    parts = [REPEAT]
    if run.target:
        parts.append(f"{flags[run.target.kind]} {shlex.quote(run.target.where)}")
    if run.revision.name != DEFAULT_REVISION:
        parts.append(f"--models-revision {run.revision.name}")
    return " ".join([*parts, "-k", shlex.quote(check)])
