"""Faults of list responses: their status, their JSON, their envelope."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    breaks,
    dropped,
    everything,
    family,
    fault,
    has_cursor,
    is_list,
    is_page,
    late_model,
    lists,
    named,
    with_body,
    with_data,
    with_headers,
    with_page,
)

KEYS = ("data", "has_more", "first_id", "last_id")


@family({"201": 201, "202": 202, "204": 204, "206": 206, "500": 500, "503": 503})
def list_status_is(ask: Ask, request: Request, status: int) -> Response:
    """A correct page has another status than 200."""
    response = ask(request)
    if not is_page(response):
        return response
    return replace(response, status=status, text=b"" if status == 204 else None)


@family(
    {
        "html": "text/html",
        "plain": "text/plain; charset=utf-8",
        "jsonp": "application/jsonp",
        "problem": "application/problem",
        "octets": "application/octet-stream",
        "missing": None,
    }
)
def list_content_type_is(ask: Ask, request: Request, content_type: str | None) -> Response:
    """A page is not declared to be JSON."""
    response = ask(request)
    return with_headers(response, content_type=content_type) if is_page(response) else response


@family(
    {
        "nan": lambda text: text.replace(b'"max_tokens":', b'"weight":NaN,"max_tokens":', 1),
        "infinity": lambda text: text.replace(b'"id":', b'"weight":-Infinity,"id":', 1),
        "duplicate-key": lambda text: b'{"has_more":false,' + text[1:],
        "trailing-garbage": lambda text: text + b" ok",
        "trailing-comma": lambda text: text[:-1] + b",}",
        "single-quotes": lambda text: text.replace(b'"', b"'"),
        "invalid-utf8": lambda text: text.replace(b"Claude", b"Cl\xe4ude", 1),
        "utf16": lambda text: text.decode().encode("utf-16"),
        "bom": lambda text: b"\xef\xbb\xbf" + text,
        "concatenated": lambda text: text + text,
        "truncated": lambda text: text[:-1],
        "jsonp": lambda text: b"callback(" + text + b")",
        "empty": lambda _: b"",
        "null": lambda _: b"null",
        "string": lambda text: json.dumps(text.decode()).encode(),
        "control-character": lambda text: text.replace(b"Claude ", b"Claude\t", 1),
    }
)
def list_body_is(ask: Ask, request: Request, spoil: Any) -> Response:
    """The body of a page is not strict JSON, or not the JSON of a page."""
    response = ask(request)
    return replace(response, text=spoil(response.encoded())) if is_page(response) else response


@fault
@lists
def late_model_has_a_key_twice(ask: Ask, request: Request) -> Response:
    """One late model in the list has the key display_name twice."""
    response, late = ask(request), late_model(ask, request)
    if not is_page(response) or late is None:
        return response
    mark = f'"id":{json.dumps(late, ensure_ascii=False)},'.encode()
    return replace(
        response, text=response.encoded().replace(mark, mark + b'"display_name":"Other",')
    )


@family(named(*KEYS))
def envelope_key_absent(ask: Ask, request: Request, key: str) -> Response:
    """The envelope lacks one of its four keys."""
    response = ask(request)
    return with_body(response, dropped(response.body, key)) if is_page(response) else response


@family(
    {
        "data-null": {"data": None},
        "data-string": {"data": "claude"},
        "data-of-ids": {"data": ["claude-opus-5"]},
        "data-of-null": {"data": [None]},
        "has_more-string": {"has_more": "false"},
        "has_more-int": {"has_more": 0},
        "has_more-null": {"has_more": None},
        "first_id-null": {"first_id": None},
        "first_id-int": {"first_id": 1},
        "first_id-placeholder": {"first_id": "first_id"},
        "first_id-empty": {"first_id": ""},
        "first_id-object": {"first_id": {"id": "claude-opus-5"}},
        "last_id-null": {"last_id": None},
        "last_id-int": {"last_id": 1},
        "last_id-placeholder": {"last_id": "last_id"},
        "last_id-empty": {"last_id": ""},
        "placeholders": {"first_id": "first_id", "last_id": "last_id", "has_more": True},
    }
)
def envelope_is(ask: Ask, request: Request, members: Any) -> Response:
    """A page with models has a wrong value in its envelope."""
    response = ask(request)
    return (
        with_page(response, **members) if is_page(response) and response.body["data"] else response
    )


@fault
def data_is_an_object(ask: Ask, request: Request) -> Response:
    """`data` is an object of models by id, not an array."""
    response = ask(request)
    if not is_page(response):
        return response
    return with_page(response, data={model["id"]: model for model in response.body["data"]})


@family(
    {
        "empty-string-cursors": {"first_id": "", "last_id": ""},
        "null-data": {"data": None},
        "no-cursors": {"first_id": False, "last_id": False},
        "cursor-kept": {"first_id": "claude-opus-5", "last_id": "claude-opus-5"},
    }
)
def empty_page_is(ask: Ask, request: Request, members: Any) -> Response:
    """A page without models is malformed."""
    response = ask(request)
    return (
        with_page(response, **members)
        if is_page(response) and not response.body["data"]
        else response
    )


@family(
    {
        "has_more": (200, {"has_more": True}),
        "null-data": (200, {"data": None}),
        "empty-string-cursors": (200, {"first_id": "", "last_id": ""}),
        "404": (404, {}),
        "500": (500, {}),
    }
)
@lists
def empty_catalogue_is(ask: Ask, request: Request, case: tuple[int, Any]) -> Response:
    """If there is no model, the list is malformed, or is an error."""
    response = ask(request)
    if not is_page(response) or everything(ask, request):
        return response
    return replace(with_page(response, **case[1]), status=case[0])


@fault
def empty_page_lacks_cursors(ask: Ask, request: Request) -> Response:
    """A page without models has no first_id and last_id, instead of null."""
    response = ask(request)
    if not is_page(response) or response.body["data"]:
        return response
    return with_body(response, dropped(dropped(response.body, "first_id"), "last_id"))


@fault
def first_and_last_id_swapped(ask: Ask, request: Request) -> Response:
    """first_id names the last model of the page, and last_id the first."""
    response = ask(request)
    if not is_page(response):
        return response
    return with_page(response, first_id=response.body["last_id"], last_id=response.body["first_id"])


@fault
@lists
def first_id_of_the_catalogue(ask: Ask, request: Request) -> Response:
    """The first_id of a page is that of the whole list."""
    response, models = ask(request), everything(ask, request)
    return with_page(response, first_id=models[0]["id"]) if models else response


@fault
@lists
def last_id_of_the_catalogue(ask: Ask, request: Request) -> Response:
    """The last_id of a page is that of the whole list."""
    response, models = ask(request), everything(ask, request)
    return with_page(response, last_id=models[-1]["id"]) if models else response


@fault
def cursors_are_display_names(ask: Ask, request: Request) -> Response:
    """first_id and last_id are display names, not ids."""
    response = ask(request)
    if not is_page(response) or not response.body["data"]:
        return response
    data = response.body["data"]
    return with_page(response, first_id=data[0]["display_name"], last_id=data[-1]["display_name"])


@breaks("model_list/ids_are_unique_on_a_page")
def model_twice_on_a_page(ask: Ask, request: Request) -> Response:
    """The first page has its first model twice, and lacks its last model."""
    response = ask(request)
    if not is_page(response) or has_cursor(request) or len(response.body["data"]) < 2:
        return response
    data = response.body["data"]
    return with_data(response, [data[0], *data[:-1]])


@family({"everywhere": lambda _: True, "beyond-a-cursor": has_cursor})
@lists
def late_model_is_listed_again(ask: Ask, request: Request, applies: Any) -> Response:
    """One late model has the id of the newest model: the id is on two pages."""
    response, models = ask(request), everything(ask, request)
    if not is_page(response) or len(models) < 2 or not applies(request):
        return response
    late = models[max(1, len(models) - 3)]["id"]
    data = [m | {"id": models[0]["id"]} if m["id"] == late else m for m in response.body["data"]]
    return with_data(response, data)


@family(
    {
        "openai": lambda page: {"object": "list", "data": [_openai(m) for m in page["data"]]},
        "openai-in-envelope": lambda page: page | {"data": [_openai(m) for m in page["data"]]},
        "models": lambda page: {"models" if k == "data" else k: v for k, v in page.items()},
        "gemini": lambda page: {"models": page["data"], "nextPageToken": page["last_id"]},
        "result": lambda page: {"result": page},
        "data-of-page": lambda page: {"data": page},
        "bare-array": lambda page: page["data"],
        "page-in-array": lambda page: [page],
        "ids": lambda page: page | {"data": [model["id"] for model in page["data"]]},
    }
)
def list_shape_is(ask: Ask, request: Request, converted: Any) -> Response:
    """The list has the response format of another API."""
    response = ask(request)
    return with_body(response, converted(response.body)) if is_page(response) else response


def _openai(model: Model) -> Model:
    return {"id": model["id"], "object": "model", "created": 1700000000, "owned_by": "anthropic"}


@family({"301": 301, "302": 302, "307": 307, "308": 308})
def list_redirects(ask: Ask, request: Request, status: int) -> Response:
    """The list request is redirected to the path with a slash."""
    if request.path.endswith("/"):
        return ask(replace(request, path=request.path[:-1]))
    response = ask(request)
    if not is_list(request):
        return response
    query = f"?{urlencode(request.query)}" if request.query else ""
    moved = with_headers(response, location=f"{request.path}/{query}")
    return replace(moved, status=status, text=b"")
