"""Odd ids, and what servers do where the reference is silent."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from judging import ALIASES

from conformant.kit import (
    answering,
    both_cursors,
    conformant,
    empty_page,
    family,
    models_of,
    names_no_model,
    odd,
    on_copy,
    refused,
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


@family([1, 2, 3])
def slashed_ids_only(count: int) -> Fake:
    return with_models(lambda n, model: {**model, "id": f"vendor/{n}:latest"}, models=count)


@conformant
def ids_that_begin_alike() -> Fake:
    return with_models(lambda n, model: {**model, "id": "m" * (n + 1)}, models=25)


@family([400, 404, 409, 410, 418, 422])
def unknown_cursor_refused_with(status: int) -> Fake:
    return odd(answering(names_no_model, lambda: refused(status)))


@conformant
def unknown_cursor_gets_the_first_page() -> Fake:
    def ignore(ask: Ask, request: Request) -> Response:
        if names_no_model(request):
            request = without(request, "after_id", "before_id")
        return ask(request)

    return odd(ignore)


@conformant
def unknown_cursor_gets_an_empty_page() -> Fake:
    return odd(answering(names_no_model, empty_page))


@family(["after_id", "before_id"])
def both_cursors_read_as(kept: str) -> Fake:
    dropped = {"after_id": "before_id", "before_id": "after_id"}[kept]

    def choose(ask: Ask, request: Request) -> Response:
        return ask(without(request, dropped) if both_cursors(request) else request)

    return odd(choose)


@conformant
def both_cursors_get_an_empty_page() -> Fake:
    return odd(answering(both_cursors, empty_page))


@family([404, 409, 413, 422])
def limits_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return refused(status) if response.status == 400 and request.get("limit") else response

    return odd(refuse)


@family(["1.5", "5abc", ""])
def malformed_limit_is_served(value: str) -> Fake:
    def serve(ask: Ask, request: Request) -> Response:
        return ask(without(request, "limit") if request.get("limit") == value else request)

    return odd(serve)


@family([400, 403, 405, 410, 422])
def unknown_model_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return refused(status) if response.status == 404 else response

    return odd(refuse)


@family(["plain", "html", "openai", "fastapi", "empty"])
def errors_in_another_dress(dress: str) -> Fake:
    bodies = {
        "plain": b"no",
        "html": b"<html><h1>No</h1></html>",
        "openai": b'{"error":{"message":"no","type":"invalid_request_error","code":null}}',
        "fastapi": b'{"detail":"no"}',
        "empty": b"",
    }

    def dressed(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, text=bodies[dress]) if response.status >= 400 else response

    return odd(dressed)


@conformant
def anybody_is_let_in() -> Fake:
    return Fake(aliases=ALIASES)


@family([403, 407, 404, 400])
def no_key_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return refused(status) if response.status == 401 else response

    return odd(refuse)


@conformant
def unlisted_betas_accepted() -> Fake:
    def ignore(ask: Ask, request: Request) -> Response:
        headers = {
            name: value for name, value in request.headers.items() if name != "anthropic-beta"
        }
        return ask(replace(request, headers=headers))

    return odd(ignore)


@conformant
def query_parameters_nobody_knows_are_refused() -> Fake:
    known = {"limit", "after_id", "before_id", "beta", "lifecycle[]"}

    def strict(ask: Ask, request: Request) -> Response:
        strange = any(name not in known for name, _ in request.query)
        return refused(400) if strange else ask(request)

    return odd(strict)


@conformant
def beta_query_ignored() -> Fake:
    return odd(lambda ask, request: ask(without(request, "beta")))


@conformant
def beta_query_adds_fields() -> Fake:
    def add(request: Request, response: Response) -> None:
        if request.get("beta"):
            for model in models_of(response):
                model["allowed_fallback_models"] = ["claude-opus-5"]
                model["beta_only"] = True

    return odd(on_copy(add))


@conformant
def retrieve_says_more_than_the_list() -> Fake:
    def add(request: Request, response: Response) -> None:
        if request.path != "/v1/models":
            for model in models_of(response):
                model["description"] = "only here"

    return odd(on_copy(add))


@conformant
def unlisted_models_can_be_retrieved() -> Fake:
    def resolve(ask: Ask, request: Request) -> Response:
        hidden = request.path == "/v1/models/hidden"
        return ask(replace(request, path="/v1/models/claude-opus-5") if hidden else request)

    return odd(resolve)


@conformant
def ids_of_dots() -> Fake:
    return with_models(lambda n, model: {**model, "id": (".", "..", "...")[n]}, models=3)


@conformant
def aliases_without_the_date() -> Fake:
    """A name without its date leads to the model."""

    def resolved(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.status != 404:
            return response
        form = re.compile(re.escape(request.path.rpartition("/")[2]) + "-[0-9]{8}")
        own = (model["id"] for model in Fake().models)
        full = next((found for found in own if form.fullmatch(found)), "")
        return ask(replace(request, path=f"/v1/models/{full}")) if full else response

    return odd(resolved)


@conformant
def ids_may_be_abbreviated() -> Fake:
    """What only one id begins with is an alias of it."""

    def resolved(ask: Ask, request: Request) -> Response:
        response, short = ask(request), request.path.removeprefix("/v1/models/")
        meant = [model["id"] for model in Fake().models if model["id"].startswith(short)]
        whole = len(meant) == 1 and response.status == 404
        return ask(replace(request, path=f"/v1/models/{meant[0]}")) if whole else response

    return odd(resolved)


@conformant
def null_in_the_list_is_absent_alone() -> Fake:
    """A capability that nobody has is null in the list and left out of the single model."""

    def nothing(request: Request, response: Response) -> None:
        for model in models_of(response):
            parts = (model.get("capabilities") or {}).get("context_management") or {}
            parts["compact_20260112"] = None
            if not request.path.endswith("/models"):
                del parts["compact_20260112"]

    return odd(on_copy(nothing))


@conformant
def released_this_very_second() -> Fake:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return with_models(lambda _, model: {**model, "created_at": now})
