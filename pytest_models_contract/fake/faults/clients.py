"""Faults that affect only one client."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    edited,
    fault,
    is_list,
    lists,
    put,
    refusal,
    with_page,
)

MAKERS = {"claude": "clyde", "anthropic": "anthropos"}


@fault
@lists
def large_list_is_slow_for_a_bearer(ask: Ask, request: Request) -> Response:
    """A list with limit 1000 takes more than three seconds if the request has a bearer token."""
    if request.get("limit") == "1000" and "authorization" in request.headers:
        time.sleep(3.2)
    return ask(request)


@fault
def ids_hide_their_maker(ask: Ask, request: Request) -> Response:
    """No id contains `claude`: the server says `clyde` instead, in all requests and responses."""
    query = tuple((name, _renamed(value, back=True)) for name, value in request.query)
    path = request.path if is_list(request) else _renamed(request.path, back=True)
    inner = replace(request, query=query, path=path)
    response = edited(ask, inner, lambda model: put(model, "id", _renamed(model["id"])))
    ends = ("first_id", "last_id")
    return with_page(
        response, **{end: _renamed(response.body[end]) for end in ends if _has(response, end)}
    )


@fault
def head_gets_405(ask: Ask, request: Request) -> Response:
    """Each HEAD request gets status 405, whatever the path."""
    response = ask(request)
    if request.method != "HEAD":
        return response
    return refusal(request, response, 405, "invalid_request_error", "HEAD is not allowed")


def _has(response: Response, end: str) -> bool:
    return isinstance(response.body, dict) and isinstance(response.body.get(end), str)


def _renamed(text: Any, *, back: bool = False) -> Any:
    for maker, other in MAKERS.items():
        text = text.replace(other, maker) if back else text.replace(maker, other)
    return text
