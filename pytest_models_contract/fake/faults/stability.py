"""Faults of stability: the same request, or the same model, differs from one time to the next."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    backwards,
    cut_from,
    dropped,
    edited,
    family,
    fault,
    has_cursor,
    is_model,
    is_page,
    lists,
    name_asked,
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
    """The same request gets other models every second time."""
    response = ask(request)
    if not is_page(response) or request.count % 2 == 1 or len(response.body["data"]) < 2:
        return response
    return with_data(response, edit(response.body["data"]))


@family({"second": lambda count: count == 2, "later": lambda count: count > 1})
@lists
def one_model_less_in_the(ask: Ask, request: Request, applies: Callable[[int], bool]) -> Response:
    """A repeated request gets one model less, only the second time or from then on."""
    response = ask(request)
    if not is_page(response) or not applies(request.count) or len(response.body["data"]) < 2:
        return response
    return with_data(response, response.body["data"][:-1])


@fault
@lists
def second_answer_turns_has_more(ask: Ask, request: Request) -> Response:
    """The same request gets the opposite value of has_more every second time."""
    response = ask(request)
    if not is_page(response) or request.count % 2 == 1:
        return response
    return with_page(response, has_more=not response.body["has_more"])


@fault
@lists
def second_answer_is_refused(ask: Ask, request: Request) -> Response:
    """The same list request is refused every second time."""
    response = ask(request)
    if request.count % 2 == 1 or response.status != 200:
        return response
    return refusal(request, response, 400, "invalid_request_error", "asked already")


@family({"renamed": False, "unknown": True})
@retrieves
def second_retrieve_is(ask: Ask, request: Request, lost: bool) -> Response:
    """The same model has another display_name, or is not found, every second time."""
    response = ask(request)
    if request.count % 2 == 1 or not is_model(response):
        return response
    if lost:
        return refusal(request, response, 404, "not_found_error", "model: gone")
    return with_body(response, put(response.body, "display_name", "Claude"))


@fault
@lists
def retrieved_models_come_first(ask: Ask, request: Request) -> Response:
    """The models that were retrieved come first in the list, the latest of them first of all."""
    used = {name_asked(each): turn for turn, each in enumerate(list(request.asked))}
    return cut_from(
        ask, request, lambda models: sorted(models, key=lambda own: -used.get(own["id"], -1))
    )


@fault
def concurrent_answers_mixed_up(ask: Ask, request: Request) -> Response:
    """The first of two requests at the same time gets the response to the second."""
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
    """The models of pages with a cursor lack a property; those of the first page have it."""
    if not has_cursor(request):
        return ask(request)
    return edited(ask, request, lambda model: dropped(model, name))


@fault
def created_at_is_now(ask: Ask, request: Request) -> Response:
    """Every created_at is the current time in seconds."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return edited(ask, request, lambda model: put(model, "created_at", now))


@fault
@retrieves
def concurrent_retrieves_mixed_up(ask: Ask, request: Request) -> Response:
    """The first of two requests for models at the same time gets the model of the second."""
    time.sleep(0.003)
    return ask(request.asked[-1])


@family(
    {
        "in-another-order": lambda models, number: (
            models[number % len(models) :] + models[: number % len(models)]
        ),
        "of-other-models": lambda models, number: [
            put(m, "id", f"{m['id']}-{number}") for m in models
        ],
        "of-fewer-models": lambda models, number: models[: 1 + number % len(models)],
    }
)
@lists
def each_list_is(ask: Ask, request: Request, edit: Callable[[Models, int], Models]) -> Response:
    """Each list differs from the one before, also if the same request is sent again."""
    response = ask(request)
    if not is_page(response) or not response.body["data"]:
        return response
    return with_data(response, edit(response.body["data"], request.number))


VALUES: dict[str, tuple[str, Callable[[int], Any]]] = {
    "created_at": ("created_at", lambda number: f"2026-01-01T00:00:00.{number:06d}Z"),
    "display_name": ("display_name", lambda number: f"Claude {number}"),
    "max_tokens": ("max_tokens", lambda number: number),
}


@family(VALUES)
def each_answer_has_another(
    ask: Ask, request: Request, case: tuple[str, Callable[[int], Any]]
) -> Response:
    """A property of every model has another value in each response."""
    name, value = case
    return edited(ask, request, lambda model: put(model, name, value(request.number)))


@fault
@lists
def list_is_remembered_for_every_key(ask: Ask, request: Request) -> Response:
    """The list for the first key is cached and sent to every key; one of the keys has one model less."""
    request = replace(request, trusted=request.trusted or _is_another_client(request))
    response = ask(request)
    same = (
        each for each in request.asked if (each.path, each.query) == (request.path, request.query)
    )
    first = next((each for each in same if each.keys), request)
    if not is_page(response) or not _is_another_client(first):
        return response
    return with_data(response, response.body["data"][1:])


def _is_another_client(request: Request) -> bool:
    return any(key.endswith("another-client") for key in request.keys)
