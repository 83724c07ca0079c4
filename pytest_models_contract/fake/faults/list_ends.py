"""Faults at certain cursors only: special ids, equal dates, large pages."""

from __future__ import annotations

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    backwards,
    everything,
    family,
    fault,
    is_page,
    lists,
    refusal,
    with_data,
    with_page,
    with_query,
)


@family(
    {
        f"{name}-{cursor}": (character, cursor)
        for name, character in {"slash": "/", "blank": " "}.items()
        for cursor in ("after_id", "before_id")
    }
)
@lists
def odd_cursor_refused(ask: Ask, request: Request, case: tuple[str, str]) -> Response:
    """A cursor with a special character is refused, although a listed model has that id."""
    response, (character, cursor) = ask(request), case
    if character not in (request.get(cursor) or ""):
        return response
    return refusal(request, response, 400, "invalid_request_error", "not a cursor")


@family({"ascending": True, "descending": False})
@lists
def cursor_breaks_ties_by_id(ask: Ask, request: Request, rising: bool) -> Response:
    """After a cursor, models of the same date are ordered by id, in another order than in the list."""
    response, models = ask(request), everything(ask, request)
    cursor = next((own for own in models if own["id"] == request.get("after_id")), None)
    if cursor is None or not is_page(response):
        return response
    day, name = cursor["created_at"], cursor["id"]
    left = [
        own
        for own in models
        if own["created_at"] < day
        or (own["created_at"] == day and (own["id"] > name if rising else own["id"] < name))
    ]
    size = int(request.get("limit") or 20)
    return with_page(with_data(response, left[:size]), has_more=len(left) > size)


@fault
@lists
def full_page_after_a_cursor_is_the_last(ask: Ask, request: Request) -> Response:
    """After a cursor, a page of 1000 models has has_more false, also when more models follow."""
    response = ask(request)
    full = request.get("after_id") is not None and is_page(response)
    return (
        with_page(response, has_more=False)
        if full and len(response.body["data"]) == 1000
        else response
    )


@fault
@lists
def limit_is_less_after_a_cursor(ask: Ask, request: Request) -> Response:
    """After a cursor, no page has more than 500 models."""
    lowered = request.get("after_id") is not None and int(request.get("limit") or 0) > 500
    return ask(with_query(request, limit=500) if lowered and not backwards(request) else request)
