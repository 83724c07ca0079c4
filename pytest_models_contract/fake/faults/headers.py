"""Lies about headers: request ids, beta values, versions, the two ways to send a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    edited,
    family,
    fault,
    is_list,
    is_model,
    is_page,
    put,
    refusal,
    with_body,
    with_data,
    with_headers,
    with_page,
    without_headers,
)

NEWER, OLDER = "2026-10-21", "2023-06-01"
ONE_BETA = "token-counting-2024-11-01"
Told = Callable[[Question], bool]


@family(
    {
        "always": lambda _: True,
        "errors": lambda answer: answer.status >= 400,
        "404": lambda answer: answer.status == 404,
        "lists": is_page,
        "models": is_model,
    }
)
def request_id_absent_on(ask: Ask, question: Question, told: Any) -> Answer:
    """Answers lack the request-id header."""
    answer = ask(question)
    return with_headers(answer, request_id=None) if told(answer) else answer


@family({"constant": "req_0", "empty": ""})
def request_id_is(ask: Ask, question: Question, request_id: str) -> Answer:
    """The request-id header is always the same."""
    return with_headers(ask(question), request_id=request_id)


@fault
def request_id_of_the_path(ask: Ask, question: Question) -> Answer:
    """The request-id header is the same for the same path."""
    return with_headers(ask(question), request_id=f"req_{len(question.path):06d}")


@fault
def request_id_comes_in_pairs(ask: Ask, question: Question) -> Answer:
    """Each request-id is given out twice."""
    return with_headers(ask(question), request_id=f"req_{question.number // 2:06d}")


@fault
def request_id_has_another_name(ask: Ask, question: Question) -> Answer:
    """The id of the request comes as x-request-id only."""
    answer = ask(question)
    return with_headers(answer, request_id=None, x_request_id=answer.headers["request-id"])


@fault
def request_id_differs_in_the_body(ask: Ask, question: Question) -> Answer:
    """An error's body names another request than its header."""
    answer = ask(question)
    if answer.status < 400:
        return answer
    return with_body(answer, put(answer.body, "request_id", f"req_x{question.number}"))


def betas_of(question: Question) -> str:
    """The beta values that were sent, as they came."""
    return question.headers.get("anthropic-beta", "")


BETA_OCCASIONS: dict[str, Told] = {
    "any": lambda question: bool(betas_of(question)),
    "one-value": lambda question: ONE_BETA in betas_of(question),
    "joined": lambda question: "," in betas_of(question),
    "many": lambda question: betas_of(question).count(",") > 9,
    "on-retrieve": lambda question: bool(betas_of(question)) and not is_list(question),
}


@family(BETA_OCCASIONS)
def beta_refused(ask: Ask, question: Question, told: Told) -> Answer:
    """A beta value that the reference lists is refused with 400."""
    answer = ask(question)
    if not told(question):
        return answer
    return refusal(question, answer, 400, "invalid_request_error", "anthropic-beta: not known")


@family(BETA_OCCASIONS)
def beta_crashes(ask: Ask, question: Question, told: Told) -> Answer:
    """A beta value that the reference lists gets 500."""
    answer = ask(question)
    return refusal(question, answer, 500, "api_error", "no") if told(question) else answer


@family(
    {
        "null-cursors": lambda answer: with_page(answer, first_id=None, last_id=None),
        "string-has_more": lambda answer: with_page(answer, has_more="false"),
        "bare-array": lambda answer: with_body(answer, answer.body["data"]),
        "reordered": lambda answer: with_data(answer, answer.body["data"][::-1]),
        "one-less": lambda answer: with_data(answer, answer.body["data"][:-1]),
        "empty": lambda answer: with_page(with_data(answer, []), has_more=False),
    }
)
def beta_list_is(ask: Ask, question: Question, edit: Callable[[Answer], Answer]) -> Answer:
    """A list asked for with a beta value is not the list."""
    answer = ask(question)
    return edit(answer) if betas_of(question) and is_page(answer) else answer


@family({"type": "type", "created_at": "created_at", "display_name": "display_name"})
def beta_models_lack(ask: Ask, question: Question, name: str) -> Answer:
    """Models asked for with a beta value lack a property."""
    if not betas_of(question):
        return ask(question)
    return edited(ask, question, lambda m: {k: v for k, v in m.items() if k != name})


@family({NEWER: NEWER, OLDER: OLDER})
def version_refused(ask: Ask, question: Question, version: str) -> Answer:
    """One of the two versions that clients send is refused."""
    answer = ask(question)
    if question.headers.get("anthropic-version") != version:
        return answer
    return refusal(question, answer, 400, "invalid_request_error", f"version {version} not known")


@family({NEWER: NEWER, OLDER: OLDER})
def version_crashes(ask: Ask, question: Question, version: str) -> Answer:
    """One of the two versions that clients send gets 500."""
    answer = ask(question)
    if question.headers.get("anthropic-version") != version:
        return answer
    return refusal(question, answer, 500, "api_error", "internal error")


@family(
    {
        f"{version}-{name}": (version, edit)
        for version in (NEWER, OLDER)
        for name, edit in {
            "one-less": lambda page: page | {"data": page["data"][:-1]},
            "reordered": lambda page: page | {"data": page["data"][::-1]},
            "openai": lambda page: {"object": "list", "data": [_openai(m) for m in page["data"]]},
        }.items()
    }
)
def version_list_is(ask: Ask, question: Question, case: tuple[str, Any]) -> Answer:
    """One of the two versions that clients send gets another list."""
    version, edit = case
    answer = ask(question)
    if not is_page(answer) or question.headers.get("anthropic-version") != version:
        return answer
    page = edit(answer.body)
    changed = with_body(answer, page)
    return with_data(changed, page["data"]) if "has_more" in page else changed


def _openai(model: Any) -> Any:
    return {"id": model["id"], "object": "model", "created": 0, "owned_by": "anthropic"}


@family(
    {
        f"{place}-{status}": (place, status, kind)
        for place in ("list", "model")
        for status, kind in {
            400: "invalid_request_error",
            404: "not_found_error",
            500: "api_error",
        }.items()
    }
)
def beta_namespace_gets(ask: Ask, question: Question, case: tuple[str, int, str]) -> Answer:
    """`?beta=true`, which the SDKs' beta namespace sends, is not accepted."""
    place, status, kind = case
    answer = ask(question)
    here = is_list(question) == (place == "list")
    if question.get("beta") is None or not here or answer.status != 200:
        return answer
    return refusal(question, answer, status, kind, "beta: not known")


@family(
    {
        "string": "claude-opus-5",
        "ints": [1, 2],
        "objects": [{"id": "claude-opus-5"}],
        "null-inside": [None],
        "object": {"claude-opus-5": True},
        "false": False,
        "empty-string": "",
    }
)
def allowed_fallback_models_is(ask: Ask, question: Question, value: Any) -> Answer:
    """`?beta=true` gives fallbacks that are no list of ids."""
    if question.get("beta") is None:
        return ask(question)
    return edited(ask, question, lambda model: model | {"allowed_fallback_models": value})


@fault
def retrieved_fallbacks_are_no_list(ask: Ask, question: Question) -> Answer:
    """`?beta=true` gives a single model fallbacks that are no list of ids."""
    answer = ask(question)
    if question.get("beta") is None or not is_model(answer):
        return answer
    return with_body(answer, answer.body | {"allowed_fallback_models": "claude-opus-5"})


@fault
def beta_namespace_lists_less(ask: Ask, question: Question) -> Answer:
    """`?beta=true` leaves the last model of a page out."""
    answer = ask(question)
    if question.get("beta") is None or not is_page(answer):
        return answer
    return with_data(answer, answer.body["data"][:-1])


@family({"bearer": "authorization", "x-api-key": "x-api-key"})
def key_not_taken_as(ask: Ask, question: Question, header: str) -> Answer:
    """A server that asks for a key does not look for it in one of the two headers."""
    return ask(without_headers(question, header))


@family({"bearer": "authorization", "x-api-key": "x-api-key"})
def other_list_for(ask: Ask, question: Question, header: str) -> Answer:
    """One of the two ways to send the key gets a list without its first model."""
    answer = ask(question)
    if header not in question.headers or not is_page(answer):
        return answer
    return with_data(answer, answer.body["data"][1:])


@fault
def lower_case_bearer_only(ask: Ask, question: Question) -> Answer:
    """The word Bearer is taken in small letters only."""
    if question.headers.get("authorization", "").startswith("Bearer"):
        question = without_headers(question, "authorization")
    return ask(question)
