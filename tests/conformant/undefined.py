"""Special ids, and behaviour that the reference does not define."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from judging import ALIASES

from conformant.kit import (
    altered,
    both_cursors,
    conformant,
    empty_page,
    family,
    models_of,
    names_no_model,
    on_copy,
    refused,
    responding,
    with_models,
    without,
)
from pytest_models_contract.fake import Ask, Fake, Request, Response

IDS = (
    "anthropic/claude-opus-5",
    "us.anthropic.claude-opus-4-20250514-v1:0",
    "claude-opus-4@20250514",
    "models with blanks",
    "a/b/c/d",
    "модель",
    "モデル",
    "100%",
    "50%25",
    "a+b",
    "a&b=c",
    "what?",
    "number#1",
    "semi;colon",
    "quote'd",
    'double"quoted',
    "back\\slash",
    "~tilde!*()",
    "UPPER",
    "upper",
    "0",
    "null",
    "x" * 300,
    "[brackets]",
    "a,b",
    "e\u0301",
    "\u00e9",
)


@conformant
def ids_of_every_kind() -> Fake:
    return with_models(lambda n, model: {**model, "id": IDS[n]}, models=len(IDS))


@conformant
def ids_that_are_words() -> Fake:
    """Words that clients, servers and this contract use for other things."""
    words = ("constructor", "__proto__", "models", "v1", "null", "true", "0", "data", "id")
    return with_models(lambda n, model: {**model, "id": words[n]}, models=len(words))


@family([1, 2, 3])
def slashed_ids_only(count: int) -> Fake:
    return with_models(lambda n, model: {**model, "id": f"vendor/{n}:latest"}, models=count)


@conformant
def ids_with_a_common_prefix() -> Fake:
    return with_models(lambda n, model: {**model, "id": "m" * (n + 1)}, models=25)


@family([400, 404, 409, 410, 418, 422])
def unknown_cursor_refused_with(status: int) -> Fake:
    return altered(responding(names_no_model, lambda: refused(status)))


@conformant
def unknown_cursor_gets_the_first_page() -> Fake:
    def ignore(ask: Ask, request: Request) -> Response:
        if names_no_model(request):
            request = without(request, "after_id", "before_id")
        return ask(request)

    return altered(ignore)


@conformant
def unknown_cursor_gets_an_empty_page() -> Fake:
    return altered(responding(names_no_model, empty_page))


@family(["after_id", "before_id"])
def both_cursors_read_as(kept: str) -> Fake:
    dropped = {"after_id": "before_id", "before_id": "after_id"}[kept]

    def choose(ask: Ask, request: Request) -> Response:
        return ask(without(request, dropped) if both_cursors(request) else request)

    return altered(choose)


@conformant
def both_cursors_get_an_empty_page() -> Fake:
    return altered(responding(both_cursors, empty_page))


@family([404, 409, 413, 422])
def limits_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return refused(status) if response.status == 400 and request.get("limit") else response

    return altered(refuse)


@family(["1.5", "5abc", ""])
def malformed_limit_is_served(value: str) -> Fake:
    def serve(ask: Ask, request: Request) -> Response:
        return ask(without(request, "limit") if request.get("limit") == value else request)

    return altered(serve)


@family([400, 403, 405, 410, 422])
def unknown_model_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return refused(status) if response.status == 404 else response

    return altered(refuse)


@family(["plain", "html", "openai", "fastapi", "empty"])
def errors_in_another_format(name: str) -> Fake:
    bodies = {
        "plain": b"no",
        "html": b"<html><h1>No</h1></html>",
        "openai": b'{"error":{"message":"no","type":"invalid_request_error","code":null}}',
        "fastapi": b'{"detail":"no"}',
        "empty": b"",
    }

    def converted(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, text=bodies[name]) if response.status >= 400 else response

    return altered(converted)


@conformant
def no_key_is_needed() -> Fake:
    return Fake(aliases=ALIASES)


@conformant
def a_refusal_names_the_kind_of_the_key() -> Fake:
    def named(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.status != 401 or not request.keys:
            return response
        return replace(response, headers={**response.headers, "x-key": request.keys[-1][:13]})

    return altered(named)


@family([403, 407, 404, 400])
def no_key_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return refused(status) if response.status == 401 else response

    return altered(refuse)


@conformant
def unlisted_betas_accepted() -> Fake:
    def ignore(ask: Ask, request: Request) -> Response:
        headers = {
            name: value for name, value in request.headers.items() if name != "anthropic-beta"
        }
        return ask(replace(request, headers=headers))

    return altered(ignore)


@conformant
def unknown_query_parameters_are_refused() -> Fake:
    known = {"limit", "after_id", "before_id", "beta", "lifecycle[]"}

    def strict(ask: Ask, request: Request) -> Response:
        strange = any(name not in known for name, _ in request.query)
        return refused(400) if strange else ask(request)

    return altered(strict)


@conformant
def beta_query_ignored() -> Fake:
    return altered(lambda ask, request: ask(without(request, "beta")))


@conformant
def beta_query_adds_fields() -> Fake:
    def add(request: Request, response: Response) -> None:
        if request.get("beta"):
            for model in models_of(response):
                model["allowed_fallback_models"] = ["claude-opus-5"]
                model["beta_only"] = True

    return altered(on_copy(add))


@conformant
def retrieve_has_more_fields_than_the_list() -> Fake:
    def add(request: Request, response: Response) -> None:
        if request.path != "/v1/models":
            for model in models_of(response):
                model["description"] = "only here"

    return altered(on_copy(add))


@conformant
def unlisted_models_can_be_retrieved() -> Fake:
    def resolve(ask: Ask, request: Request) -> Response:
        hidden = request.path == "/v1/models/hidden"
        return ask(replace(request, path="/v1/models/claude-opus-5") if hidden else request)

    return altered(resolve)


@conformant
def ids_of_dots() -> Fake:
    return with_models(lambda n, model: {**model, "id": (".", "..", "...")[n]}, models=3)


@conformant
def aliases_without_the_date() -> Fake:
    """A name without its date is an alias of the model."""

    def resolved(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.status != 404:
            return response
        form = re.compile(re.escape(request.path.rpartition("/")[2]) + "-[0-9]{8}")
        own = (model["id"] for model in Fake().models)
        full = next((found for found in own if form.fullmatch(found)), "")
        return ask(replace(request, path=f"/v1/models/{full}")) if full else response

    return altered(resolved)


@conformant
def ids_may_be_abbreviated() -> Fake:
    """A prefix of only one id is an alias of it."""

    def resolved(ask: Ask, request: Request) -> Response:
        response, short = ask(request), request.path.removeprefix("/v1/models/")
        meant = [model["id"] for model in Fake().models if model["id"].startswith(short)]
        whole = len(meant) == 1 and response.status == 404
        return ask(replace(request, path=f"/v1/models/{meant[0]}")) if whole else response

    return altered(resolved)


@conformant
def null_in_the_list_is_absent_in_retrieve() -> Fake:
    """A capability that no model has is null in the list and absent in the single model."""

    def without_null(request: Request, response: Response) -> None:
        for model in models_of(response):
            parts = (model.get("capabilities") or {}).get("context_management") or {}
            parts["compact_20260112"] = None
            if not request.path.endswith("/models"):
                del parts["compact_20260112"]

    return altered(on_copy(without_null))


@conformant
def released_this_second() -> Fake:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return with_models(lambda _, model: {**model, "created_at": now})
