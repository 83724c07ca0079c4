"""Faults of errors and keys: the format and status of errors, accepted wrong keys, repeated keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Ask, Request, Response
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

Convert = Callable[[Response], Response]
STATUSES = {"400": 400, "401": 401, "404": 404}
HTML = b"<!doctype html><title>Error</title><h1>Something went wrong</h1>"


def _json(edit: Callable[[Model], Any]) -> Convert:
    return lambda response: with_body(response, edit(response.body))


def _text(content_type: str, text: bytes) -> Convert:
    return lambda response: replace(with_headers(response, content_type=content_type), text=text)


FORMATS: dict[str, Convert] = {
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
    "byte-order-mark": lambda response: replace(
        response, text=b"\xef\xbb\xbf" + response.encoded()
    ),
    "html-as-json": lambda response: replace(response, text=HTML),
    "json-as-html": lambda response: with_headers(response, content_type="text/html"),
}


@family(
    {
        f"{name}-{error_format}": (status, convert)
        for name, status in STATUSES.items()
        for error_format, convert in FORMATS.items()
    }
)
def error_is(ask: Ask, request: Request, case: tuple[int, Convert]) -> Response:
    """Errors of one status have another format, or the error type of another status."""
    status, convert = case
    response = ask(request)
    return convert(response) if response.status == status else response


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
def wrong_limit_gets(ask: Ask, request: Request, case: tuple[int, str]) -> Response:
    """A wrong limit is refused with another status than 400."""
    response = ask(request)
    if response.status != 400 or request.get("limit") is None:
        return response
    return refusal(request, response, case[0], case[1], "limit: out of range")


@fault
@lists
def wrong_limit_gets_200_with_an_error(ask: Ask, request: Request) -> Response:
    """A wrong limit gets a correct error body with status 200."""
    response = ask(request)
    refused = response.status == 400 and request.get("limit") is not None
    return replace(response, status=200) if refused else response


UNAUTHENTICATED = {
    "200": (200, "authentication_error"),
    "400": (400, "invalid_request_error"),
    "403": (403, "permission_error"),
    "404": (404, "not_found_error"),
    "407": (407, "authentication_error"),
    "500": (500, "api_error"),
}


@family(UNAUTHENTICATED)
def no_key_gets(ask: Ask, request: Request, case: tuple[int, str]) -> Response:
    """A request without a key gets another status than 401."""
    response = ask(request)
    if response.status != 401 or request.keys:
        return response
    return refusal(request, response, case[0], case[1], "no")


@family(UNAUTHENTICATED)
def wrong_key_gets(ask: Ask, request: Request, case: tuple[int, str]) -> Response:
    """A request with a wrong key gets another status than 401."""
    response = ask(request)
    if response.status != 401 or not request.keys:
        return response
    return refusal(request, response, case[0], case[1], "no")


@family(
    {
        "no-key": lambda request: not request.keys,
        "no-key-on-list": lambda request: not request.keys and is_list(request),
        "no-key-on-retrieve": lambda request: not request.keys and not is_list(request),
        "wrong-key": lambda request: bool(request.keys),
        "wrong-key-on-list": lambda request: bool(request.keys) and is_list(request),
        "wrong-key-on-retrieve": lambda request: bool(request.keys) and not is_list(request),
        "wrong-bearer": lambda request: "authorization" in request.headers,
        "with-a-query": lambda request: bool(request.query),
        "key-of-the-right-kind": lambda request: any(k.startswith("sk-") for k in request.keys),
    }
)
def lets_in(ask: Ask, request: Request, who: Any) -> Response:
    """The server needs a key and accepts some requests without the right key."""
    return ask(replace(request, trusted=True) if who(request) else request)


@fault
def right_key_refused_on_retrieve(ask: Ask, request: Request) -> Response:
    """A key that is accepted for the list is refused for a single model."""
    response = ask(request)
    if not is_model(response) or not request.keys:
        return response
    return refusal(request, response, 403, "permission_error", "not for this key")


@family({"400": 400, "401": 401, "404": 404})
def key_in_message_of(ask: Ask, request: Request, status: int) -> Response:
    """An error message repeats the key that was sent."""
    response = ask(request)
    if response.status != status or not request.keys:
        return response
    message = f"{response.body['error']['message']} (key {request.keys[-1]})"
    return with_body(response, put(response.body, "error.message", message))


@family({"always": lambda _: True, "error": lambda response: response.status >= 400})
def key_in_header(ask: Ask, request: Request, applies: Any) -> Response:
    """A response header repeats the key that was sent."""
    response = ask(request)
    if not request.keys or not applies(response):
        return response
    return with_headers(response, x_forwarded_key=request.keys[-1])


@family({"page": is_page, "model": is_model})
def key_in_body_of(ask: Ask, request: Request, applies: Any) -> Response:
    """A successful response repeats the key in an additional field."""
    response = ask(request)
    if not request.keys or not applies(response):
        return response
    return with_body(response, response.body | {"requested_by": request.keys[-1]})


@fault
def key_in_cookie(ask: Ask, request: Request) -> Response:
    """A cookie of the response contains the key that was sent."""
    response = ask(request)
    return with_headers(response, set_cookie=f"k={request.keys[-1]}") if request.keys else response


@family(
    {
        "malformed-limit": lambda request: request.get("limit") == "1.5",
        "odd-id": lambda request: not is_list(request) and "%" in request.path,
        "odd-cursor": lambda request: "/" in (request.get("after_id") or ""),
        "limit-after-a-cursor": lambda request: {"limit", "after_id"} <= dict(request.query).keys(),
        "property-of-objects": lambda request: request.path.endswith("/constructor"),
        "wrong-bearer": lambda request: "authorization" in request.headers,
        "unknown-stage": lambda request: request.get("lifecycle[]") == "asleep",
    }
)
def framework_answers(ask: Ask, request: Request, applies: Callable[[Request], bool]) -> Response:
    """A request that the web framework refuses itself gets an error in the framework's format."""
    response = ask(request)
    refused = response.status in {400, 401, 404} and applies(request)
    return FORMATS["fastapi"](response) if refused else response
