"""Lies about sameness: the same question, or the same model, comes out otherwise another time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    backwards,
    dropped,
    edited,
    family,
    fault,
    has_cursor,
    is_model,
    is_page,
    lists,
    put,
    refusal,
    retrieves,
    with_body,
    with_data,
    with_page,
)

Models = list[Any]


def _nothing(models: Models) -> Models:
    return models[:0]


@family(
    {
        "empty": _nothing,
        "reversed": lambda models: models[::-1],
        "one-less": lambda models: models[1:],
        "rotated": lambda models: [*models[1:], *models[:1]],
    }
)
@lists
def second_answer_is(ask: Ask, request: Request, edit: Callable[[Models], Models]) -> Response:
    """The same question asked again gets other models, every other time."""
    response = ask(request)
    if not is_page(response) or request.count % 2 == 1 or len(response.body["data"]) < 2:
        return response
    return with_data(response, edit(response.body["data"]))


@family({"second": lambda count: count == 2, "later": lambda count: count > 1})
@lists
def one_model_less_in_the(ask: Ask, request: Request, applies: Callable[[int], bool]) -> Response:
    """The same question asked again gets its last model no more, once or ever after."""
    response = ask(request)
    if not is_page(response) or not applies(request.count) or len(response.body["data"]) < 2:
        return response
    return with_data(response, response.body["data"][:-1])


@fault
@lists
def second_answer_turns_has_more(ask: Ask, request: Request) -> Response:
    """The same question asked again says the opposite of has_more, every other time."""
    response = ask(request)
    if not is_page(response) or request.count % 2 == 1:
        return response
    return with_page(response, has_more=not response.body["has_more"])


@fault
@lists
def second_answer_is_refused(ask: Ask, request: Request) -> Response:
    """The same list question asked again is refused, every other time."""
    response = ask(request)
    if request.count % 2 == 1 or response.status != 200:
        return response
    return refusal(request, response, 400, "invalid_request_error", "asked already")


@family({"renamed": False, "unknown": True})
@retrieves
def second_retrieve_is(ask: Ask, request: Request, lost: bool) -> Response:
    """A model asked for again has another display_name, or is not found, every other time."""
    response = ask(request)
    if request.count % 2 == 1 or not is_model(response):
        return response
    if lost:
        return refusal(request, response, 404, "not_found_error", "model: gone")
    return with_body(response, put(response.body, "display_name", "Claude"))


@fault
def concurrent_answers_mixed_up(ask: Ask, request: Request) -> Response:
    """Of two questions asked at the same time, the first gets the second's answer."""
    time.sleep(0.003)
    return ask(request.asked[-1])


@family(
    {
        "limit-under-5": lambda request: 0 < int(request.get("limit") or 20) < 5,
        "limit-over-99": lambda request: int(request.get("limit") or 20) > 99,
        "after_id": lambda request: request.get("after_id") is not None,
        "before_id": backwards,
        "no-limit": lambda request: request.get("limit") is None,
    }
)
@lists
def model_differs_with(ask: Ask, request: Request, applies: Any) -> Response:
    """The same model has another display_name on some pages than on others."""
    response = ask(request)
    if not is_page(response) or not applies(request):
        return response
    return with_data(
        response, [put(model, "display_name", "Claude") for model in response.body["data"]]
    )


@family({name: name for name in ("type", "created_at", "capabilities")})
@lists
def models_beyond_a_cursor_lack(ask: Ask, request: Request, name: str) -> Response:
    """The models of a page after or before a cursor lack a property; those of the first page have it."""
    if not has_cursor(request):
        return ask(request)
    return edited(ask, request, lambda model: dropped(model, name))


@fault
def created_at_is_now(ask: Ask, request: Request) -> Response:
    """Every model was created this very second."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return edited(ask, request, lambda model: put(model, "created_at", now))


@fault
@retrieves
def concurrent_retrieves_mixed_up(ask: Ask, request: Request) -> Response:
    """Of two models asked for at the same time, the first is answered with the second."""
    time.sleep(0.003)
    return ask(request.asked[-1])
