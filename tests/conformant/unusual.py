"""What nobody thinks of: servers ahead of a revision, altered numbers, altered paths, altered manners."""

from __future__ import annotations

import json
import time
import zlib
from dataclasses import replace
from typing import Any

from conformant.kit import (
    Model,
    altered,
    both_cursors,
    conformant,
    family,
    models_of,
    on_copy,
    refused,
    rewritten,
    with_headers,
    with_models,
    without,
)
from conformant.moving import Moving
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.catalogue import catalogue

# --- numbers and texts ---------------------------------------------------------------------------


@family(["1e400", "-0", "1E+2", "0.1e-7", "9" * 400])
def an_unknown_number(written: str) -> Fake:
    def write(body: Any) -> str:
        text = json.dumps(body)
        return f'{text[:-1]},"x_weight":{written}}}' if isinstance(body, dict) else text

    return altered(rewritten(write))


@conformant
def unknown_fields_of_unusual_names() -> Fake:
    def add(_: Request, response: Response) -> None:
        for model in models_of(response):
            model.update({"": 1, "__proto__": {}, "ID": "no", "id ": 0, "données": []})

    return altered(on_copy(add))


@conformant
def unknown_fields_nested_deep() -> Fake:
    def add(_: Request, response: Response) -> None:
        nested: Any = 0
        for _turn in range(40):
            nested = [{"x": nested}]
        for model in models_of(response)[:1]:
            model["x_deep"] = nested

    return altered(on_copy(add))


@conformant
def escaped_slashes() -> Fake:
    return altered(rewritten(lambda body: json.dumps(body).replace("/", "\\/")))


@conformant
def ascii_only() -> Fake:
    own = [{**model, "display_name": "😀 モデル"} for model in Fake().models]
    return altered(rewritten(json.dumps), models=own)


@conformant
def huge_display_names() -> Fake:
    return with_models(
        lambda n, model: {**model, "display_name": "Claude " * (5_000 if n < 3 else 1)}
    )


@conformant
def offsets_instead_of_z() -> Fake:
    return with_models(lambda _, m: {**m, "created_at": m["created_at"].replace("Z", "+00:00")})


@conformant
def released_in_the_future_and_long_ago() -> Fake:
    days = ("9999-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z")
    return with_models(lambda n, model: {**model, "created_at": days[n // 9]})


@conformant
def capabilities_with_more_fields() -> Fake:
    def extend(_: Request, response: Response) -> None:
        for model in models_of(response):
            for own in (model.get("capabilities") or {}).values():
                own.update(since="2025", regions=["eu", None])

    return altered(on_copy(extend))


# --- ids and paths -------------------------------------------------------------------------------


@family(
    ["models", "v1", "limit", "20", "null", "undefined", "?beta=true", "a%2Fb", "/a", "a/", "a//b"]
)
def an_id_of_special_text(name: str) -> Fake:
    return with_models(lambda n, model: {**model, "id": name} if n == 3 else model)


@conformant
def ids_with_spaces_around() -> Fake:
    return with_models(lambda n, model: {**model, "id": f" {model['id']}" + " " * (n % 2)})


@conformant
def ids_that_differ_only_by_case() -> Fake:
    def cased(n: int, model: Model) -> Model:
        return {
            **model,
            "id": "".join(c.upper() if n >> i & 1 else c for i, c in enumerate("claude")),
        }

    return with_models(cased)


@conformant
def ids_are_found_in_any_case() -> Fake:
    def fold(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return (
            ask(replace(request, path=request.path.lower())) if response.status == 404 else response
        )

    return altered(fold)


# --- HTTP ----------------------------------------------------------------------------------------


@conformant
def wants_the_version_header() -> Fake:
    def strict(ask: Ask, request: Request) -> Response:
        return ask(request) if "anthropic-version" in request.headers else refused(400)

    return altered(strict)


@conformant
def header_names_in_capitals() -> Fake:
    def capitals(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(
            response, headers={name.title(): text for name, text in response.headers.items()}
        )

    return altered(capitals)


@conformant
def refusals_in_plain_text_with_404() -> Fake:
    def plain_text(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.status < 400:
            return response
        return Response(404, {"content-type": "text/plain"}, text=b"limit: no such page")

    return altered(plain_text)


@conformant
def caching_headers() -> Fake:
    return altered(
        with_headers({"etag": 'W/"1"', "cache-control": "no-store", "vary": "*", "age": "0"})
    )


@conformant
def deflated() -> Fake:
    def compress(ask: Ask, request: Request) -> Response:
        response = ask(request)
        headers = {**response.headers, "content-encoding": "deflate"}
        return replace(response, headers=headers, text=zlib.compress(response.encoded()))

    return altered(compress)


@conformant
def slow_with_requests_at_the_same_moment() -> Fake:
    def slow(ask: Ask, request: Request) -> Response:
        time.sleep(0.2 if request.get("limit") == "1000" else 0)
        return ask(request)

    return altered(slow)


@conformant
def both_cursors_enclose_a_page() -> Fake:
    def between(ask: Ask, request: Request) -> Response:
        if not both_cursors(request):
            return ask(request)
        response = ask(without(request, "before_id"))
        ids = [model["id"] for model in models_of(response)]
        before = request.get("before_id")
        data = response.body["data"][: ids.index(before)] if before in ids else models_of(response)
        ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {}
        empty = {"first_id": None, "last_id": None, "has_more": False}
        return replace(response, body={**empty, **ends, "data": data})

    return altered(between)


@conformant
def leading_zeros_of_a_limit_are_refused() -> Fake:
    def strict(ask: Ask, request: Request) -> Response:
        return refused(400) if (request.get("limit") or "1").startswith("0") else ask(request)

    return altered(strict)


# --- changing catalogues --------------------------------------------------------------------------


@family(
    [(count, moment) for count in (0, 1, 19, 20, 40) for moment in (1, 2, 3, 6, 11, 19, 31, 47)]
)
def grows_by_one(case: tuple[int, int]) -> Moving:
    count, moment = case
    own = catalogue(count, "2026-04-16")
    newest = {**Fake().models[0], "id": "claude-next", "created_at": "2026-12-01T00:00:00Z"}
    return Moving(altered(models=list(own)), altered(models=[newest, *own]), moment)
