"""One run: it accuses only what a second reading confirms, and says what it met."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from judging import KEY, fake

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.verdict import NotJudged, Unexercised, Violation
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Fake
from pytest_models_contract.session.run import MOST_ATTEMPTS, Run, went_on
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


def accusing(run: Run, *, compares: bool, turns: int) -> list[int]:
    """Judge a check that fails so often and then holds; what is left says how often it was run."""
    ran: list[int] = []

    def check() -> None:
        ran.append(len(run.asked.models))
        if len(ran) <= turns:
            response = run.asked.api.list(limit=2)
            raise Violation([response.finding("a", "b")], compares=compares)

    run.judge(check)
    return ran


def test_a_check_that_holds_runs_once(run: Run) -> None:
    assert accusing(run, compares=True, turns=0) == [27]


@pytest.mark.parametrize("compares", [True, False])
def test_what_stands_is_a_violation_at_once(run: Run, compares: bool) -> None:
    with pytest.raises(Violation):
        accusing(run, compares=compares, turns=1)
    assert run.asked.api.readings == 0


def test_what_a_second_reading_does_not_confirm_is_read_again() -> None:
    moving = [fake(models=26), fake(models=27)]
    moved = asked_of(lambda *wsgi: moving[0](*wsgi))

    def check() -> None:
        if len(moved.asked.models) == 26:
            moving.pop(0)
            raise Violation([moved.asked.api.list().finding("a", "b")], compares=True)

    moved.judge(check)
    assert moved.asked.api.readings == 1


def test_a_server_that_never_answers_the_same_is_accused_in_the_end() -> None:
    def changing(ask: Any, request: Any) -> Any:
        answer = ask(request)
        answer.body = {**answer.body, "has_more": request.number % 2 == 0}
        return answer

    run = asked_of(fake(changing))
    tries: list[int] = []

    def check() -> None:
        tries.append(1)
        raise Violation([run.asked.api.list().finding("a", "b")], compares=True)

    with pytest.raises(Violation):
        run.judge(check)
    assert 1 <= len(tries) <= MOST_ATTEMPTS


def test_a_check_has_three_attempts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Evidence, "repeats", lambda *_: False)
    assert len(accusing(run, compares=True, turns=2)) == 3
    with pytest.raises(Violation):
        accusing(run, compares=True, turns=3)


def test_where_a_question_was_lost_no_occasion_is_no_judgement(run: Run) -> None:
    def check() -> None:
        raise Unexercised("no page")

    with pytest.raises(Unexercised, match="no page"):
        run.judge(check)
    run.asked.lost.append("the server kept silent")
    with pytest.raises(NotJudged, match="kept silent"):
        run.judge(check)


def test_before_anything_is_asked_there_is_no_survey() -> None:
    settings: Any = SimpleNamespace()
    with pytest.raises(RuntimeError, match="not asked yet"):
        _ = Run(settings, Revision.load(), {}, None).asked


@pytest.mark.parametrize(
    ("served", "held", "met"),
    [
        ("2026-04-16", "2026-04-16", "2026-04-16"),
        ("2024-12-17", "2026-04-16", "2024-12-17"),
        ("2026-10-15", "2026-04-16", "2026-10-15"),
    ],
)
def test_the_newest_revision_that_is_met_is_found(served: str, held: str, met: str) -> None:
    run = asked_of(Fake(30, served, KEY), held)
    assert run.asked.models
    assert run.facts()["meets_revision"] == met


def test_news_says_which_revision_knows_a_field() -> None:
    own = {**Fake(1, "2026-10-07").models[0], "x_own": 1}
    run = asked_of(Fake([own], key=KEY))
    assert run.asked.models
    news = run.facts()["news"]
    assert "ModelInfo.lifecycle, known since 2026-10-07" in news
    assert "ModelInfo.x_own, in no known revision" in news


def test_an_unread_survey_has_nothing_to_tell(run: Run) -> None:
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
def test_a_catalogue_has_no_rest_where_models_only_come_or_only_go(
    readings: list[str], one_way: bool
) -> None:
    assert went_on([list(ids) for ids in readings]) == one_way
