"""Request variants, by a beta, a version or another key header, and what is said of their responses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from conformant.kit import models_of, odd, on_copy, refused
from judging import Verdict, judged, judged_alone

from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.spec.revision import Revision

BETAS = Revision.load().betas


def beta(request: Request) -> bool:
    return "anthropic-beta" in request.headers


def seen(check: str, *oddities: Any, models: int = 27) -> Verdict:
    return judged_alone(check, odd(*oddities, models=models))[0]


def dated_by_number(place: int, when: Callable[[Request], bool]) -> Any:
    @on_copy
    def spoil(request: Request, response: Response) -> None:
        models = models_of(response)
        if len(models) > 1 and when(request):
            models[place]["created_at"] = 5

    return spoil


@on_copy
def with_news(request: Request, response: Response) -> None:
    for model in models_of(response):
        model["news"] = beta(request)


# --- with every beta ------------------------------------------------------------------------------

ACCEPTED = "headers/betas_are_accepted"


def test_what_is_wrong_without_a_beta_too_is_no_fault_of_the_beta() -> None:
    always = dated_by_number(1, lambda _: True)
    assert seen(ACCEPTED, always, with_news).verdict == "holds"


@pytest.mark.parametrize("place", [0, 2])
def test_what_is_wrong_elsewhere_with_a_beta_is_its_fault(place: int) -> None:
    always, then = dated_by_number(1, lambda q: not beta(q)), dated_by_number(place, beta)
    assert seen(ACCEPTED, always, then).why == (
        f"/data/{place}/created_at is not as the schema has it; expected the list,"
        " as without the header"
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": 206}, "status 206"),
        ({"status": 400}, "status 400"),
        ({"body": {}}, "status 200 without a page"),
    ],
)
def test_an_answer_that_is_no_list_is_told_by_its_status(change: Any, told: str) -> None:
    def if_none(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, **change) if beta(request) else response

    assert seen(ACCEPTED, if_none).why == f"{told}; expected the list, as without the header"


def several_refused(ask: Ask, request: Request) -> Response:
    return refused(400) if "," in request.headers.get("anthropic-beta", "") else ask(request)


def test_betas_that_are_refused_together_alone_are_named_up_to_three() -> None:
    assert len(BETAS) > 3
    assert seen(ACCEPTED, several_refused).where == ",".join(BETAS[:3])


def refused_with_a_beta(ask: Ask, request: Request) -> Response:
    return refused(400) if beta(request) else ask(request)


def refused_when_bare(ask: Ask, request: Request) -> Response:
    return ask(request) if beta(request) or request.query else refused(400)


@pytest.mark.parametrize("descending", [True, False])
def test_the_list_in_another_order_is_told(descending: bool) -> None:
    @on_copy
    def sorted_by_id(request: Request, response: Response) -> None:
        if beta(request):
            models_of(response).sort(key=lambda model: str(model["id"]), reverse=descending)

    assert seen("headers/betas_keep_the_list", sorted_by_id).verdict == "violated"


@pytest.mark.parametrize(
    ("oddity", "verdict", "why"),
    [
        (refused_with_a_beta, "unexercised", "see headers/betas_are_accepted"),
        (refused_when_bare, "holds", "1 answer"),
    ],
)
def test_only_what_is_answered_both_ways_is_compared(oddity: Any, verdict: str, why: str) -> None:
    told = seen("headers/betas_keep_the_list", oddity)
    assert (told.verdict, told.why) == (verdict, why)


@pytest.mark.parametrize("other", ["a", "z"])
def test_another_model_is_told_whichever_it_is(other: str) -> None:
    @on_copy
    def renamed(request: Request, response: Response) -> None:
        if beta(request):
            response.body["id"] = other

    told = seen("headers/betas_are_accepted_on_retrieve", renamed)
    assert told.level == "must"
    assert told.why == "status 200; expected the model, as when asked plainly"


def retrieved(change: Callable[[Response], Response], when: Callable[[Request], bool]) -> Any:
    """Have the answer to a retrieve changed."""

    def spoil(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return change(response) if request.path != "/v1/models" and when(request) else response

    return spoil


def not_found(response: Response) -> Response:
    return replace(response, status=404)


def renamed(response: Response) -> Response:
    return replace(response, body={**response.body, "display_name": "Claude"})


@pytest.mark.parametrize(
    ("change", "why"),
    [(not_found, "status 404"), (lambda response: replace(response, body=[]), "status 200")],
)
def test_what_is_no_found_model_is_told_by_its_status(change: Any, why: str) -> None:
    told = seen("headers/betas_are_accepted_on_retrieve", retrieved(change, beta))
    assert told.why == f"{why}; expected the model, as when asked plainly"


@pytest.mark.parametrize("change", [not_found, renamed])
def test_where_plain_retrieves_are_wrong_no_other_way_is_accused(
    change: Callable[[Response], Response],
) -> None:
    told = seen("headers/betas_are_accepted_on_retrieve", retrieved(change, lambda _: True))
    assert (told.verdict, told.why) == (
        "unexercised",
        "no listed model could be retrieved: see retrieve/listed_models_are_found",
    )


@pytest.mark.parametrize("way", ["beta_query_is_accepted", "newer_version_is_answered_the_same"])
def test_a_list_of_another_kind_is_compared_with_none(way: str) -> None:
    def foreign(ask: Ask, request: Request) -> Response:
        return replace(ask(request), body={"object": "list", "data": [{"object": "model"}]})

    assert seen(f"headers/{way}[list]", foreign).verdict == "unexercised"


def test_a_page_with_another_status_is_told_by_it() -> None:
    def accepted(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, status=203) if request.get("beta") else response

    told = seen("headers/beta_query_is_accepted[list]", accepted)
    assert (told.level, told.why) == (
        "must",
        "status 203; expected status 200, as in the plain list",
    )


# --- a key that is a word like others -------------------------------------------------------------


@pytest.mark.parametrize("key", ["a-common-word", "word-in-common"])
def test_a_key_that_shows_where_another_was_sent_is_no_echo(key: str) -> None:
    def named(ask: Ask, request: Request) -> Response:
        response = ask(request)
        word = key if request.headers.get("x-api-key") else "word"
        return replace(response, headers={**response.headers, "x-own": word})

    found = judged(Fake(key=key, faults=[named]), key=key, only=["errors"], aliases={})
    assert found["errors/no_answer_repeats_the_key"].verdict == "holds"


# --- what is looked at ----------------------------------------------------------------------------


@pytest.mark.parametrize("models", [2, 27])
def test_the_beta_query_is_tried_beyond_a_cursor_too(models: int) -> None:
    def refused_there(ask: Ask, request: Request) -> Response:
        return refused(400) if request.get("beta") and request.get("after_id") else ask(request)

    check = "headers/beta_query_is_accepted[list]"
    assert seen(check, refused_there, models=models).verdict == "violated"


def test_one_page_and_one_model_are_asked_for_in_each_variant() -> None:
    evidence = {
        "headers/betas_are_accepted_on_retrieve": "1 model",
        "headers/beta_query_is_accepted[list]": "1 answer",
        "headers/allowed_fallback_models": "10 models",
    }
    assert {check: seen(check).why for check in evidence} == evidence


@pytest.mark.parametrize("models", [0, 1])
def test_without_a_second_model_the_beta_query_is_tried_on_the_plain_list(models: int) -> None:
    server = Fake(models)
    told, _ = judged_alone("headers/beta_query_is_accepted[list]", server)
    assert told.why == "1 answer"
    assert [request.query for request in server.asked if request.get("beta")] == [
        (("beta", "true"),)
    ]
