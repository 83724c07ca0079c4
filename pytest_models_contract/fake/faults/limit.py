"""Faults of the page size."""

from __future__ import annotations

import re
from collections.abc import Callable

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
)

FEWEST, MOST = 1, 1000
OUT_OF_RANGE = {"0": "0", "-1": "-1", "1001": "1001", "huge": str(2**64 + 5)}
NOT_INTEGERS = {"word": "abc", "fraction": "1.5", "tail": "5abc", "empty": ""}
# Texts that int() of Python, or Number() of JavaScript, accepts as numbers.
LENIENT = {"plus": "+5", "arabic": "\u0665", "exponent": "1e2", "point-zero": "5.0"}


@family({"1": 1, "10": 10, "19": 19, "21": 21, "50": 50, "100": 100, "1000": 1000})
@lists
def default_limit_is(ask: Ask, request: Request, limit: int) -> Response:
    """Without a limit, a page has another size than 20."""
    return ask(request if request.get("limit") is not None else with_query(request, limit=limit))


@fault
@lists
def default_limit_differs_with_a_cursor(ask: Ask, request: Request) -> Response:
    """With a cursor and without a limit, a page has at most three models."""
    if request.get("limit") or not has_cursor(request):
        return ask(request)
    return ask(with_query(request, limit=3))


@family({"after_id": "after_id", "before_id": "before_id"})
@lists
def default_limit_is_ten_with(ask: Ask, request: Request, cursor: str) -> Response:
    """Without a limit, a page after, or before, a cursor has ten models."""
    applies = not request.get("limit") and request.get(cursor) is not None
    return ask(with_query(request, limit=10) if applies else request)


@family({"after_id": "after_id", "before_id": "before_id"})
@lists
def limit_ignored_with(ask: Ask, request: Request, cursor: str) -> Response:
    """A page after, or before, a cursor has 20 models whatever the limit."""
    applies = _has_legal_limit(request) and request.get(cursor) is not None
    return ask(with_query(request, limit=20) if applies else request)


@family({"without-a-cursor": lambda request: not has_cursor(request), "always": lambda _: True})
@lists
def small_limit_serves_six(
    ask: Ask, request: Request, applies: Callable[[Request], bool]
) -> Response:
    """A limit from 2 to 5 is served as 6."""
    small = request.get("limit") in {"2", "3", "4", "5"} and applies(request)
    return ask(with_query(request, limit=6) if small else request)


@fault
@lists
def limit_ignored(ask: Ask, request: Request) -> Response:
    """A page has 20 models whatever the limit."""
    return ask(with_query(request, limit=20)) if _has_legal_limit(request) else ask(request)


@fault
@lists
def limit_ignored_with_a_cursor(ask: Ask, request: Request) -> Response:
    """A page after or before a cursor has 20 models whatever the limit."""
    ignored = _has_legal_limit(request) and has_cursor(request)
    return ask(with_query(request, limit=20)) if ignored else ask(request)


@fault
@lists
def limit_unchecked_after_a_cursor(ask: Ask, request: Request) -> Response:
    """After a cursor, a limit of 1001 is served as 1000."""
    above = has_cursor(request) and request.get("limit") == str(MOST + 1)
    return ask(with_query(request, limit=MOST) if above else request)


@family({"more": 1, "less": -1})
@lists
def limit_is_one(ask: Ask, request: Request, off: int) -> Response:
    """A page has one model more, or one less, than its limit."""
    if not _has_legal_limit(request):
        return ask(request)
    limit = int(request.get("limit") or 20) + off
    return ask(with_query(request, limit=min(MOST, max(FEWEST, limit))))


@family({"5": 5, "20": 20, "25": 25, "100": 100, "500": 500, "999": 999})
@lists
def limit_capped_silently_at(ask: Ask, request: Request, cap: int) -> Response:
    """A limit above this number is served as this number, without an error."""
    if not _has_legal_limit(request) or int(request.get("limit") or 0) <= cap:
        return ask(request)
    return ask(with_query(request, limit=cap))


@fault
@lists
def limit_1_serves_two(ask: Ask, request: Request) -> Response:
    """A limit of 1 gets two models."""
    return ask(with_query(request, limit=2)) if request.get("limit") == "1" else ask(request)


@family({"1": 1, "101": 101, "1000": 1000})
@lists
def limit_refused_from(ask: Ask, request: Request, first: int) -> Response:
    """A limit that is in range is refused."""
    response = ask(request)
    if not _has_legal_limit(request) or not first <= int(request.get("limit") or 0) <= first + 899:
        return response
    return refusal(request, response, 400, "invalid_request_error", f"limit: {first} is too many")


@family(
    {
        "always": lambda _: True,
        "with-a-cursor": has_cursor,
        "with-before_id": backwards,
        "without-a-cursor": lambda request: not has_cursor(request),
    }
)
@lists
def page_falls_short(ask: Ask, request: Request, applies: Callable[[Request], bool]) -> Response:
    """A page that is not the last is one model shorter than its limit."""
    response = ask(request)
    shorten = applies(request) and is_page(response) and response.body["has_more"]
    if not shorten or len(response.body["data"]) < 2:
        return response
    data = response.body["data"]
    return with_data(response, data[1:] if backwards(request) else data[:-1])


@family(OUT_OF_RANGE)
@lists
def limit_clamped(ask: Ask, request: Request, limit: str) -> Response:
    """A limit out of range is served as the nearest one in range."""
    if request.get("limit") != limit:
        return ask(request)
    return ask(with_query(request, limit=min(MOST, max(FEWEST, int(limit)))))


@family(OUT_OF_RANGE | NOT_INTEGERS | LENIENT)
@lists
def limit_served_as_default(ask: Ask, request: Request, limit: str) -> Response:
    """A limit that is out of range, or not an integer, is served as if none was sent."""
    if request.get("limit") != limit:
        return ask(request)
    return ask(with_query(request, limit=None))


@family(OUT_OF_RANGE | NOT_INTEGERS)
@lists
def limit_crashes(ask: Ask, request: Request, limit: str) -> Response:
    """A limit that is out of range, or not an integer, gets 500."""
    response = ask(request)
    if request.get("limit") != limit:
        return response
    return refusal(request, response, 500, "api_error", "internal error")


@family({"fraction": "1.5", "tail": "5abc"})
@lists
def limit_read_up_to_the_first_letter(ask: Ask, request: Request, limit: str) -> Response:
    """A limit that begins with an integer, such as 1.5 or 5abc, is served as that integer."""
    if request.get("limit") != limit:
        return ask(request)
    return ask(with_query(request, limit=re.findall("[0-9]+", limit)[0]))


@fault
@lists
def limit_0_serves_an_empty_page(ask: Ask, request: Request) -> Response:
    """A limit of 0 gets a page without models."""
    if request.get("limit") != "0":
        return ask(request)
    return with_page(with_data(ask(with_query(request, limit=1)), []), has_more=True)


@fault
@lists
def limit_above_1000_serves_everything(ask: Ask, request: Request) -> Response:
    """A limit above 1000 is accepted and gets that many models."""
    limit = request.get("limit") or ""
    if not limit.isdecimal() or int(limit) <= MOST:
        return ask(request)
    models = everything(ask, request)[: int(limit)]
    return with_page(with_data(ask(with_query(request, limit=1)), models), has_more=False)


@fault
@lists
def no_limit_serves_everything(ask: Ask, request: Request) -> Response:
    """Without a limit, one page has all models."""
    if request.get("limit") or has_cursor(request):
        return ask(request)
    return with_page(with_data(ask(request), everything(ask, request)), has_more=False)


def _has_legal_limit(request: Request) -> bool:
    limit = request.get("limit")
    return limit is None or (bool(re.fullmatch("[1-9][0-9]{0,3}", limit)) and int(limit) <= MOST)
