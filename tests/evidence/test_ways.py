"""The other ways to ask: each has a model and a page, whose right answer is as good as the plain one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from innocent.kit import refused
from judging import ALONE, KEY, fake, judged
from mutants import FAULTS

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import PLAIN, Question, Received, Reply
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence import ways
from pytest_models_contract.evidence.gathering import Survey
from pytest_models_contract.evidence.plan import PLAIN_ID
from pytest_models_contract.fake import Answer, Ask, Fake
from pytest_models_contract.fake import Question as Asked
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

HABITS = ["betas", "version", "query", "key"]


@contextmanager
def surveyed(server: Fake | None = None, key: str | None = KEY) -> Iterator[Survey]:
    api = ModelsAPI(IN_PROCESS, Wsgi(server or fake()), key=key)
    yield Survey(api, Revision.load())
    api.close()


def asked_plainly(server: Fake) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    """Path and query of what was asked with the version and the key as ever, and without betas."""
    return {
        (question.path, question.query)
        for question in server.asked
        if question.headers.get("anthropic-version") == "2023-06-01"
        and question.headers.get("x-api-key") == KEY
        and "anthropic-beta" not in question.headers
    }


def windows(survey: Survey) -> list[dict[str, Any]]:
    return [dict(way.window) for way in survey.other_ways.values() if way.window]


def question(window: dict[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    order = ["after_id", "before_id", "limit"]
    return "/v1/models", tuple((name, str(window[name])) for name in order if name in window)


# --- what is asked for in another way ------------------------------------------------------------


def test_each_way_has_a_model_and_a_page_of_its_own() -> None:
    with surveyed() as survey:
        habits = {name: way for name, way in survey.other_ways.items() if way.model}
        assert list(habits) == HABITS
        models = [way.model for way in habits.values()]
        assert models == [found for found in survey.ids[1:] if PLAIN_ID.fullmatch(found)][:4]
        pages = [tuple(window.items()) for window in windows(survey)]
        assert len(set(pages)) == len(pages) == 6


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6])
def test_of_a_few_models_several_ways_have_the_same(count: int) -> None:
    with surveyed(fake(models=count)) as survey:
        models = {survey.other_ways[name].model for name in HABITS}
        assert models == {*survey.ids[1:5], *(survey.ids[:1] if count < 5 else [])} or not count
        assert all(survey.other_ways[name].window for name in HABITS) == (count > 1)
        known = {found for window in windows(survey) for found in window.values()}
        assert {found for found in known if isinstance(found, str)} <= set(survey.ids)


def test_without_a_key_there_is_no_other_way_to_send_it() -> None:
    with surveyed(Fake(models=5), key=None) as survey:
        assert "key" not in survey.other_ways


def test_what_is_answered_right_in_another_way_is_not_asked_plainly() -> None:
    server = fake()
    assert {found.verdict for found in judged(server, only=ALONE).values()} <= {
        "holds",
        "unexercised",
    }
    with surveyed() as survey:
        served = [name for name in survey.other_ways if name != "unknown_beta"]
        ways_ = [survey.other_ways[name] for name in served]
        plain = asked_plainly(server)
        assert not {question(dict(way.window)) for way in ways_ if way.window} & plain
        assert not {(f"/v1/models/{way.model}", ()) for way in ways_ if way.model} & plain


@pytest.mark.parametrize(
    ("lie", "name", "check"),
    [
        ("key_not_taken_as[bearer]", "key", "headers/key_is_taken_either_way"),
        ("version_refused[2026-10-21]", "version", "headers/newer_version_is_answered_the_same"),
    ],
)
def test_what_is_refused_in_another_way_is_asked_plainly_too(
    lie: str, name: str, check: str
) -> None:
    server = fake(FAULTS[lie])
    found = judged(server, only=ALONE)
    assert {f"{check}[list]", f"{check}[retrieve]"} == {
        each for each, seen in found.items() if seen.verdict == "violated"
    }
    with surveyed() as survey:
        way = survey.other_ways[name]
        assert way.window
        assert {question(dict(way.window)), (f"/v1/models/{way.model}", ())} <= asked_plainly(
            server
        )


def test_the_newest_version_is_asked_for_with_a_bearer_token_where_that_is_taken() -> None:
    with surveyed() as survey:
        assert ways.beside_a_cursor("version", survey)["variant"].auth == "other-way"
    for lie in ("key_not_taken_as[bearer]", "other_list_for[bearer]"):
        with surveyed(fake(FAULTS[lie])) as survey:
            assert ways.beside_a_cursor("version", survey)["variant"] == ways.NEWER_VERSION


# --- what is right -------------------------------------------------------------------------------


def told(survey: Survey, asked: Question, **otherwise: Any) -> Reply:
    """The answer of the server, with something else in it."""
    received = survey.api.ask(asked).received
    return survey.api.wire.reply(asked, received._replace(**otherwise))


def spoiled(change: Callable[[Any], Any], received: Received) -> bytes:
    body = json.loads(received.body)
    change(body)
    return json.dumps(body).encode()


LAST = Question("/v1/models", (("after_id", "claude-2.1"), ("limit", "3")))
MODEL = Question("/v1/models/claude-opus-4-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(first_id=None),
        lambda body: body.update(last_id=body["first_id"]),
        lambda body: body.update(has_more=not body["has_more"]),
        lambda body: body.update(has_more="true"),
        lambda body: body.pop("has_more"),
        lambda body: body["data"].pop(),
        lambda body: body["data"].clear(),
        lambda body: body["data"].reverse(),
        lambda body: body["data"][1].update(display_name="Claude"),
        lambda body: body["data"][1].pop("type"),
        lambda body: body.pop("data"),
    ],
)
def test_a_page_that_is_not_as_the_catalogue_has_it_is_not_right(
    change: Callable[[Any], Any],
) -> None:
    with surveyed() as survey:
        assert ways.is_right_page(survey.api.ask(LAST), survey)
        body = spoiled(change, survey.api.ask(LAST).received)
        assert not ways.is_right_page(told(survey, LAST, body=body), survey)


def test_fields_that_no_revision_knows_may_differ() -> None:
    with surveyed() as survey:
        body = spoiled(
            lambda body: body["data"][1].update(news=True), survey.api.ask(LAST).received
        )
        assert ways.is_right_page(told(survey, LAST, body=body), survey)


@pytest.mark.parametrize("otherwise", [{"status": 203}, {"broken": "the body broke off"}])
@pytest.mark.parametrize("asked", [LAST, MODEL])
def test_another_status_or_half_a_body_is_not_right(
    asked: Question, otherwise: dict[str, Any]
) -> None:
    with surveyed() as survey:
        reply = told(survey, asked, **otherwise)
        if asked is LAST:
            assert not ways.is_right_page(reply, survey)
        else:
            assert ways.is_right_model(survey.api.ask(asked), "claude-opus-4-8", survey)
            assert not ways.is_right_model(reply, "claude-opus-4-8", survey)


def test_another_model_is_not_right() -> None:
    with surveyed() as survey:
        assert not ways.is_right_model(survey.api.ask(MODEL), "claude-opus-5", survey)
        assert not ways.is_right_model(survey.api.retrieve("none"), "none", survey)


def test_a_plain_answer_is_plain() -> None:
    with surveyed() as survey:
        first = survey.ids[0]
        assert ways.model(survey, first).question.variant == PLAIN
        reply = ways.page(survey, limit=3, after_id=None)
        assert reply
        assert reply.question.query == (("limit", "3"),)


# --- where there is less ---------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "place"), [(2, 0), (3, 0), (4, 1)])
def test_where_pages_run_out_one_model_is_asked_for_beyond_a_cursor(count: int, place: int) -> None:
    with surveyed(fake(models=count)) as survey:
        assert survey.other_ways["key"].window == {"limit": 1, "after_id": survey.ids[place]}


def test_ids_that_are_no_cursors_are_no_pages_of_other_ways() -> None:
    with surveyed(fake(FAULTS["property_absent[id]"])) as survey:
        assert survey.ids
        assert not [way for way in survey.other_ways.values() if way.window]


def test_the_newest_version_goes_with_the_usual_key_where_there_is_no_other_way() -> None:
    with surveyed(Fake(models=5), key=None) as survey:
        assert ways.beside_a_cursor("version", survey) == {"variant": ways.NEWER_VERSION}
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY, auth="bearer")
    survey = Survey(api, Revision.load())
    assert ways.beside_a_cursor("version", survey) == {"variant": ways.NEWER_VERSION}
    api.close()


def test_a_bearer_token_that_is_refused_beyond_a_cursor_is_not_taken() -> None:
    def there(ask: Ask, question: Asked) -> Answer:
        beyond = question.get("after_id") or question.get("before_id")
        return refused(401) if beyond and "authorization" in question.headers else ask(question)

    with surveyed(fake(there)) as survey:
        assert ways.beside_a_cursor("version", survey) == {"variant": ways.NEWER_VERSION}


def test_what_is_held_to_the_plain_answer_is_held_to_that_of_the_same_question() -> None:
    with surveyed() as survey:
        other = survey.api.list(variant=ways.OTHER_WAY)
        assert ways.is_right_page(other, survey)
        assert ways.plain_page(other, {}, survey).question.variant == PLAIN
        window = {"limit": 3, "after_id": "claude-2.1"}
        wrong = told(survey, LAST, status=203)
        assert ways.plain_page(wrong, window, survey).question == LAST


def test_a_page_that_no_other_way_gives_is_asked_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    with surveyed() as survey:
        window = survey.other_ways["betas"].window
        ask = survey.api.ask

        def lacking(question: Any) -> Any:
            if question.variant != PLAIN:
                raise Unexercised("not recorded")
            return ask(question)

        monkeypatch.setattr(survey.api, "ask", lacking)
        assert window
        reply = ways.page(survey, **window)
        assert reply
        assert reply.question.variant == PLAIN


def test_an_empty_page_stands_in_for_none() -> None:
    with surveyed() as survey:
        beyond = survey.api.list(after_id=survey.ids[-1])
        assert beyond.ok
        assert not ways.is_right_page(beyond, survey)


def test_a_page_of_another_stretch_is_not_right() -> None:
    with surveyed() as survey:
        asked = survey.api.list(after_id=survey.ids[2], limit=3)
        elsewhere = survey.api.list(after_id=survey.ids[5], limit=3)
        assert ways.is_right_page(asked, survey)
        assert not ways.is_right_page(told(survey, asked.question, body=elsewhere.body), survey)
