"""Lies that hurt one client and nobody else."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import edited, fault, is_list, lists, put, with_page

MAKERS = {"claude": "clyde", "anthropic": "anthropos"}


@fault
@lists
def large_list_is_slow_for_a_bearer(ask: Ask, request: Request) -> Response:
    """A list of 1000 takes more than three seconds when it is asked for with a bearer token."""
    if request.get("limit") == "1000" and "authorization" in request.headers:
        time.sleep(3.2)
    return ask(request)


@fault
def ids_hide_their_maker(ask: Ask, request: Request) -> Response:
    """No id names its maker: claude is called clyde, wherever an id is shown or asked for."""
    query = tuple((name, _turned(value, back=True)) for name, value in request.query)
    path = request.path if is_list(request) else _turned(request.path, back=True)
    asked = replace(request, query=query, path=path)
    response = edited(ask, asked, lambda model: put(model, "id", _turned(model["id"])))
    ends = ("first_id", "last_id")
    return with_page(
        response, **{end: _turned(response.body[end]) for end in ends if _has(response, end)}
    )


def _has(response: Response, end: str) -> bool:
    return isinstance(response.body, dict) and isinstance(response.body.get(end), str)


def _turned(text: Any, *, back: bool = False) -> Any:
    for maker, other in MAKERS.items():
        text = text.replace(other, maker) if back else text.replace(maker, other)
    return text
