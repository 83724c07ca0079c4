"""What makes a run fail besides its checks, and notes on the run. Each text says what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

import pytest

from pytest_models_contract.client.redact import visible
from pytest_models_contract.session import named_checks, recording, verdicts
from pytest_models_contract.session.run import Run
from pytest_models_contract.suite import checks

SHOWN = 3


def stale(run: Run) -> Iterator[str]:
    """Known deviations that are unknown or expired. One whose check passed fails as that check."""
    file = run.settings.xfails
    for check, deviation in run.deviations.items():
        if not checks.is_known(check):
            near = get_close_matches(check, checks.known_ids(), n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            yield f"{file}: {visible(check)} names no check of any revision: delete the entry{meant}"
        elif deviation.expired(date.today()):
            yield (
                f"{file}: {check} expired on {deviation.expires}: delete the entry, or set a later date"
            )


def too_old(run: Run) -> Iterator[str]:
    """A recording older than allowed, or of unknown age."""
    cassette = run.target.cassette if run.target else None
    if cassette is None or run.settings.max_age is None:
        return
    age = cassette.age_days(datetime.now(UTC).date())
    if age is None:
        yield f"{cassette.path} does not say when it was recorded (--models-max-age): record it again"
    elif age > run.settings.max_age:
        most = f"at most {run.settings.max_age:g} are allowed"
        yield f"{cassette.path} is {age} days old, {most}: record it again"


def no_match(run: Run, session: pytest.Session) -> Iterator[str]:
    """A `-k` that selects no check and no other test."""
    keyword = session.config.getoption("keyword", "")
    if keyword and not (session.testscollected or run.results):
        meant = named_checks.near(keyword, checks.known_ids())
        yield f"-k {visible(keyword)} selects no check{meant}"


def gaps(run: Run) -> Iterator[str]:
    """An incomplete recording, which is not written."""
    path = run.settings.record
    if path and (why := recording.why_not(run)):
        yield f"{path} was not written: {why}"


def never_asked(run: Run) -> Iterator[str]:
    """An upstream that nothing reached: what is true then says nothing about a proxy."""
    if not verdicts.never_asked(run.report):
        return
    from pytest_models_contract.evidence.proxy.under_test import NEVER_ASKED

    text = NEVER_ASKED.format(run.upstream.base_url if run.upstream else "the port of each worker")
    if not any(check["message"] == text for check in run.report["checks"]):
        yield text


def ended(facts: Mapping[str, Any]) -> Iterator[str]:
    """A server that ended by itself before the run did."""
    if text := facts["ended"]:
        first, *lines = text.splitlines()
        yield " / ".join([f"the server ended before the run did: {first}", *lines[-SHOWN:]])


def too_many(run: Run) -> Iterator[str]:
    """Every window of a catalogue that has too many."""
    if run.settings.explore and run.settings.explore.text == "all":
        from pytest_models_contract.evidence.explore.explored import too_many

        if why := too_many(run.report["models"], run.revision.limit.maximum):
            yield why


def unasked(run: Run, config: pytest.Config) -> Iterator[str]:
    """Exchanges of a cassette that the whole suite did not use; a note, no problem."""
    partial = recording.is_partial(config) or run.chosen - run.results.keys()
    found = [] if partial else run.unasked()
    if found:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        yield f"no check used these recorded requests: {', '.join(found[:SHOWN])}{more}"
