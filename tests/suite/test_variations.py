"""Request variants with a beta, a version or another key header, and the findings on their responses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from conformant.kit import altered, models_of, on_copy, refused
from judging import Verdict, judged, judged_alone

from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.spec.revision import Revision

BETAS = Revision.load().betas


def beta(request: Request) -> bool:
    return "anthropic-beta" in request.headers


def seen(check: str, *alterations: Any, models: int = 27) -> Verdict:
    return judged_alone(check, altered(*alterations, models=models))[0]


def dated_by_number(place: int, when: Callable[[Request], bool]) -> Any:
    @on_copy
    def spoil(request: Request, response: Response) -> None:
        models = models_of(response)
        if len(models) > 1 and when(request):
            models[place]["created_at"] = 5

    return spoil


@on_copy
def with_unknown_fields(request: Request, response: Response) -> None:
    for model in models_of(response):
        model["unknown"] = beta(request)


# --- with every beta ------------------------------------------------------------------------------

ACCEPTED = "headers/betas_are_accepted"


def test_a_problem_without_betas_too_is_not_a_violation_of_betas() -> None:
    always = dated_by_number(1, lambda _: True)
    assert seen(ACCEPTED, always, with_unknown_fields).verdict == "holds"


@pytest.mark.parametrize("place", [0, 2])
def test_another_problem_with_a_beta_is_a_violation(place: int) -> None:
    always, then = dated_by_number(1, lambda q: not beta(q)), dated_by_number(place, beta)
    assert seen(ACCEPTED, always, then).why == (
        f"/data/{place}/created_at breaks the schema; expected the list, as without the header"
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": 206}, "status 206"),
        ({"status": 400}, "status 400"),
        ({"body": {}}, "status 200 without a page"),
    ],
)
def test_a_response_that_is_not_a_list_is_described_by_its_status(change: Any, why: str) -> None:
    def changed(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, **change) if beta(request) else response

    assert seen(ACCEPTED, changed).why == f"{why}; expected the list, as without the header"


def several_refused(ask: Ask, request: Request) -> Response:
    return refused(400) if "," in request.headers.get("anthropic-beta", "") else ask(request)


def test_up_to_three_betas_refused_only_together_are_named() -> None:
    assert len(BETAS) > 3
    assert seen(ACCEPTED, several_refused).where == ",".join(BETAS[:3])


def refused_with_a_beta(ask: Ask, request: Request) -> Response:
    return refused(400) if beta(request) else ask(request)


def refused_when_bare(ask: Ask, request: Request) -> Response:
    return ask(request) if beta(request) or request.query else refused(400)


@pytest.mark.parametrize("descending", [True, False])
def test_another_order_of_the_list_is_a_finding(descending: bool) -> None:
    @on_copy
    def sorted_by_id(request: Request, response: Response) -> None:
        if beta(request):
            models_of(response).sort(key=lambda model: str(model["id"]), reverse=descending)

    assert seen("headers/betas_keep_the_list", sorted_by_id).verdict == "violated"


@pytest.mark.parametrize(
    ("alteration", "verdict", "why"),
    [
        (refused_with_a_beta, "unexercised", "see headers/betas_are_accepted"),
        (refused_when_bare, "holds", "1 response"),
    ],
)
def test_only_two_successful_responses_are_compared(
    alteration: Any, verdict: str, why: str
) -> None:
    result = seen("headers/betas_keep_the_list", alteration)
    assert (result.verdict, result.why) == (verdict, why)


@pytest.mark.parametrize("other", ["a", "z"])
def test_any_other_model_is_a_finding(other: str) -> None:
    @on_copy
    def renamed(request: Request, response: Response) -> None:
        if beta(request):
            response.body["id"] = other

    result = seen("headers/betas_are_accepted_on_retrieve", renamed)
    assert result.level == "must"
    assert result.why == "status 200; expected the model, as for the plain request"


def retrieved(change: Callable[[Response], Response], when: Callable[[Request], bool]) -> Any:
    """A fault that changes the response to a retrieve."""

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
def test_a_response_without_the_model_is_described_by_its_status(change: Any, why: str) -> None:
    result = seen("headers/betas_are_accepted_on_retrieve", retrieved(change, beta))
    assert result.why == f"{why}; expected the model, as for the plain request"


def test_a_variant_is_not_judged_where_the_plain_request_finds_no_model() -> None:
    result = seen("headers/betas_are_accepted_on_retrieve", retrieved(not_found, lambda _: True))
    assert (result.verdict, result.why) == (
        "unexercised",
        "claude-opus-5 is not found: see retrieve/listed_models_are_found",
    )


def test_a_variant_is_compared_with_the_plain_request_not_with_the_list() -> None:
    result = seen("headers/betas_are_accepted_on_retrieve", retrieved(renamed, lambda _: True))
    assert (result.verdict, result.why) == ("holds", "1 model")


@pytest.mark.parametrize("check", ["beta_query_is_accepted", "newer_version_is_answered_the_same"])
def test_a_list_in_another_format_is_compared_by_its_status(check: str) -> None:
    def foreign(ask: Ask, request: Request) -> Response:
        return replace(ask(request), body={"object": "list", "data": [{"object": "model"}]})

    assert seen(f"headers/{check}[list]", foreign).verdict == "holds"


def test_a_page_with_another_status_is_described_by_it() -> None:
    def accepted(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, status=203) if request.get("beta") else response

    result = seen("headers/beta_query_is_accepted[list]", accepted)
    assert (result.level, result.why) == (
        "must",
        "status 203; expected status 200, as in the plain list",
    )


# --- a key that is an ordinary word ---------------------------------------------------------------


@pytest.mark.parametrize("key", ["a-common-word", "word-in-common"])
def test_a_short_key_in_a_response_to_no_key_is_not_an_echo(key: str) -> None:
    def named(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, headers={**response.headers, "x-own": key})

    found = judged(Fake(key=key, faults=[named]), key=key, only=["errors"], aliases={})
    assert found["errors/no_answer_repeats_the_key"].verdict == "holds"


# --- what is requested ----------------------------------------------------------------------------


@pytest.mark.parametrize("models", [2, 27])
def test_the_beta_query_is_tested_with_a_cursor_too(models: int) -> None:
    def refused_there(ask: Ask, request: Request) -> Response:
        return refused(400) if request.get("beta") and request.get("after_id") else ask(request)

    check = "headers/beta_query_is_accepted[list]"
    assert seen(check, refused_there, models=models).verdict == "violated"


def test_one_page_and_one_model_are_requested_with_each_variant() -> None:
    evidence = {
        "headers/betas_are_accepted_on_retrieve": "1 model",
        "headers/beta_query_is_accepted[list]": "1 response",
        "headers/allowed_fallback_models": "10 models",
    }
    assert {check: seen(check).why for check in evidence} == evidence


@pytest.mark.parametrize("models", [0, 1])
def test_with_one_model_the_beta_query_is_tested_on_the_plain_list(models: int) -> None:
    server = Fake(models)
    result, _ = judged_alone("headers/beta_query_is_accepted[list]", server)
    assert result.why == "1 response"
    assert [request.query for request in server.asked if request.get("beta")] == [
        (("beta", "true"),)
    ]
