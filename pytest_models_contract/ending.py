"""The two ends of a run: the client it asks through, and what is written and told when it is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_models_contract import __version__, deviations, report
from pytest_models_contract.checks import known_ids
from pytest_models_contract.redact import KEY_PSEUDONYM, visible
from pytest_models_contract.run import Run

if TYPE_CHECKING:
    import httpx


@contextmanager
def surveying(
    run: Run,
    base_url: str,
    key: str | None,
    headers: Mapping[str, str],
    transport: httpx.BaseTransport | httpx.AsyncBaseTransport,
) -> Iterator[None]:
    """Give the run its survey of the server under test, and close the client afterwards."""
    from pytest_models_contract import target
    from pytest_models_contract.api import ModelsAPI
    from pytest_models_contract.survey import Survey

    chosen = run.target = run.target or target.overridden(base_url, transport)
    if chosen.cassette and chosen.cassette.provenance:
        key = KEY_PSEUDONYM
    run.recorder = _recorder(target.as_sync(transport), key) if run.settings.record else None
    api = ModelsAPI(
        base_url,
        run.recorder or target.as_sync(transport),
        key=key,
        auth=run.settings.auth,
        headers=headers,
        timeout=run.settings.timeout,
        max_body=run.settings.max_body,
    )
    foreign = chosen.cassette is not None and chosen.cassette.provenance is None
    run.survey = Survey(api, run.revision, chosen.starts, scrubbed=foreign)
    try:
        yield
    finally:
        api.close()


def _recorder(transport: httpx.BaseTransport, key: str | None) -> Any:
    from pytest_models_contract.recorder import Recorder
    from pytest_models_contract.redact import WRONG_KEY_PSEUDONYM, Redactor

    named = {WRONG_KEY_PSEUDONYM: WRONG_KEY_PSEUDONYM, **({key: KEY_PSEUDONYM} if key else {})}
    return Recorder(transport, Redactor(named=named))


def header(run: Run) -> list[str]:
    """What the run is held to and whom it asks, for the head of the terminal."""
    target = run.target
    if target is None:
        return [f"models contract: revision {run.revision.name}"]
    parts = [
        f"models contract: {target.kind} {visible(target.where)}, revision {run.revision.name}"
    ]
    if target.note:
        parts.append(f"models contract: {target.note}")
    if target.cassette:
        when = target.cassette.recorded_at or "at an unknown date"
        parts.append(f"models contract: recorded {when} from {visible(target.cassette.where)}")
    return parts


def finish(session: pytest.Session, run: Run) -> None:
    """Settle the exit status and write what is to be written; workers hand over their facts."""
    config = session.config
    if hasattr(config, "workerinput"):
        config.workeroutput["models_contract"] = run.facts()  # type: ignore[attr-defined]
        return
    if config.option.collectonly or session.exitstatus in (
        pytest.ExitCode.USAGE_ERROR,
        pytest.ExitCode.INTERNAL_ERROR,
    ):
        return
    run.interrupted = session.exitstatus == pytest.ExitCode.INTERRUPTED
    run.complaints = [*_stale(run), *_too_old(run)]
    run.report = report.report_of(run, interrupted=run.interrupted)
    problems = _write_all(run)
    run.complaints += problems
    if problems:
        session.exitstatus = pytest.ExitCode.USAGE_ERROR
    elif run.complaints and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    elif session.exitstatus == pytest.ExitCode.OK and not _judged(run.report):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


def _judged(found: report.Report) -> bool:
    return bool(found["checks"]) and any(
        check["verdict"] != "unexercised" for check in found["checks"]
    )


def _stale(run: Run) -> Iterator[str]:
    """Entries of the known deviations that say nothing any more, but for those that hold."""
    if not run.deviations:
        return
    known, today = known_ids(), date.today()
    for check, deviation in run.deviations.items():
        if check not in known and check.partition("[")[0] not in known:
            yield f"{run.settings.xfails}: {visible(check)} names no check of any revision: delete the entry"
        elif deviation.expired(today):
            yield f"{run.settings.xfails}: {check} expired on {deviation.expires}: delete or renew the entry"


def _too_old(run: Run) -> Iterator[str]:
    cassette = run.target.cassette if run.target else None
    if cassette is None or run.settings.max_age is None:
        return
    age = cassette.age_days(datetime.now(UTC).date())
    if age is None:
        yield f"{cassette.path} does not say when it was recorded (--models-max-age): record it anew"
    elif age > run.settings.max_age:
        yield f"{cassette.path} is {age} days old, {run.settings.max_age:g} are allowed: record it anew"


def _write_all(run: Run) -> list[str]:
    problems = []
    for path in run.settings.reports:
        try:
            report.write(path, report.rendered(run.report, path.suffix))
        except OSError as error:
            problems.append(f"--models-report {path} could not be written: {error.strerror}")
    if run.settings.write_xfails:
        found = [
            (check["id"], check["title"])
            for check in run.report["checks"]
            if check["verdict"] == "violated"
        ]
        try:
            report.write(run.settings.write_xfails, deviations.text(found))
        except OSError as error:
            problems.append(f"--models-write-xfails could not be written: {error.strerror}")
    if run.settings.record and not run.interrupted:
        problems += _record(run, run.settings.record)
    return problems


def _record(run: Run, path: Path) -> list[str]:
    from pytest_models_contract.cassette import CassetteError

    if run.recorder is None:
        return [f"{path} is left as it is: nothing was asked, so nothing was recorded"]
    provenance = {
        "where": run.target.where if run.target else "",
        "recorded_at": datetime.now(UTC).date().isoformat(),
        "revision": run.revision.name,
        "plugin": __version__,
    }
    try:
        run.recorder.write(path, provenance)
    except CassetteError as error:
        return [str(error)]
    return []


def tell(terminal: pytest.TerminalReporter, run: Run) -> None:
    """The closing lines of the contract."""
    if not run.report:
        return
    terminal.section("models contract")
    for line, colour in report.terminal_lines(run.report, run.complaints):
        terminal.write_line(line, **colour)
