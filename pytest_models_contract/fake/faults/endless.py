"""Faults of a list without an end: after each page there is another one, of new models."""

from __future__ import annotations

from urllib.parse import quote

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    asks_for,
    edited,
    everything,
    family,
    is_list,
    is_model,
    is_page,
    name_asked,
    not_found,
    with_data,
    with_page,
    without_cursor,
)

AGAIN = "-turn-"
UNKNOWN_DATE = "1970-01-01T00:00:00Z"


def endless(ask: Ask, request: Request) -> Response:
    """The models of the catalogue, turn after turn, under new ids and without a date: no fault by itself."""
    return _page(ask, request) if is_list(request) else _model(ask, request)


@family({"repeats": True, "has-unknown-models": False})
def endless_list(ask: Ask, request: Request, repeats: bool) -> Response:
    """The list has no end; each page repeats a model, or has models that cannot be retrieved."""
    response = endless(ask, request)
    if not repeats:
        later = AGAIN in name_asked(request) and is_model(response)
        return not_found(request, response) if later else response
    cursor = request.get("after_id")
    if cursor is None or not is_page(response) or not response.body["data"]:
        return response
    data = [*_named(cursor, everything(ask, request)), *response.body["data"]]
    return with_data(response, data[: len(response.body["data"])])


def _page(ask: Ask, request: Request) -> Response:
    first = ask(without_cursor(request))
    after, before = request.get("after_id"), request.get("before_id")
    models = everything(ask, request)
    cursor = after if after is not None else before
    places = {model["id"]: place for place, model in enumerate(models)}
    known = cursor is None or cursor.partition(AGAIN)[0] in places
    if not is_page(first) or not models or not known or (after is not None and before is not None):
        return ask(request)
    limit = int(request.get("limit") or 20)
    here = _place(cursor, places) if cursor else -1
    start = max(0, here - limit) if before is not None else here + 1
    end = here if before is not None else start + limit
    data = [
        _turned(models[place % len(models)], place // len(models)) for place in range(start, end)
    ]
    return with_page(with_data(first, data), has_more=before is None or start > 0)


def _model(ask: Ask, request: Request) -> Response:
    name, again, turn = name_asked(request).partition(AGAIN)
    if not again or not turn.isdecimal():
        return ask(request)
    return edited(ask, asks_for(request, quote(name, safe="")), lambda own: _turned(own, int(turn)))


def _place(name: str, places: dict[str, int]) -> int:
    own, _, turn = name.partition(AGAIN)
    return places[own] + int(turn or 0) * len(places)


def _named(name: str, models: list[Model]) -> list[Model]:
    """The model of that name; none where the cursor is no id."""
    own, _, turn = name.partition(AGAIN)
    return [_turned(model, int(turn or 0)) for model in models if model["id"] == own]


def _turned(model: Model, turn: int) -> Model:
    if not turn:
        return model
    return {**model, "id": f"{model['id']}{AGAIN}{turn}", "created_at": UNKNOWN_DATE}
