"""Lists in another format, and what comes instead of a list."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    LIST,
    backwards,
    edited,
    everything,
    has_unknown_cursor,
    is_list,
    is_page,
    lists,
    with_body,
    with_headers,
    with_page,
    with_query,
    without_cursor,
)
from wrong_servers.kit import Body, many, said, shows, wrapped


def _only_lists(ask: Ask, request: Request, wrap: Any) -> Response:
    return wrapped(ask, request, wrap) if is_list(request) else ask(request)


@shows("the list comes in OpenAI's format", hint="`anthropic-version`")
def openai_list(ask: Ask, request: Request) -> Response:
    def openai(page: Body) -> Body:
        models = [
            {"id": model["id"], "object": "model", "created": 1700000000, "owned_by": "x"}
            for model in page["data"]
        ]
        return {"object": "list", "data": models}

    return _only_lists(ask, request, openai)


@shows("the list comes in OpenAI's format", hint="`anthropic-version`")
def empty_openai_list(ask: Ask, request: Request) -> Response:
    return _only_lists(ask, request, lambda _: {"object": "list", "data": []})


@shows("the list comes in Ollama's format")
def ollama_list(ask: Ask, request: Request) -> Response:
    def ollama(page: Body) -> Body:
        models = [
            {"name": model["id"], "model": model["id"], "size": 1, "digest": "a", "details": {}}
            for model in page["data"]
        ]
        return {"models": models}

    return _only_lists(ask, request, ollama)


@shows("the list comes in Gemini's format")
def gemini_list(ask: Ask, request: Request) -> Response:
    def gemini(page: Body) -> Body:
        models = [
            {"name": f"models/{model['id']}", "displayName": "x", "inputTokenLimit": 1}
            for model in page["data"]
        ]
        return {"models": models, "nextPageToken": "abc"}

    return _only_lists(ask, request, gemini)


@shows("the list comes in Mistral's format")
def mistral_list(ask: Ask, request: Request) -> Response:
    def mistral(page: Body) -> Body:
        models = [
            {"id": model["id"], "object": "model", "created": 1, "max_context_length": 3}
            for model in page["data"]
        ]
        return {"object": "list", "data": models}

    return _only_lists(ask, request, mistral)


@shows("the list comes in OpenRouter's format")
def openrouter_list(ask: Ask, request: Request) -> Response:
    def openrouter(page: Body) -> Body:
        models = [
            {"id": model["id"], "name": "x", "created": 1, "pricing": {}, "context_length": 4}
            for model in page["data"]
        ]
        return {"data": models}

    return _only_lists(ask, request, openrouter)


@shows("the list comes in another shape, a page inside `data`")
def wrapper_around_the_page(ask: Ask, request: Request) -> Response:
    return _only_lists(ask, request, lambda page: {"success": True, "data": page})


@shows("the list comes in another shape, models under `items`, not under `data`")
def models_under_items(ask: Ask, request: Request) -> Response:
    return _only_lists(ask, request, lambda page: {"items": page["data"], "next": None})


@shows("`data` holds ids only, not models")
def ids_only(ask: Ask, request: Request) -> Response:
    def ids(page: Body) -> Body:
        return {**page, "data": [model["id"] for model in page["data"]]}

    return _only_lists(ask, request, ids)


@shows("the envelope lacks `first_id`, `last_id` and `has_more`", hint="clients stop there")
def no_envelope(ask: Ask, request: Request) -> Response:
    return _only_lists(ask, request, lambda page: {"data": page["data"]})


@shows(
    "keys of the envelope are renamed",
    hint="clients stop there",
)
def envelope_in_camel_case(ask: Ask, request: Request) -> Response:
    def camel(page: Body) -> Body:
        return {
            "data": page["data"],
            "hasMore": page["has_more"],
            "firstId": page["first_id"],
            "lastId": page["last_id"],
        }

    return _only_lists(ask, request, camel)


@shows("errors come with status 200")
def errors_as_success(ask: Ask, request: Request) -> Response:
    error = {"message": "upstream unavailable", "type": "server_error"}
    return _only_lists(ask, request, lambda _: {"error": error})


@shows("`last_id` is null while more models follow", hint="clients stop there", models=many(60))
def more_but_no_cursor(ask: Ask, request: Request) -> Response:
    def closed(page: Body) -> Body:
        return {**page, "last_id": None} if page["has_more"] else page

    return _only_lists(ask, request, closed)


@shows("`last_id` is null while no more models follow", models=many(60))
def no_cursor_at_the_end(ask: Ask, request: Request) -> Response:
    def closed(page: Body) -> Body:
        return page if page["has_more"] else {**page, "last_id": None}

    return _only_lists(ask, request, closed)


@shows("`last_id` names another model than that end of the page")
@lists
def last_id_of_the_next_page(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response) or not response.body["has_more"] or backwards(request):
        return response
    ids = [model["id"] for model in everything(ask, request)]
    return with_page(response, last_id=ids[ids.index(response.body["last_id"]) + 1])


@shows("`first_id` repeats the cursor with `after_id` and for listed cursors")
@lists
def first_id_is_the_cursor(ask: Ask, request: Request) -> Response:
    if has_unknown_cursor(ask, request):
        return ask(without_cursor(request))
    cursor = request.get("after_id")
    return with_page(ask(request), first_id=cursor) if cursor else ask(request)


@shows("the models of the list are in OpenAI's format: 9 of 27 models have")
def some_models_of_openai(ask: Ask, request: Request) -> Response:
    def openai(model: Body) -> Body:
        kept = {"id": model["id"], "object": "model", "created": 1700000000, "owned_by": "x"}
        return kept if "opus" in model["id"] else model

    return edited(ask, request, openai)


@shows("the list is not strict JSON (the body cannot be read: its content-encoding is gzip")
def declared_to_be_compressed(ask: Ask, request: Request) -> Response:
    return with_headers(ask(request), content_encoding="gzip")


@shows("illegal values of `limit` are not refused but served", "`first_id` and `last_id` are empty")
@lists
def no_models_and_empty_strings_as_cursors(ask: Ask, request: Request) -> Response:
    response = ask(replace(request, query=()))
    ends = {"data": [], "first_id": "", "last_id": "", "has_more": False}
    return with_page(response, **ends)


@shows(
    "illegal values of `limit` are not refused but served",
    "the list comes in another shape, models under `data.models`",
)
def answers_of_graphql(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_list(request) or response.status == 401:
        return response
    models = response.body["data"] if is_page(response) else []
    return said(request, 200, {"data": {"models": models}, "errors": None})


@shows("`data` holds null")
def null_among_the_models(ask: Ask, request: Request) -> Response:
    return _only_lists(ask, request, lambda page: {**page, "data": [*page["data"], None]})


@shows("`data` holds arrays, not models")
def array_in_an_array(ask: Ask, request: Request) -> Response:
    return _only_lists(ask, request, lambda page: {**page, "data": [page["data"]]})


@shows("the list begins with a byte order mark")
@lists
def byte_order_mark(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return said(request, response.status, "\ufeff" + json.dumps(response.body))


@shows("every response is the fixed example of a mock", hint="test another server")
def mock_of_a_schema(ask: Ask, request: Request) -> Response:
    response = (
        ask(without_cursor(request)) if is_list(request) else ask(replace(request, path=LIST))
    )
    if response.status >= 400:
        return response
    names = {"id": "string", "display_name": "string", "created_at": "2019-08-24T14:15:22Z"}
    model = {**many(1)[0], **names}
    page = {"data": [model], "first_id": "string", "last_id": "string", "has_more": True}
    return with_body(response, page if is_list(request) else model)


@shows('the list is not strict JSON, it begins with "<br />\\n<b>Warning</b>: ')
@lists
def warning_before_the_json(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response) or not request.get("after_id"):
        return response
    return replace(response, text=b"<br />\n<b>Warning</b>: $x\n" + response.encoded())


@shows("`data` is an object, not an array")
@lists
def places_as_keys_after_a_cursor(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response) or not request.get("after_id") or not response.body["data"]:
        return response
    kept = {str(place): model for place, model in enumerate(response.body["data"], start=1)}
    return with_page(response, data=kept)  # array_filter of PHP


@shows("`data` is null, not an array on empty pages", hint="[] where there is none")
@lists
def no_array_where_there_is_no_model(ask: Ask, request: Request) -> Response:
    after = request.get("after_id")
    response = ask(with_query(request, before_id=None) if after else request)
    empty = is_page(response) and not response.body["data"]
    return with_page(response, data=None) if empty else response  # a nil slice of Go


@shows("the list comes in the format of JSON:API", hint="without `attributes` around them")
@lists
def json_api(ask: Ask, request: Request) -> Response:
    def resource(model: Body) -> Body:
        return {"id": model["id"], "type": "models", "attributes": model}

    return wrapped(ask, request, lambda body: {"data": list(map(resource, body["data"]))})
