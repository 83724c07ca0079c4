"""Faults that show only with a few limits or at a few places.

They are meant for a catalogue of 240 models, where a run of the suite without exploration misses them.
Positions count from 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    asks_for,
    backwards,
    everything,
    family,
    is_model,
    is_page,
    lists,
    not_found,
    put,
    refusal,
    retrieves,
    with_data,
    with_page,
    with_query,
    without_cursor,
)

Effect = Callable[[Ask, Request], Response]


class Window(NamedTuple):
    """What a list request asks for; the position of the cursor is 0 where none is sent."""

    cursor: str
    position: int
    limit: int
    left: int
    """How many models there are beyond the cursor, in the direction asked for."""

    @property
    def size(self) -> int:
        return min(self.limit, self.left)

    @property
    def last(self) -> int:
        """The position of the last model on the page, in the direction asked for."""
        return (
            self.position - self.size if self.cursor == "before_id" else self.position + self.size
        )


def window_of(ask: Ask, request: Request) -> Window:
    """The window that a list request asks for; without a cursor where the cursor names no model."""
    ids = [model["id"] for model in everything(ask, request)]
    limit = int(request.get("limit") or 20)
    for cursor in ("after_id", "before_id"):
        if request.get(cursor) in ids:
            position = ids.index(request.get(cursor)) + 1
            left = position - 1 if cursor == "before_id" else len(ids) - position
            return Window(cursor, position, limit, left)
    return Window("", 0, limit, len(ids))


# --- what is wrong -------------------------------------------------------------------------------


def capped(limit: int) -> Effect:
    """The page of another limit."""
    return lambda ask, request: ask(with_query(request, limit=limit))


def refused(status: int, kind: str) -> Effect:
    return lambda ask, request: refusal(request, ask(request), status, kind, "not possible")


def edited(edit: Callable[[list[Any]], list[Any]]) -> Effect:
    """The page with other models, its cursors agreeing with them."""

    def changed(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return with_data(response, edit(response.body["data"])) if is_page(response) else response

    return changed


def enveloped(members: Callable[[dict[str, Any]], dict[str, Any]]) -> Effect:
    """The page with other members of the envelope."""

    def changed(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return with_page(response, **members(response.body)) if is_page(response) else response

    return changed


def shifted(ask: Ask, request: Request) -> Response:
    """The page of the next cursor."""
    ids = [model["id"] for model in everything(ask, request)]
    name = "before_id" if backwards(request) else "after_id"
    place = ids.index(request.get(name)) + (-1 if backwards(request) else 1)
    return ask(with_query(request, **{name: ids[place]})) if 0 <= place < len(ids) else ask(request)


def from_the_start(ask: Ask, request: Request) -> Response:
    """The first page, whatever the cursor."""
    return ask(without_cursor(request))


empty = edited(lambda _: [])
turned_round = edited(lambda models: models[::-1])
without_the_last = edited(lambda models: models[:-1])
without_the_first = edited(lambda models: models[1:])
first_one_twice = edited(lambda models: [*models[:1], *models])
renamed_first = edited(
    lambda models: [put(each, "display_name", "Claude") for each in models[:1]] + models[1:]
)
has_more_turned = enveloped(lambda page: {"has_more": not page["has_more"]})
no_last_id = enveloped(lambda _: {"last_id": None})
wrong_first_id = enveloped(lambda page: {"first_id": page["last_id"]})
early_last_id = enveloped(lambda page: {"last_id": page["data"][-2]["id"]})
failing = refused(500, "api_error")
refusing = refused(400, "invalid_request_error")

AFTER, BEFORE = "after_id", "before_id"
WINDOWS: dict[str, tuple[Callable[[Window], bool], Effect]] = {
    # Limits that a program rounds, keeps in a byte, counts in batches or reads with a wrong pattern.
    "limit-101-to-199": (lambda w: 100 < w.limit < 200 and w.left > 100, capped(100)),
    "limit-128": (lambda w: w.limit == 128, capped(127)),
    "limit-127-backward": (lambda w: w.cursor == BEFORE and w.size == 127, without_the_first),
    "limit-256": (lambda w: w.limit == 256, empty),
    "limit-90-to-99": (lambda w: 90 <= w.limit <= 99, refusing),
    "limit-64-backward": (lambda w: w.cursor == BEFORE and w.limit == 64, capped(63)),
    "limit-21-to-24-beside-a-cursor": (
        lambda w: bool(w.cursor) and 21 <= w.limit <= 24,
        capped(20),
    ),
    "limit-of-48s": (lambda w: w.cursor == AFTER and w.size % 48 == 0 < w.size, without_the_last),
    "limit-of-30s": (lambda w: w.cursor == AFTER and w.limit % 30 == 0, without_the_last),
    "limit-500-to-510": (lambda w: 500 <= w.limit <= 510, failing),
    "limit-137": (lambda w: w.size == 137, without_the_last),
    "limit-53-after": (lambda w: w.cursor == AFTER and w.limit == 53, capped(52)),
    # Cursors that a table, an index or an encoding has wrong.
    "cursor-138-after": (lambda w: w[:2] == (AFTER, 138), refusing),
    "cursor-72-before": (lambda w: w[:2] == (BEFORE, 72), from_the_start),
    "cursor-174": (lambda w: w.position == 174, empty),
    "cursor-128-after": (lambda w: w[:2] == (AFTER, 128), shifted),
    "cursor-100-after": (lambda w: w[:2] == (AFTER, 100), shifted),
    "cursor-129-before": (lambda w: w[:2] == (BEFORE, 129), shifted),
    "cursor-every-50": (lambda w: w.cursor == AFTER and w.position % 50 == 1 < w.position, shifted),
    "cursor-231-to-237-before": (
        lambda w: w.cursor == BEFORE and 231 <= w.position <= 237,
        turned_round,
    ),
    "cursor-101-to-108-after": (lambda w: w.cursor == AFTER and 101 <= w.position <= 108, empty),
    # Pages that end where a block, a byte or the list ends.
    "up-to-128": (lambda w: w.cursor != BEFORE and w.last == 128, has_more_turned),
    "back-to-101": (lambda w: w.cursor == BEFORE and w.last == 101, has_more_turned),
    "up-to-199": (lambda w: w.cursor != BEFORE and w.last == 199, no_last_id),
    "exact-fit-odd": (
        lambda w: w.cursor == AFTER and w.limit == w.left > 20 and w.limit % 2 == 1,
        has_more_turned,
    ),
    "exact-fit-backward": (
        lambda w: w.cursor == BEFORE and w.limit == w.left > 50,
        has_more_turned,
    ),
    "one-left": (lambda w: bool(w.cursor) and w.limit + 1 == w.left > 50, has_more_turned),
    "one-too-many": (lambda w: w.cursor == AFTER and w.limit - 1 == w.left > 20, without_the_last),
    # Pages of a size, and of a size at a depth.
    "151-to-199-backward": (lambda w: w.cursor == BEFORE and 150 < w.size < 200, turned_round),
    "33-to-63-deep": (
        lambda w: w.position > 150 and w.cursor == AFTER and 33 <= w.limit <= 63,
        first_one_twice,
    ),
    "50-or-51": (lambda w: w.cursor == AFTER and w.size in (50, 51), without_the_last),
    "100-models": (lambda w: w.size == 100, wrong_first_id),
    "33-models-backward": (lambda w: w.cursor == BEFORE and w.size == 33, early_last_id),
    "over-200-backward": (
        lambda w: w.cursor == BEFORE and w.limit > 200 and 211 < w.position < 240,
        turned_round,
    ),
    "sevens-at-thirds": (
        lambda w: w.cursor == AFTER and w.limit % 7 == 0 and w.position % 3 == 0,
        without_the_first,
    ),
    "from-151": (lambda w: w.cursor == AFTER and w.position == 150, renamed_first),
    "25s-backward": (
        lambda w: w.cursor == BEFORE and w.left > 0 == w.limit % 25 and w.limit < 1000,
        renamed_first,
    ),
}


@family(WINDOWS)
@lists
def narrow_window(
    ask: Ask, request: Request, case: tuple[Callable[[Window], bool], Effect]
) -> Response:
    """A page is wrong only with a few limits or at a few cursors."""
    is_wrong, effect = case
    legal = is_page(ask(request)) and not (request.get("limit") or "1").startswith("+")
    return effect(ask, request) if legal and is_wrong(window_of(ask, request)) else ask(request)


# --- single models -------------------------------------------------------------------------------

MODELS: dict[str, Callable[[int], int | None]] = {
    "lost-138": lambda position: None if position == 138 else position,
    "neighbour-of-107-to-115": lambda position: position + 11 * (107 <= position <= 115),
    "every-15th-over-100": lambda position: position - (position > 100 and position % 15 == 8),
}
"""The position of the model that is answered with, by that of the model asked for; None for none."""


@family(MODELS)
@retrieves
def narrow_retrieve(ask: Ask, request: Request, found: Callable[[int], int | None]) -> Response:
    """A few models cannot be retrieved, or retrieve returns another model."""
    response, ids = ask(request), [model["id"] for model in everything(ask, request)]
    if not is_model(response):
        return response
    position = 1 + ids.index(response.body["id"])
    other = found(position)
    if other is None:
        return not_found(request, response)
    return response if other == position else ask(asks_for(request, ids[min(other, len(ids)) - 1]))
