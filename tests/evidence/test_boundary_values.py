"""Boundary values of rules: the last status that counts and the first that does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from conformant.kit import altered, models_of, on_copy
from judging import KEY, fake, judged, judged_alone

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.evidence import page_rules
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "refusal"), [(399, False), (400, True), (499, True), (500, False), (501, False)]
)
def test_a_refusal_is_any_4xx_and_nothing_else(status: int, refusal: bool) -> None:
    def refuses(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, status=status, body={}) if response.status >= 400 else response

    found = judged(altered(refuses), only=["limit", "retrieve", "errors"])
    for check in ("limit/refuses[0]", "retrieve/unknown_id_is_refused[name]"):
        assert found[check].verdict == ("holds" if refusal else "violated")
    for check in ("errors/unknown_model_is_not_found", "errors/body_is_an_error_object"):
        assert found[check].verdict == ("violated" if refusal else "unexercised")
    crash = found["limit/malformed_is_no_server_error[fraction]"]
    assert crash.verdict == ("holds" if status < 500 else "violated")


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (299, ""),
        (300, "not followed"),
        (399, "not followed"),
        (400, ""),
        (403, ""),
        (404, "without /v1"),
        (405, ""),
    ],
)
def test_the_hint_belongs_to_the_status(status: int, hint: str) -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    found = page_rules.status_not_200(replace(api.list(), status=status))
    api.close()
    assert found is not None
    assert (hint in found.hint) if hint else (found.hint == "")


@pytest.mark.parametrize(
    ("models", "verdict"), [(19, "unexercised"), (20, "unexercised"), (21, "holds")]
)
def test_the_default_is_tested_with_one_model_more(models: int, verdict: str) -> None:
    assert judged_alone("limit/default", Fake(models, key=KEY))[0].verdict == verdict


# --- a page whose models have no ids --------------------------------------------------------------


@pytest.mark.parametrize(("first_id", "why"), [
    (None, "holds"), ("anything", "holds"), (5, "5; expected an id"), ([], "[]; expected an id"),
])  # fmt: skip
def test_without_an_id_first_id_may_be_null_or_any_id(first_id: Any, why: str) -> None:
    @on_copy
    def without_ids(_: Request, response: Response) -> None:
        for model in models_of(response):
            model.pop("id", None)
        if "first_id" in response.body:
            response.body["first_id"] = first_id

    seen, _ = judged_alone("model_list/first_id", altered(without_ids))
    assert (seen.why if seen.verdict == "violated" else seen.verdict) == why


# --- keys that are ordinary words -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "verdict"), [(KEY, "violated"), ("models-contract-wrong-key-0000", "holds")]
)
def test_a_wrong_key_in_responses_to_every_key_is_an_ordinary_word(word: str, verdict: str) -> None:
    def with_motto(ask: Ask, request: Request) -> Response:
        response = ask(request)
        motto = word if "x-api-key" in request.headers else "nobody"
        return replace(response, headers={**response.headers, "x-motto": motto})

    seen, _ = judged_alone("errors/no_answer_repeats_the_key", altered(with_motto))
    assert seen.verdict == verdict


@pytest.mark.parametrize("word", ["claude", "Opus", "1", "null", "data", "not_found_error", "test"])
def test_a_key_that_is_part_of_responses_is_an_ordinary_word(word: str) -> None:
    called = [{"id": f"test-{n}"} for n in range(3)] if word == "test" else 27
    found = judged(Fake(called, key=word), key=word, aliases={}, only=["errors"])
    assert found["errors/no_answer_repeats_the_key"].verdict == "holds"


def _echo_in_models(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return replace(response, headers={**response.headers, "x-key": _key(request, response)})


def _key(request: Request, response: Response) -> str:
    found = response.status == 200 and request.path != "/v1/models"
    return request.headers.get("x-api-key", "") if found else ""


def test_the_key_is_searched_in_models_too() -> None:
    seen, _ = judged_alone("errors/no_answer_repeats_the_key", altered(_echo_in_models))
    assert seen.why == "the key that was sent; expected a response without it"


# --- what an error looks like ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("media_type", "why"),
    [("application/geo+json", "content-type application/geo+json"), ("", "no content-type")],
)
def test_an_error_has_the_content_type_of_json(media_type: str, why: str) -> None:
    def typed(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.status < 400:
            return response
        others = {n: text for n, text in response.headers.items() if n.lower() != "content-type"}
        return replace(
            response, headers=others | ({"content-type": media_type} if media_type else {})
        )

    seen, _ = judged_alone("errors/body_is_an_error_object", altered(typed))
    assert seen.why.startswith(f"{why}; expected")
