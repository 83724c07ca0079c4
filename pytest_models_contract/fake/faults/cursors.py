"""Faults of cursors: which models a page has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    backwards,
    cut_from,
    everything,
    family,
    fault,
    has_unknown_cursor,
    is_page,
    lists,
    refusal,
    with_body,
    with_data,
    with_page,
    with_query,
    without_cursor,
)

CURSORS = {"after_id": "after_id", "before_id": "before_id"}


@family(CURSORS)
@lists
def cursor_ignored(ask: Ask, request: Request, cursor: str) -> Response:
    """A cursor is ignored: the response is the first page again."""
    return ask(with_query(request, **{cursor: None}))


@fault
@lists
def both_cursors_ignored(ask: Ask, request: Request) -> Response:
    """Both cursors are ignored, after_id and before_id."""
    return ask(without_cursor(request))


@family(CURSORS)
@lists
def cursor_inclusive(ask: Ask, request: Request, cursor: str) -> Response:
    """The page has the cursor's own model in place of its model farthest from the cursor."""
    response, models = ask(request), everything(ask, request)
    own = [model for model in models if model["id"] == request.get(cursor)]
    if not is_page(response) or not own:
        return response
    data = response.body["data"]
    return with_data(response, [*data[1:], *own] if cursor == "before_id" else [*own, *data[:-1]])


@family(
    {
        "always": lambda _: True,
        "with-a-limit": lambda request: request.get("limit") is not None,
        "without-a-limit": lambda request: request.get("limit") is None,
    }
)
@lists
def before_gives_the_first_models(ask: Ask, request: Request, applies: Any) -> Response:
    """The page before a cursor starts at the newest model instead of ending at the cursor."""
    response = ask(request)
    if not is_page(response) or not backwards(request) or not applies(request):
        return response
    return with_data(response, everything(ask, request)[: len(response.body["data"])])


@fault
@lists
def before_means_after(ask: Ask, request: Request) -> Response:
    """before_id is read as after_id."""
    before = request.get("before_id")
    swapped = with_query(request, before_id=None, after_id=before)
    return ask(request if before is None or request.get("after_id") else swapped)


@fault
@lists
def after_means_before(ask: Ask, request: Request) -> Response:
    """after_id is read as before_id."""
    after = request.get("after_id")
    swapped = with_query(request, after_id=None, before_id=after)
    return ask(request if after is None or request.get("before_id") else swapped)


@fault
@lists
def after_skips_a_model(ask: Ask, request: Request) -> Response:
    """A page after a cursor starts one model too late: a walk loses one model at each page boundary."""
    return _from_next(ask, request, "after_id", 1)


@fault
@lists
def before_skips_a_model(ask: Ask, request: Request) -> Response:
    """A page before a cursor ends one model too early: a walk loses one model at each page boundary."""
    return _from_next(ask, request, "before_id", -1)


def _from_next(ask: Ask, request: Request, cursor: str, step: int) -> Response:
    ids = [model["id"] for model in everything(ask, request)]
    if request.get(cursor) not in ids:
        return ask(request)
    place = ids.index(str(request.get(cursor))) + step
    return ask(with_query(request, **{cursor: ids[min(max(place, 0), len(ids) - 1)]}))


@fault
@lists
def page_border_repeats_a_model(ask: Ask, request: Request) -> Response:
    """A page after a cursor starts with the cursor's model, in addition to its own models."""
    response, models = ask(request), everything(ask, request)
    own = [model for model in models if model["id"] == request.get("after_id")]
    if not is_page(response) or not own or not response.body["data"]:
        return response
    return with_page(with_data(response, [*own, *response.body["data"]]))


@family(
    {
        "last": lambda models: models[:-1],
        "first": lambda models: models[1:],
    }
)
@lists
def list_lacks(ask: Ask, request: Request, choice: Any) -> Response:
    """The list lacks models that can be retrieved; has_more agrees with the shorter list."""
    return cut_from(ask, request, choice)


@fault
@lists
def cursors_are_offsets(ask: Ask, request: Request) -> Response:
    """first_id and last_id are positions, not ids, and only positions are accepted as cursors."""
    ids = [model["id"] for model in everything(ask, request)]
    cursor = "before_id" if backwards(request) else "after_id"
    offset = request.get(cursor)
    if offset is not None and offset.isdecimal() and int(offset) < len(ids):
        request = with_query(request, **{cursor: ids[int(offset)]})
    elif offset is not None:
        request = with_query(request, **{cursor: f"offset {offset}"})
    response = ask(request)
    if not is_page(response) or not response.body["data"]:
        return response
    first, last = response.body["first_id"], response.body["last_id"]
    return with_page(response, first_id=str(ids.index(first)), last_id=str(ids.index(last)))


@family({"after": "after_id", "before": "before_id"})
@lists
def cursor_must_be_on_page_one(ask: Ask, request: Request, name: str) -> Response:
    """A cursor beyond the twentieth model is refused as unknown."""
    response, known = ask(request), everything(ask, request)[:20]
    cursor = request.get(name)
    if response.status == 401 or cursor is None or cursor in [model["id"] for model in known]:
        return response
    return refusal(request, response, 400, "invalid_request_error", f"{cursor} names no model")


@family({"after_id": "after_id", "before_id": "before_id"})
@lists
def cursor_needs_a_limit(ask: Ask, request: Request, cursor: str) -> Response:
    """A cursor without a limit is ignored."""
    return ask(request if request.get("limit") else with_query(request, **{cursor: None}))


@fault
@lists
def unknown_cursor_crashes(ask: Ask, request: Request) -> Response:
    """A cursor that names no model gets 500."""
    response = ask(request)
    if response.status != 400 or not has_unknown_cursor(ask, request):
        return response
    return refusal(request, response, 500, "api_error", "internal error")


@family({"unknown": False, "both": True})
@lists
def odd_cursor_gets_half_a_page(ask: Ask, request: Request, both: bool) -> Response:
    """An unknown cursor, or two cursors at once, get 200 with `data` null, as Go encodes a nil slice."""
    response = ask(request)
    two = request.get("after_id") is not None and backwards(request)
    if response.status != 400 or two != both or not (two or has_unknown_cursor(ask, request)):
        return response
    zero_values = {"data": None, "first_id": "", "last_id": "", "has_more": False}
    return replace(with_body(response, zero_values), status=200)


@fault
@lists
def both_cursors_crash(ask: Ask, request: Request) -> Response:
    """A request with both cursors gets 500."""
    response = ask(request)
    if request.get("after_id") is None or not backwards(request):
        return response
    return refusal(request, response, 500, "api_error", "internal error")


@family({"strictly": False, "with-ties": True})
@lists
def after_goes_by_date(ask: Ask, request: Request, ties: bool) -> Response:
    """A page after a cursor goes by date: of the models with the cursor's date it has none, or all."""
    response, models = ask(request), everything(ask, request)
    day = _day(models, request.get("after_id"))
    if not is_page(response) or day is None:
        return response
    left = [
        model
        for model in models
        if model["created_at"] < day or (ties and day == model["created_at"])
    ]
    return _cut(response, request, left, left[: _size(request)])


@family({"strictly": False, "with-ties": True})
@lists
def before_goes_by_date(ask: Ask, request: Request, ties: bool) -> Response:
    """A page before a cursor goes by date: of the models with the cursor's date it has none, or all."""
    response, models = ask(request), everything(ask, request)
    day = _day(models, request.get("before_id"))
    if not is_page(response) or day is None:
        return response
    left = [
        model
        for model in models
        if model["created_at"] > day or (ties and day == model["created_at"])
    ]
    return _cut(response, request, left, left[-_size(request) :])


@fault
@lists
def before_wraps_around(ask: Ask, request: Request) -> Response:
    """A page before a cursor is empty if fewer models are left than the limit, as with a negative index."""
    response, models = ask(request), everything(ask, request)
    place = next((n for n, m in enumerate(models) if m["id"] == request.get("before_id")), None)
    if not is_page(response) or place is None:
        return response
    return with_data(response, models[place - _size(request) : place])


@family({"1000": 1000, "100": 100})
@lists
def large_limit_forgets_after_id(ask: Ask, request: Request, least: int) -> Response:
    """after_id is ignored in a request with a large limit."""
    large = _size(request) >= least
    return ask(with_query(request, after_id=None) if large else request)


@fault
@lists
def cursors_advance_by_themselves(ask: Ask, request: Request) -> Response:
    """The value of after_id is ignored: each request with it gets another page."""
    ids = [model["id"] for model in everything(ask, request)]
    if request.get("after_id") not in ids:
        return ask(request)
    turn = sum(1 for earlier in request.asked if earlier.get("after_id") is not None)
    later = ids[len(ids) // 3 : -1] or ids  # so that page two of a walk never follows page one
    return ask(with_query(request, after_id=later[turn * 7 % len(later)]))


def _day(models: list[Model], cursor: str | None) -> Any:
    return next((model["created_at"] for model in models if model["id"] == cursor), None)


def _cut(response: Response, request: Request, left: list[Model], data: list[Model]) -> Response:
    return with_page(with_data(response, data), has_more=len(left) > _size(request))


def _size(request: Request) -> int:
    limit = request.get("limit") or ""
    return int(limit) if limit.isdecimal() else 20
