"""Lies about errors and keys: an error's shape and status, who is let in, what is repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    dropped,
    family,
    fault,
    is_list,
    is_model,
    is_page,
    lists,
    put,
    refusal,
    with_body,
    with_headers,
)

Reshape = Callable[[Answer], Answer]
SITUATIONS = {"400": 400, "401": 401, "404": 404}
HTML = b"<!doctype html><title>Error</title><h1>Something went wrong</h1>"


def _json(edit: Callable[[Model], Any]) -> Reshape:
    return lambda answer: with_body(answer, edit(answer.body))


def _text(content_type: str, text: bytes) -> Reshape:
    return lambda answer: replace(with_headers(answer, content_type=content_type), text=text)


SHAPES: dict[str, Reshape] = {
    "openai": _json(lambda body: {"error": body["error"] | {"param": None, "code": None}}),
    "fastapi": _json(lambda body: {"detail": body["error"]["message"]}),
    "fastapi-list": _json(lambda _: {"detail": [{"loc": ["query"], "msg": "no", "type": "int"}]}),
    "problem": _text("application/problem+json", b'{"title":"Error","status":400}'),
    "plain": _text("text/plain", b"error"),
    "html": _text("text/html", HTML),
    "empty": _text("application/json", b""),
    "string": _json(lambda body: body["error"]["message"]),
    "null": _json(lambda _: None),
    "in-list": _json(lambda body: [body]),
    "outer-type-absent": _json(lambda body: dropped(body, "type")),
    "outer-type-wrong": _json(lambda body: put(body, "type", "exception")),
    "error-string": _json(lambda body: put(body, "error", body["error"]["message"])),
    "error-absent": _json(lambda body: dropped(body, "error")),
    "type-absent": _json(lambda body: dropped(body, "error.type")),
    "type-unknown": _json(lambda body: put(body, "error.type", "generic_error")),
    "type-of-another-status": _json(lambda body: put(body, "error.type", "overloaded_error")),
    "type-api_error": _json(lambda body: put(body, "error.type", "api_error")),
    "message-absent": _json(lambda body: dropped(body, "error.message")),
    "message-null": _json(lambda body: put(body, "error.message", None)),
    "message-object": _json(lambda body: put(body, "error.message", {"en": "no"})),
    "request_id-absent": _json(lambda body: dropped(body, "request_id")),
    "request_id-int": _json(lambda body: put(body, "request_id", 5)),
    "html-as-json": lambda answer: replace(answer, text=HTML),
    "json-as-html": lambda answer: with_headers(answer, content_type="text/html"),
}


@family(
    {
        f"{name}-{shape}": (status, reshape)
        for name, status in SITUATIONS.items()
        for shape, reshape in SHAPES.items()
    }
)
def error_is(ask: Ask, question: Question, case: tuple[int, Reshape]) -> Answer:
    """The errors of one status have another shape, or a type that is not theirs."""
    status, reshape = case
    answer = ask(question)
    return reshape(answer) if answer.status == status else answer


@family(
    {
        "404": (404, "not_found_error"),
        "405": (405, "invalid_request_error"),
        "413": (413, "request_too_large"),
        "416": (416, "invalid_request_error"),
        "422": (422, "invalid_request_error"),
        "501": (501, "api_error"),
    }
)
@lists
def wrong_limit_gets(ask: Ask, question: Question, case: tuple[int, str]) -> Answer:
    """A wrong limit is refused with another status than 400."""
    answer = ask(question)
    if answer.status != 400 or question.get("limit") is None:
        return answer
    return refusal(question, answer, case[0], case[1], "limit: out of range")


@fault
@lists
def wrong_limit_gets_200_with_an_error(ask: Ask, question: Question) -> Answer:
    """A wrong limit gets a good error body with status 200."""
    answer = ask(question)
    refused = answer.status == 400 and question.get("limit") is not None
    return replace(answer, status=200) if refused else answer


UNAUTHENTICATED = {
    "200": (200, "authentication_error"),
    "400": (400, "invalid_request_error"),
    "403": (403, "permission_error"),
    "404": (404, "not_found_error"),
    "407": (407, "authentication_error"),
    "500": (500, "api_error"),
}


@family(UNAUTHENTICATED)
def no_key_gets(ask: Ask, question: Question, case: tuple[int, str]) -> Answer:
    """A question without a key gets another status than 401."""
    answer = ask(question)
    if answer.status != 401 or question.keys:
        return answer
    return refusal(question, answer, case[0], case[1], "no")


@family(UNAUTHENTICATED)
def wrong_key_gets(ask: Ask, question: Question, case: tuple[int, str]) -> Answer:
    """A question with a wrong key gets another status than 401."""
    answer = ask(question)
    if answer.status != 401 or not question.keys:
        return answer
    return refusal(question, answer, case[0], case[1], "no")


@family(
    {
        "no-key": lambda question: not question.keys,
        "no-key-on-list": lambda question: not question.keys and is_list(question),
        "no-key-on-retrieve": lambda question: not question.keys and not is_list(question),
        "wrong-key": lambda question: bool(question.keys),
        "wrong-key-on-list": lambda question: bool(question.keys) and is_list(question),
        "wrong-key-on-retrieve": lambda question: bool(question.keys) and not is_list(question),
        "wrong-bearer": lambda question: "authorization" in question.headers,
    }
)
def lets_in(ask: Ask, question: Question, who: Any) -> Answer:
    """A server that asks for a key lets somebody in without the right one."""
    return ask(replace(question, trusted=True) if who(question) else question)


@fault
def right_key_refused_on_retrieve(ask: Ask, question: Question) -> Answer:
    """The key that opens the list does not open a single model."""
    answer = ask(question)
    if not is_model(answer) or not question.keys:
        return answer
    return refusal(question, answer, 403, "permission_error", "not for this key")


@family({"400": 400, "401": 401, "404": 404})
def key_in_message_of(ask: Ask, question: Question, status: int) -> Answer:
    """An error message repeats the key that was sent."""
    answer = ask(question)
    if answer.status != status or not question.keys:
        return answer
    said = f"{answer.body['error']['message']} (key {question.keys[-1]})"
    return with_body(answer, put(answer.body, "error.message", said))


@family({"always": lambda _: True, "error": lambda answer: answer.status >= 400})
def key_in_header(ask: Ask, question: Question, told: Any) -> Answer:
    """A response header repeats the key that was sent."""
    answer = ask(question)
    if not question.keys or not told(answer):
        return answer
    return with_headers(answer, x_forwarded_key=question.keys[-1])


@family({"page": is_page, "model": is_model})
def key_in_body_of(ask: Ask, question: Question, told: Any) -> Answer:
    """A good answer repeats the key in a field of its own."""
    answer = ask(question)
    if not question.keys or not told(answer):
        return answer
    return with_body(answer, answer.body | {"requested_by": question.keys[-1]})


@fault
def key_in_cookie(ask: Ask, question: Question) -> Answer:
    """A cookie of the answer holds the key that was sent."""
    answer = ask(question)
    return with_headers(answer, set_cookie=f"k={question.keys[-1]}") if question.keys else answer


@family(
    {
        "malformed-limit": lambda question: question.get("limit") == "1.5",
        "odd-id": lambda question: not is_list(question) and "%" in question.path,
        "odd-cursor": lambda question: "/" in (question.get("after_id") or ""),
    }
)
def framework_answers(ask: Ask, question: Question, told: Callable[[Question], bool]) -> Answer:
    """What the framework refuses, before the server hears of it, is refused in the framework's words."""
    answer = ask(question)
    refused = answer.status in {400, 404} and told(question)
    return SHAPES["fastapi"](answer) if refused else answer
