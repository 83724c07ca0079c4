"""Faults of walks through the pages: has_more, and the two ends of the list."""

from __future__ import annotations

from typing import Any

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    backwards,
    everything,
    family,
    fault,
    has_cursor,
    is_page,
    lists,
    refusal,
    with_data,
    with_page,
    with_query,
    without_cursor,
)


@family(
    {
        "true": (True, lambda _: True),
        "false": (False, lambda _: True),
        "true-backwards": (True, backwards),
        "false-backwards": (False, backwards),
        "true-with-after_id": (True, lambda request: request.get("after_id") is not None),
        "false-with-after_id": (False, lambda request: request.get("after_id") is not None),
        "true-with-a-limit": (True, lambda request: request.get("limit") is not None),
        "false-with-a-limit": (False, lambda request: request.get("limit") is not None),
        "true-without-a-limit": (True, lambda request: request.get("limit") is None),
        "false-without-a-limit": (False, lambda request: request.get("limit") is None),
        "false-without-a-cursor": (False, lambda request: not has_cursor(request)),
    }
)
@lists
def has_more_is(ask: Ask, request: Request, case: tuple[bool, Any]) -> Response:
    """has_more always has the same value, also if that is wrong."""
    value, applies = case
    response = ask(request)
    return with_page(response, has_more=value) if applies(request) else response


@family(
    {
        "forwards": lambda request: not backwards(request),
        "backwards": backwards,
        "with-after_id": lambda request: request.get("after_id") is not None,
        "without-a-cursor": lambda request: not has_cursor(request),
    }
)
@lists
def has_more_wrong_at_exact_multiples(ask: Ask, request: Request, applies: Any) -> Response:
    """has_more is true for every full page, also when that page is the last one."""
    response = ask(request)
    if not is_page(response) or not applies(request):
        return response
    limit = int(request.get("limit") or 20)
    return with_page(response, has_more=len(response.body["data"]) == limit)


@family(
    {
        "forwards": lambda request: not backwards(request),
        "backwards": backwards,
        "with-after_id": lambda request: request.get("after_id") is not None,
        "without-a-cursor": lambda request: not has_cursor(request),
    }
)
@lists
def has_more_needs_two_more(ask: Ask, request: Request, applies: Any) -> Response:
    """has_more is false when exactly one model is left in the direction of the request."""
    response = ask(request)
    if not is_page(response) or not applies(request) or not response.body["data"]:
        return response
    before, after = _around(ask, request, response)
    return with_page(response, has_more=(before if backwards(request) else after) > 1)


@fault
@lists
def has_more_of_the_other_direction(ask: Ask, request: Request) -> Response:
    """Before a cursor, has_more says whether older models follow, not whether newer models precede."""
    response = ask(request)
    if not is_page(response) or not backwards(request) or not response.body["data"]:
        return response
    return with_page(response, has_more=_around(ask, request, response)[1] > 0)


@fault
@lists
def has_more_false_on_page_two(ask: Ask, request: Request) -> Response:
    """The second page has has_more false."""
    response = ask(request)
    if not is_page(response) or backwards(request) or not response.body["data"]:
        return response
    before, _ = _around(ask, request, response)
    limit = int(request.get("limit") or 20)
    return with_page(response, has_more=False) if before == limit else response


@fault
@lists
def has_more_counts_the_whole_list(ask: Ask, request: Request) -> Response:
    """has_more is true on every page if the list has more than one page."""
    response = ask(request)
    if not is_page(response):
        return response
    limit = int(request.get("limit") or 20)
    return with_page(response, has_more=len(everything(ask, request)) > limit)


@fault
@lists
def more_forever_and_no_cursor(ask: Ask, request: Request) -> Response:
    """Cursors are ignored, and has_more is always true."""
    return with_page(ask(without_cursor(request)), has_more=True)


@family({"last_id": "last_id", "first_id": "first_id"})
@lists
def more_but_no(ask: Ask, request: Request, cursor: str) -> Response:
    """has_more is true, but the cursor for the next page is null."""
    response = ask(request)
    if not is_page(response) or not response.body["has_more"]:
        return response
    return with_page(response, **{cursor: None})


@family(
    {
        f"{end}-{name}": (end, case)
        for end in ("after-last", "before-first")
        for name, case in {
            "400": (400, "invalid_request_error"),
            "404": (404, "not_found_error"),
            "500": (500, "api_error"),
        }.items()
    }
)
@lists
def beyond_the_end(ask: Ask, request: Request, case: tuple[str, tuple[int, str]]) -> Response:
    """The page after the last model, or before the first, is an error."""
    end, (status, kind) = case
    response = ask(request)
    if not _is_beyond(request, response, end):
        return response
    return refusal(request, response, status, kind, "there is nothing more")


@family({"after-last": "after-last", "before-first": "before-first"})
@lists
def first_page_again(ask: Ask, request: Request, end: str) -> Response:
    """The page after the last model, or before the first, is the first page again."""
    response = ask(request)
    if not _is_beyond(request, response, end):
        return response
    return ask(without_cursor(request))


@family({"after-last": "after-last", "before-first": "before-first"})
@lists
def last_page_again(ask: Ask, request: Request, end: str) -> Response:
    """The page after the last model, or before the first, has the cursor's model again."""
    response = ask(request)
    if not _is_beyond(request, response, end):
        return response
    models = everything(ask, request)
    return with_data(response, models[:1] if end == "before-first" else models[-1:])


@family({"after-last": "after-last", "before-first": "before-first"})
@lists
def empty_page_has_more(ask: Ask, request: Request, end: str) -> Response:
    """The empty page after the last model, or before the first, has has_more true."""
    response = ask(request)
    return with_page(response, has_more=True) if _is_beyond(request, response, end) else response


@family({"after-last": "after-last", "before-first": "before-first"})
@lists
def empty_page_keeps_the_cursor(ask: Ask, request: Request, end: str) -> Response:
    """The empty page after the last model, or before the first, has the cursor as first_id and last_id."""
    response = ask(request)
    if not _is_beyond(request, response, end):
        return response
    cursor = request.get("before_id" if end == "before-first" else "after_id")
    return with_page(response, first_id=cursor, last_id=cursor)


@family({"after": "after_id", "before": "before_id"})
@lists
def late_cursor_is_forgotten(ask: Ask, request: Request, name: str) -> Response:
    """A cursor among the last five models leads to the first page."""
    late = [model["id"] for model in everything(ask, request)[-5:-1]]
    return ask(with_query(request, **{name: None}) if request.get(name) in late else request)


def _is_beyond(request: Request, response: Response, end: str) -> bool:
    """Whether the conformant response is the empty page beyond that end of the list."""
    here = backwards(request) == (end == "before-first")
    return is_page(response) and not response.body["data"] and has_cursor(request) and here


def _around(ask: Ask, request: Request, response: Response) -> tuple[int, int]:
    """The number of models in the list before the page, and after it."""
    ids = [model["id"] for model in everything(ask, request)]
    data = response.body["data"]
    return ids.index(data[0]["id"]), len(ids) - 1 - ids.index(data[-1]["id"])
