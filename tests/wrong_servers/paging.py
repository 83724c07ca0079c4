"""Pages: parameters that are ignored or read otherwise, sizes, `has_more`, order."""

from __future__ import annotations

import base64
from dataclasses import replace
from zlib import crc32

from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    backwards,
    cut_from,
    everything,
    has_unknown_cursor,
    is_list,
    is_page,
    lists,
    with_data,
    with_headers,
    with_page,
    with_query,
    without_cursor,
)
from wrong_servers.kit import many, said, shows, size_of


def error_object(kind: str, message: str) -> dict[str, object]:
    """The body of an error as the reference has it."""
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": None}


@shows("the query is ignored", hint="a proxy in front may drop the query string")
@lists
def query_dropped(ask: Ask, request: Request) -> Response:
    return ask(replace(request, query=()))


@shows("the query is ignored", hint="`x-cache`", models=many(60))
@lists
def cache_without_the_query(ask: Ask, request: Request) -> Response:
    return with_headers(ask(replace(request, query=())), x_cache="HIT")


@shows("there is no paging, every list holds all 27 models")
@lists
def everything_at_once(ask: Ask, request: Request) -> Response:
    return ask(replace(request, query=(("limit", "1000"),)))


@shows("the query is ignored", hint="`page`", models=many(60))
@lists
def page_numbers(ask: Ask, request: Request) -> Response:
    number, size = int(request.get("page") or 1), int(request.get("per_page") or 25)
    models = everything(ask, request)
    response = with_data(ask(replace(request, query=())), models[(number - 1) * size :][:size])
    return with_page(response, has_more=True, page=number, per_page=size, total=len(models))


@shows("`after_id` and `before_id` are ignored", hint="`offset`")
@lists
def offsets(ask: Ask, request: Request) -> Response:
    response = ask(without_cursor(request))
    return with_page(response, offset=0, total=27)


@shows("`first_id` and `last_id` are tokens, not ids")
@lists
def opaque_cursors(ask: Ask, request: Request) -> Response:
    def token(own: str | None) -> str | None:
        return own and base64.b64encode(own.encode()).decode()

    for name in ("after_id", "before_id"):
        if sent := request.get(name):
            try:
                own = base64.b64decode(sent, validate=True).decode()
            except ValueError:
                return said(request, 400, error_object("invalid_request_error", "invalid cursor"))
            request = with_query(request, **{name: own})
    response = ask(request)
    if not is_page(response):
        return response
    ends = {name: token(response.body[name]) for name in ("first_id", "last_id")}
    return with_page(response, **ends)


@shows("`before_id` is ignored")
@lists
def first_page_before_a_cursor(ask: Ask, request: Request) -> Response:
    if not backwards(request):
        return ask(request)
    return with_page(ask(with_query(request, before_id=None)), has_more=True)


@shows("`has_more` is computed from the page's length", hint="read one model more")
@lists
def has_more_by_length(ask: Ask, request: Request) -> Response:
    response = ask(request)
    full = is_page(response) and len(response.body["data"]) == size_of(request)
    return with_page(response, has_more=full)


def at_most(request: Request, most: int) -> Request:
    """The request with a legal limit of so much at most."""
    limit = request.get("limit") or ""
    legal = limit.isascii() and limit.isdecimal() and int(limit) in range(most, 1001)
    return with_query(request, limit=most) if legal else request


@shows("`limit` is capped at 100", "the default of `limit` is 50, not 20", models=many(300))
@lists
def default_of_50_and_at_most_100(ask: Ask, request: Request) -> Response:
    if request.get("limit") is None:
        return ask(with_query(request, limit=50))
    return ask(at_most(request, 100))


@shows("`before_id` is ignored", "`limit` is capped at 50", models=many(120))
@lists
def two_defects(ask: Ask, request: Request) -> Response:
    return ask(at_most(with_query(request, before_id=None), 50))


@shows("the list is sorted by `id`, not newest first")
@lists
def alphabetical(ask: Ask, request: Request) -> Response:
    return cut_from(ask, request, lambda models: sorted(models, key=lambda model: model["id"]))


@shows("the list is sorted oldest first")
@lists
def oldest_first(ask: Ask, request: Request) -> Response:
    return cut_from(ask, request, lambda models: models[::-1])


@shows("the order of the list changes with each request")
@lists
def order_of_a_map(ask: Ask, request: Request) -> Response:
    def turned(models: list[dict[str, object]]) -> list[dict[str, object]]:
        turn = request.number * 7 % len(models)
        return models[turn:] + models[:turn]

    return cut_from(ask, request, turned)


@shows("the order of models of the same date changes with each request", hint="by the id too")
@lists
def sorted_by_date_alone(ask: Ask, request: Request) -> Response:
    def by_chance(model: dict[str, object]) -> tuple[str, int]:
        return str(model["created_at"]), crc32(f"{model['id']} {request.number}".encode())

    return cut_from(ask, request, lambda models: sorted(models, key=by_chance, reverse=True))


@shows("responses are made up for each request, with other ids each time")
@lists
def made_up(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response):
        return response
    models = [
        {**model, "id": f"id-{request.number}-{place}"}
        for place, model in enumerate(response.body["data"][: 3 + request.number % 5])
    ]
    return with_data(response, models)


@shows("a cursor that names no model makes the server fail")
@lists
def unknown_cursor_fails(ask: Ask, request: Request) -> Response:
    if has_unknown_cursor(ask, request):
        return said(request, 500, "Internal Server Error", "text/plain")
    return ask(request)


@shows("past the ends of the list comes 404, not an empty page")
def no_page_past_the_ends(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if is_list(request) and is_page(response) and not response.body["data"]:
        return said(request, 404, error_object("not_found_error", "no more models"))
    return response
