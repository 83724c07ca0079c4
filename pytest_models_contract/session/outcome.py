"""Turn the outcome of a check into pytest's report and into the entry in the report of the run."""

from __future__ import annotations

import inspect
import os
from typing import Any

import pytest

from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.verdict import Check, NotJudged, Unexercised, Violation
from pytest_models_contract.evidence.diagnoses.causes import Violated
from pytest_models_contract.report import message
from pytest_models_contract.session import diagnosing, observing
from pytest_models_contract.session.pytest_state import CHECK, FACTS
from pytest_models_contract.session.repeat import repeat
from pytest_models_contract.session.run import Run
from pytest_models_contract.suite.checks import Facts
from pytest_models_contract.target.targets import TargetError

Entry = dict[str, Any]
LONGEST_REASON = 1_000
"""So many characters of a reason are shown."""
PLACES = 12
"""So many places of a violation are listed on a page."""
ISSUES = "please report it, with --tb=long"


def call(run: Run, item: pytest.Function) -> None:
    """Run a check. A check without a case is skipped."""
    wanted = inspect.signature(item.function).parameters
    arguments = {name: item.funcargs[name] for name in wanted}
    asked = len(run.evidence.api.exchanges) if run.evidence else 0
    try:
        run.send_ahead(each.stash[FACTS].id for each in item.session.items if FACTS in each.stash)
        run.judge(lambda: item.obj(**arguments))
    except Unexercised as why:
        pytest.skip(visible(str(why), LONGEST_REASON))
    except Exception as error:
        _show(error, item, frames=run.long_tracebacks)
        raise
    finally:
        _note_retries(run, item, asked)


def _show(error: Exception, item: pytest.Function, *, frames: bool) -> None:
    """Make pytest show the text of a verdict, and frames only where needed, without locals.

    Collecting frames that are not shown takes longer than the run; locals may contain the key.
    """
    brief = isinstance(error, NotJudged) or (isinstance(error, Violation) and not frames)
    text = str(error) if brief else ""

    def represented(info: pytest.ExceptionInfo[BaseException], _style: object = None) -> str:
        return text or str(info.getrepr(showlocals=False, funcargs=False))

    item.repr_failure = represented  # type: ignore[method-assign, assignment]


def _note_retries(run: Run, item: pytest.Function, asked: int) -> None:
    """Note in the evidence of the check that a response came only after a retry."""
    responses = run.evidence.api.exchanges[asked:] if run.evidence else []
    if again := [each for each in responses if each.retries and not each.failed]:
        first = f"{again[0].request} at try {again[0].retries + 1}"
        more = f" and {len(again) - 1} more" if len(again) > 1 else ""
        item.stash[CHECK].evidence.append(f"a response came only after a retry: {first}{more}")


def settle(
    run: Run, item: pytest.Item, call: pytest.CallInfo[Any], report: pytest.TestReport
) -> None:
    """Give the report the outcome of the verdict and attach the entry for the report of the run."""
    secrets = run.redactor
    report.sections = [(title, secrets.redact(text)) for title, text in report.sections]
    error = call.excinfo.value if call.excinfo else None
    if error is None and report.when != "call":
        return
    facts = item.stash[FACTS]
    entry = _entry(facts, item.stash.get(CHECK, None), call.duration)
    _judge(run, facts, entry, error, report)
    for name in ("message", "evidence", "summary", "asked", "note"):
        entry[name] = secrets.redact(entry[name]) if entry[name] else entry[name]
    if isinstance(error, pytest.skip.Exception) and report.skipped:
        # The place of the check, not the place in this module that raised the skip.
        report.longrepr = (
            str(item.path),
            item.reportinfo()[1] or 0,
            f"Skipped: {entry['summary']}",
        )
    elif report.longrepr is not None:
        report.longrepr = secrets.redact(str(report.longrepr))
    properties = [(f"models_{name}", entry[name]) for name in ("level", "clause", "verdict")]
    # JUnit reads the properties of the item's last report, so the item gets them as well.
    item.user_properties[:] = [("models_check", facts.id), *properties]
    report.user_properties = list(item.user_properties)
    report.models_contract = entry  # type: ignore[attr-defined]
    report.models_so_far = (os.getpid(), *run.so_far)  # type: ignore[attr-defined]
    if hasattr(item.config, "workerinput"):
        _hand_over(run, error, report)


def _hand_over(run: Run, error: BaseException | None, report: pytest.TestReport) -> None:
    """Give the report of a worker what the controller needs when the run is interrupted."""
    if isinstance(error, Violation):
        report.models_diagnoses = diagnosing.drawn(run)  # type: ignore[attr-defined]
    if observing.is_wanted(run):
        report.models_overview = observing.added(run)  # type: ignore[attr-defined]


def keep(run: Run, report: pytest.TestReport) -> None:
    """Keep the entry of a report, and mark an error whose cause was shown already."""
    pid, requests, models = report.models_so_far
    run.progress[pid] = requests, models
    if hasattr(report, "models_diagnoses"):
        run.diagnoses[pid] = report.models_diagnoses
    if hasattr(report, "models_overview"):
        observing.keep(run, *report.models_overview)
    entry: Entry = report.models_contract
    before = run.results.get(entry["id"])
    if before is None or before["verdict"] != "violated":
        run.results[entry["id"]] = entry
    if entry["verdict"] == "error":
        report.models_repeated = entry["summary"] in run.reported  # type: ignore[attr-defined]
        run.reported.add(entry["summary"])


def _entry(facts: Facts, check: Check | None, seconds: float) -> Entry:
    """The entry of a check that passed: first the promised keys, then those for our own summaries."""
    evidence = check.evidence if check else []
    # Evidence begins with a number. A text that begins with a word is a note for the user.
    notes = [text for text in evidence if not text[:1].isdigit()]
    return {
        "id": facts.id,
        "level": facts.level,
        "verdict": "holds",
        "expected": False,
        "clause": facts.clause.pointer,
        "title": facts.title,
        "url": facts.clause.page,
        "message": None,
        "evidence": "; ".join(evidence) or None,
        "duration_s": round(seconds, 4),
        "kind": "holds",
        "place": facts.place,
        "summary": "",
        "asked": "",
        "note": "; ".join(notes),
        "lines": [],
    }


def _judge(
    run: Run, facts: Facts, entry: Entry, error: BaseException | None, report: pytest.TestReport
) -> None:
    if isinstance(error, Violation):
        _violated(run, facts, entry, error, report)
    elif isinstance(error, pytest.skip.Exception):
        _not_tested(run, facts, entry, str(error.msg), report)
    elif error is not None:
        _not_judged(entry, error, report)
    elif run.expects(facts.id):
        _stale(run, entry, report)


def _violated(
    run: Run, facts: Facts, entry: Entry, error: Violation, report: pytest.TestReport
) -> None:
    finding = error.findings[0]
    text = message.message(error, facts, run.asked.api, repeat(run, facts))
    if observing.is_wanted(run):
        lines = message.lines(error, facts, run.asked.api, repeat(run, facts), shown=PLACES)
        entry.update(lines=[list(line) for line in lines])
    entry.update(
        verdict="violated",
        level=finding.level or facts.level,
        message=text,
        evidence=f"{len(error.findings)} of {error.cases}",
        summary=f"{finding.seen}, expected {finding.expected}",
        asked=str(finding.response.request),
    )
    run.violated[facts.id] = Violated(facts.id, entry["level"], error.findings)
    report.longrepr = f"{text}\n\n{report.longrepr}" if run.long_tracebacks else text
    if deviation := run.expects(facts.id):
        entry.update(kind="expected", expected=True, summary=deviation.shown)
        _xfail(report, f"known deviation: {deviation.reason}")
    elif entry["level"] == "should" and not run.settings.strict:
        entry.update(kind="advice")
        _xfail(report, f"advice: {entry['summary']}")
    else:
        entry.update(kind="violated")


def _not_tested(
    run: Run, facts: Facts, entry: Entry, reason: str, report: pytest.TestReport
) -> None:
    entry.update(verdict="unexercised", kind="unexercised", message=reason, summary=reason)
    if run.settings.complete:
        report.outcome = "failed"
        report.longrepr = message.not_tested(reason, facts, repeat(run, facts))


def _not_judged(entry: Entry, error: BaseException, report: pytest.TestReport) -> None:
    """An error is no verdict on the server: it did not respond, or the bug is ours."""
    reason = str(error)
    if not isinstance(error, NotJudged | TargetError | pytest.UsageError):
        ours = f"a bug in the contract, not in the server; {ISSUES}"
        whose = ours if report.when == "call" else f"a fixture failed at {report.when}"
        reason = f"{type(error).__name__}: {error} ({whose})"
        report.longrepr = f"{reason}\n\n{report.longrepr}"
    else:
        report.longrepr = f"could not test: {reason}"
    summary = reason.partition("\n")[0]
    entry.update(verdict="error", kind="error", message=reason, summary=summary)
    report.outcome = "failed"
    if report.when == "call":
        # pytest reports a failure outside of the call as an error.
        report.when = "setup"


def _stale(run: Run, entry: Entry, report: pytest.TestReport) -> None:
    file = run.settings.xfails.name if run.settings.xfails else ""
    text = f"{entry['id']} passed, but {file} lists it as a known deviation: delete its entry"
    entry.update(kind="stale", message=text, summary=f"passed: delete its entry in {file}")
    report.outcome, report.longrepr = "failed", entry["message"]


def _xfail(report: pytest.TestReport, reason: str) -> None:
    report.outcome = "skipped"
    report.wasxfail = reason
