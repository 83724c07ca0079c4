"""One run: a violation needs a second reading; the facts say what the run found."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from judging import KEY, fake

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.verdict import NotJudged, Unexercised, Violation
from pytest_models_contract.evidence import rereading
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Fake
from pytest_models_contract.session.run import MOST_ATTEMPTS, Run, changed_one_way
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS


@pytest.fixture
def run() -> Iterator[Run]:
    found = asked_of(fake())
    yield found
    found.asked.api.close()


def asked_of(app: Any, revision: str = "2026-04-16") -> Run:
    settings: Any = SimpleNamespace()
    run = Run(settings, Revision.load(revision), {}, None)
    run.evidence = Evidence(ModelsAPI(IN_PROCESS, Wsgi(app), key=KEY), run.revision)
    return run


def runs_of(run: Run, *, compares: bool, turns: int) -> list[int]:
    """Judge a check that fails the first `turns` times; returns the number of models at each of its runs."""
    ran: list[int] = []

    def check() -> None:
        ran.append(len(run.asked.models))
        if len(ran) <= turns:
            response = run.asked.api.list(limit=2)
            raise Violation([response.finding("a", "b")], compares=compares)

    run.judge(check)
    return ran


def test_a_check_that_passes_runs_once(run: Run) -> None:
    assert runs_of(run, compares=True, turns=0) == [27]


@pytest.mark.parametrize("compares", [True, False])
def test_a_confirmed_violation_needs_one_run(run: Run, compares: bool) -> None:
    with pytest.raises(Violation):
        runs_of(run, compares=compares, turns=1)
    assert run.asked.api.readings == 0


def test_an_unconfirmed_violation_runs_the_check_again() -> None:
    moving = [fake(models=26), fake(models=27)]
    moved = asked_of(lambda *wsgi: moving[0](*wsgi))

    def check() -> None:
        if len(moved.asked.models) == 26:
            moving.pop(0)
            raise Violation([moved.asked.api.list().finding("a", "b")], compares=True)

    moved.judge(check)
    assert moved.asked.api.readings == 1


def test_a_server_whose_responses_always_differ_is_violated_in_the_end() -> None:
    def changing(ask: Any, request: Any) -> Any:
        response = ask(request)
        response.body = {**response.body, "has_more": request.number % 2 == 0}
        return response

    run = asked_of(fake(changing))
    tries: list[int] = []

    def check() -> None:
        tries.append(1)
        raise Violation([run.asked.api.list().finding("a", "b")], compares=True)

    with pytest.raises(Violation):
        run.judge(check)
    assert 1 <= len(tries) <= MOST_ATTEMPTS


def test_a_check_has_three_attempts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "repeats", lambda *_: False)
    assert len(runs_of(run, compares=True, turns=2)) == 3
    with pytest.raises(Violation):
        runs_of(run, compares=True, turns=3)


def test_after_a_request_without_a_response_a_check_without_a_case_is_not_judged(run: Run) -> None:
    def check() -> None:
        raise Unexercised("no page")

    with pytest.raises(Unexercised, match="no page"):
        run.judge(check)
    run.asked.lost.append("the server kept silent")
    with pytest.raises(NotJudged, match="kept silent"):
        run.judge(check)


def test_before_the_first_request_there_is_no_evidence() -> None:
    settings: Any = SimpleNamespace()
    with pytest.raises(RuntimeError, match="no request has been sent"):
        _ = Run(settings, Revision.load(), {}, None).asked


@pytest.mark.parametrize(
    ("served", "chosen", "met"),
    [
        ("2026-04-16", "2026-04-16", "2026-04-16"),
        ("2024-12-17", "2026-04-16", "2024-12-17"),
        ("2026-10-15", "2026-04-16", "2026-10-15"),
        # Models do not show the difference between these two.
        ("2026-11-24", "2026-04-16", "2026-10-15"),
        ("2026-11-24", "2026-11-24", "2026-11-24"),
    ],
)
def test_the_newest_revision_that_the_responses_meet_is_found(
    served: str, chosen: str, met: str
) -> None:
    run = asked_of(Fake(30, served, KEY), chosen)
    assert run.asked.models
    assert run.facts()["meets_revision"] == met


def test_an_unknown_field_comes_with_the_revision_that_knows_it() -> None:
    own = {**Fake(1, "2026-10-07").models[0], "x_own": 1}
    run = asked_of(Fake([own], key=KEY))
    assert run.asked.models
    unknown = run.facts()["news"]
    assert "ModelInfo.lifecycle, known since 2026-10-07" in unknown
    assert "ModelInfo.x_own, in no known revision" in unknown


def test_without_a_reading_the_facts_are_empty(run: Run) -> None:
    facts = run.facts()
    assert (facts["news"], facts["meets_revision"], facts["models"]) == ([], None, 0)


@pytest.mark.parametrize(
    ("readings", "one_way"),
    [
        (["a", "ba", "cba"], True),
        (["a", "a", "ba", "ba", "cba", "cba"], True),
        (["a", "ab", "abc"], True),
        (["ab", "acb", "acdb"], True),
        (["cba", "ba", "a"], True),
        (["", "a", "ab"], True),
        (["a", "ba", "ba", "ba"], False),
        (["a", "ba", "a"], False),
        (["a", "ba", "bca"], True),
        (["ab", "cab", "cbad"], False),
        (["a", "bb", "ccc"], False),
    ],
)
def test_a_catalogue_changes_one_way_if_models_are_only_added_or_only_removed(
    readings: list[str], one_way: bool
) -> None:
    assert changed_one_way([list(ids) for ids in readings]) == one_way
