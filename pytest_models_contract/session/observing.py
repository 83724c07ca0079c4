"""What the HTML page shows of the evidence: made where the evidence is, joined where the page is written."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_models_contract.session.run import Run, was_read

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence

HTML = ".html"
NEED_A_SERVER = ("explore", "second-key", "start", "upstream")
"""The options that a recording rules out."""
NOTHING: dict[str, Any] = {"requests": [], "catalogue": None}


class Stage(NamedTuple):
    """How far the evidence is: which reading of the list it is, and whether pages and walks are known."""

    reading: int
    parts: frozenset[str]


def is_wanted(run: Run) -> bool:
    """Whether a page is written."""
    return any(path.suffix == HTML for path in run.settings.reports)


def added(run: Run) -> tuple[int, dict[str, Any]]:
    """The process, and what a worker has learned since it was last called: requests, and the catalogue
    with its pages if more of them is known.

    The controller needs it after each check: an interrupted worker hands over nothing more.
    """
    if run.evidence is None:
        return os.getpid(), NOTHING
    from pytest_models_contract.evidence.overview import requests, texts

    api, clean = run.evidence.api, texts.cleaner(run.redactor)
    done, lost, before = run.handed_over
    stage = _stage(run.evidence)
    run.handed_over = len(api.exchanges), len(api.unanswered), stage
    room = max(0, requests.MOST - done - lost)
    new = [*api.exchanges[done:], *api.unanswered[lost:]][:room]
    return os.getpid(), {
        "requests": [list(row) for row in requests.rows(new, clean)],
        "catalogue": _catalogue(run, run.evidence) if stage != before else None,
    }


def keep(run: Run, process: int, part: dict[str, Any]) -> None:
    """Keep what a worker has learned: its requests besides those before, its newest catalogue."""
    before = run.overviews.get(process, NOTHING)
    run.overviews[process] = {
        "requests": [*before["requests"], *part["requests"]],
        "catalogue": part["catalogue"] or before["catalogue"],
    }


def overview(run: Run) -> dict[str, Any]:
    """The requests of all processes by time, and the fullest catalogue with its pages."""
    from pytest_models_contract.evidence.overview import requests

    parts = list(run.overviews.values()) or [added(run)[1]]
    rows = requests.merged(part["requests"] for part in parts)
    catalogues = [part["catalogue"] for part in parts if part["catalogue"]]
    return {
        "requests": rows[: requests.MOST],
        "catalogue": max(catalogues, key=_fullness, default=None),
    }


def not_asked_for(run: Run) -> dict[str, int]:
    """How many checks each option adds that was not given, as far as the server under test allows it."""
    from pytest_models_contract.suite import checks

    recorded = run.target is not None and run.target.cassette is not None
    others = {*run.settings.asked_for, *(NEED_A_SERVER if recorded else ())}
    needs = (facts.needs for facts in checks.of_revision(run.revision))
    return dict(Counter(option for option in needs if option not in others))


def _stage(evidence: Evidence) -> Stage:
    known = frozenset({"crawl", "responses", "walks"} & vars(evidence).keys())
    return Stage(evidence.api.readings, known)


def _catalogue(run: Run, evidence: Evidence) -> dict[str, Any] | None:
    """The models and pages as far as the checks have read them: nothing is sent for the report."""
    if not was_read(evidence):
        return None
    from pytest_models_contract.evidence.overview import models, pages, texts

    clean = texts.cleaner(run.redactor)
    is_relayed = not set(run.upstream_ids).isdisjoint(evidence.ids)
    mirrors = is_relayed and run.settings.proxy == "mirror"
    ids = run.upstream_ids if mirrors else evidence.ids
    return {
        "size": len(ids),
        "of_upstream": mirrors,
        "models": models.table(evidence, clean),
        "groups": pages.groups(evidence, ids, clean),
        "not_compared": clean(evidence.unusable_ids or evidence.changing),
    }


def _fullness(catalogue: dict[str, Any]) -> tuple[int, int]:
    pages = sum(len(group["rows"]) for group in catalogue["groups"])
    return len(catalogue["models"]["rows"]), pages
