"""Servers of one model or two: what is wrong is said by what shows, not by what would also fit."""

from __future__ import annotations

from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    cut_from,
    is_page,
    lists,
    with_data,
    with_page,
    with_query,
    without_cursor,
)
from wrong_servers.kit import many, shows, size_of

IGNORED = "`after_id` and `before_id` are ignored"


@shows(IGNORED, models=many(1))
@lists
def one_model_whatever_the_cursor(ask: Ask, request: Request) -> Response:
    return ask(without_cursor(request))


@shows(IGNORED, models=many(2))
@lists
def two_models_whatever_the_cursor(ask: Ask, request: Request) -> Response:
    return ask(without_cursor(request))


@shows("`has_more` is always true", hint="for an empty page", models=many(1))
@lists
def one_model_and_always_more(ask: Ask, request: Request) -> Response:
    return with_page(ask(request), has_more=True)


@shows("`has_more` is always false", models=many(2))
@lists
def two_models_and_never_more(ask: Ask, request: Request) -> Response:
    return with_page(ask(request), has_more=False)


@shows("`has_more` is computed from the page's length", models=many(1))
@lists
def one_model_fills_a_page(ask: Ask, request: Request) -> Response:
    response = ask(request)
    full = is_page(response) and len(response.body["data"]) == size_of(request)
    return with_page(response, has_more=full)


@shows("`limit` is ignored: the only page holds all models that are left", models=many(2))
@lists
def two_models_at_once(ask: Ask, request: Request) -> Response:
    response = ask(request)
    bare = request.get("after_id") is None and request.get("before_id") is None
    if not is_page(response) or not bare:
        return response
    whole = cut_from(ask, without_cursor(request), lambda models: models)
    both = [*whole.body["data"], *many(2)[len(whole.body["data"]) :]]
    return with_page(with_data(response, both), has_more=False)


@shows("illegal values of `limit` are not refused but served with 3 models: 1e2", models=many(3))
@lists
def three_models_and_a_number_with_an_exponent(ask: Ask, request: Request) -> Response:
    return ask(with_query(request, limit=100) if request.get("limit") == "1e2" else request)


@shows('`first_id` and `last_id` are "null", not ids on empty pages', models=many(3))
@lists
def three_models_and_the_text_null(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response) or response.body["data"]:
        return response
    return with_page(response, first_id="null", last_id="null")


@shows("`has_more` is null, not true or false where no more models follow", models=many(3))
@lists
def three_models_and_null_for_false(ask: Ask, request: Request) -> Response:
    both = request.get("after_id") and request.get("before_id")
    response = ask(with_query(request, before_id=None) if both else request)
    more = is_page(response) and response.body["has_more"]
    return with_page(response, has_more=more or None)
