"""The start and the end of a run: its client and evidence, then exit status, files and summary."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_models_contract.client.redact import KEY_PSEUDONYM, visible
from pytest_models_contract.report import github, junit, terminal
from pytest_models_contract.session import (
    diagnosing,
    explore_option,
    failures,
    observing,
    outputs,
    problems,
    recording,
    verdicts,
)
from pytest_models_contract.session.collection import is_asked_for, only_shows
from pytest_models_contract.session.option_values import unused_key
from pytest_models_contract.session.pytest_state import FACTS
from pytest_models_contract.session.run import Run

if TYPE_CHECKING:
    import httpx

    from pytest_models_contract.session.options import Settings

PROXY = {
    "mirror": "the server lists the same models",
    "own": "the server has a catalogue of its own",
}


@contextmanager
def gathered_evidence(
    run: Run,
    base_url: str,
    key: str | None,
    headers: Mapping[str, str],
    transport: httpx.BaseTransport | httpx.AsyncBaseTransport,
) -> Iterator[None]:
    """Give the run its evidence of the server under test, and close the client afterwards."""
    from pytest_models_contract.client.api import ModelsAPI
    from pytest_models_contract.evidence.gathering import Evidence
    from pytest_models_contract.target import targets

    chosen = run.target = run.target or targets.overridden(base_url, transport)
    recorded = (chosen.cassette.provenance or {}) if chosen.cassette else {}
    auth = recorded.get("auth", run.settings.auth)
    if auth == recording.WITHOUT_KEY:
        key, auth = None, run.settings.auth
    elif recorded:
        key = KEY_PSEUDONYM
    used = targets.as_sync(transport)
    if run.settings.record:
        used = run.recorder = recording.recorder(used, base_url, key, headers, run.settings.secrets)
    api = ModelsAPI(
        base_url,
        used,
        key=key,
        auth=auth,
        headers=headers,
        timeout=run.settings.timeout,
        max_body=run.settings.max_body,
        secrets=run.settings.secrets,
        second_key=run.settings.second_key,
    )
    api.peers = run.peers
    api.ahead.most = _most_at_once(run)
    api.app = _address(run)
    foreign = chosen.cassette is not None and chosen.cassette.provenance is None
    api.chosen_auth = run.settings.auth
    hint = partial(_of_the_key, key, run)
    run.evidence = Evidence(api, run.revision, chosen.starts, scrubbed=foreign, key_hint=hint)
    try:
        yield
    finally:
        api.close()


def _of_the_key(key: str | None, run: Run) -> str:
    """What else is known of a key that was refused: what came of it at the upstream, another one."""
    newest = run.upstream.requests[-1:] if run.upstream else ()
    lost = {
        "nobody": "the upstream got no key: the server does not pass the client's key on",
        "unknown": "the upstream got another key than the client's or the server's",
    }
    return next((lost[own.who] for own in newest if own.who in lost), unused_key(key))


def _most_at_once(run: Run) -> int:
    """How many requests may be in flight: several only to a live server, where nothing else depends on it."""
    alone = run.peers or run.settings.record or run.upstream
    live = run.target is not None and run.target.kind == "live"
    return run.settings.concurrency if live and not alone else 1


def _address(run: Run) -> str:
    """The application of `--models-app`, as `module:attribute`."""
    target, chosen = run.target, run.settings.target
    is_app = target and target.kind == "app" and chosen and chosen[0] == "models_app"
    return target.where if target and is_app else ""


def header(run: Run) -> list[str]:
    """Revision and server under test, for the head of the terminal."""
    target = run.target
    where = f"{target.kind} {visible(target.where)}, " if target else ""
    parts = [f"{where}{_started(run.settings)}revision {run.revision.name}"]
    if run.settings.explore:
        parts.append(explore_option.header(run.settings.explore))
    if target and target.note:
        parts.append(target.note)
    if target and target.cassette:
        when = target.cassette.recorded_at or "at an unknown date"
        parts.append(f"recorded {when} from {visible(target.cassette.where)}")
    parts += filter(None, [run.settings.note, *_upstream(run)])
    return [run.spelled(f"models contract: {part}") for part in parts]


def _started(settings: Settings) -> str:
    if settings.start is None:
        return ""
    return f"started by {visible(Path(settings.start.command.program).name)}, "


def _upstream(run: Run) -> Iterator[str]:
    """Where the upstream is, and who else reaches it."""
    address = run.settings.upstream
    if address is None:
        return
    where = f" at {run.upstream.base_url}" if run.upstream else ""
    yield f"upstream{where}: {PROXY[run.settings.proxy]} (--models-proxy {run.settings.proxy})"
    if address.is_open:
        yield f"the upstream listens on {visible(address.host)}: it is open to the network"


def finish(session: pytest.Session, run: Run) -> None:
    """Set the exit status and write the files. A worker only hands its facts to the controller."""
    config = session.config
    if hasattr(config, "workerinput"):
        output: dict[str, Any] = {
            "facts": run.facts(),
            "refused": run.refused,
            "diagnoses": (os.getpid(), diagnosing.drawn(run)),
        }
        if observing.is_wanted(run):
            output["overview"] = observing.added(run)
        config.workeroutput["models_contract"] = output  # type: ignore[attr-defined]
    elif run.refused:
        print(run.spelled(f"ERROR: {run.refused}"), file=sys.stderr)
        session.exitstatus = pytest.ExitCode.USAGE_ERROR
    elif _ran(session, run):
        run.interrupted = _stopped_early(session, run)
        run.problems = [*problems.stale(run), *problems.too_old(run), *problems.gaps(run)]
        facts = run.facts()
        run.notes += [*facts["notes"], *problems.unasked(run, config), *problems.ended(facts)]
        run.notes += [*run.exploration, *problems.no_match(run, session)]
        run.report = verdicts.report_of(run, facts)
        run.problems += problems.never_asked(run)
        wrong_usage = [*problems.too_many(run), *outputs.write(run)]
        run.problems += wrong_usage
        session.exitstatus = _status(session, run, wrong_usage)
        if reporter := config.pluginmanager.getplugin("terminalreporter"):
            failures.group(reporter, run)
        junit.add(config, run.report)


def _ran(session: pytest.Session, run: Run) -> bool:
    """Whether the contract ran. It did not when only a project's own tests used its fixtures."""
    failed = (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR)
    if only_shows(session.config) or session.exitstatus in failed:
        return False
    return bool(is_asked_for(session.config) or run.chosen or run.results)


def _stopped_early(session: pytest.Session, run: Run) -> bool:
    """Whether Ctrl-C, or an option such as -x, ended the run before every check ran."""
    items = getattr(session, "items", [])
    waiting = (item.stash[FACTS].id not in run.results for item in items if FACTS in item.stash)
    return session.exitstatus == pytest.ExitCode.INTERRUPTED or any(waiting)


def _status(session: pytest.Session, run: Run, wrong_usage: list[str]) -> int:
    if wrong_usage:
        return pytest.ExitCode.USAGE_ERROR
    if session.exitstatus != pytest.ExitCode.OK:
        return session.exitstatus
    if run.problems:
        return pytest.ExitCode.TESTS_FAILED
    judged = any(check["verdict"] != "unexercised" for check in run.report["checks"])
    return pytest.ExitCode.OK if judged else pytest.ExitCode.NO_TESTS_COLLECTED


def print_summary(reporter: pytest.TerminalReporter, run: Run) -> None:
    """Print the summary of the contract and, on GitHub, its findings as annotations."""
    if not run.report:
        return
    verbose = reporter.config.getoption("verbose", 0) > 0
    width = shutil.get_terminal_size().columns if reporter.isatty else None
    found = terminal.Findings(run.problems, run.notes, verbose, run.settings.complete, width)
    reporter.section("models contract")
    for line, colour in terminal.lines(run.report, found):
        reporter.write_line(run.spelled(line), **colour)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in github.commands(run.report, run.problems):
            reporter.write_line(run.spelled(line))
    failures.leave_to_failures(reporter)
