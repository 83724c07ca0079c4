"""Faults that show keys: the right key, or parts or hashes of the key that was sent."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import family, put, with_body, with_headers


@family({"a-wrong-key": lambda keys: bool(keys), "no-key": lambda keys: not keys})
def right_key_is_shown_to(
    ask: Ask, request: Request, applies: Callable[[list[str]], bool]
) -> Response:
    """The refusal of a request without the right key shows the right key."""
    response = ask(request)
    right = next((each.keys[0] for each in request.asked if each.keys and _let_in(ask, each)), "")
    if response.status != 401 or not right or not applies(request.keys):
        return response
    return with_body(response, put(response.body, "error.message", f"expected {right}"))


def _let_in(ask: Ask, request: Request) -> bool:
    return ask(request).status != 401


PARTS: dict[str, Callable[[str], str]] = {
    "both-ends": lambda key: f"{key[:8]}...{key[-8:]}",
    "sha-256": lambda key: hashlib.sha256(key.encode()).hexdigest(),
    "sha-1": lambda key: hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest(),
    "md5": lambda key: hashlib.md5(key.encode(), usedforsecurity=False).hexdigest().upper(),
    "base64": lambda key: b64encode(key.encode()).decode(),
}


@family(PARTS)
def refusal_shows_the_key_as(ask: Ask, request: Request, part: Callable[[str], str]) -> Response:
    """The refusal of a key shows parts, a hash or the base64 of the key."""
    response = ask(request)
    if response.status != 401 or not request.keys:
        return response
    return with_body(response, put(response.body, "error.message", f"no: {part(request.keys[-1])}"))


@family(PARTS)
def header_shows_the_key_as(ask: Ask, request: Request, part: Callable[[str], str]) -> Response:
    """A header of each success shows parts, a hash or the base64 of the key."""
    response = ask(request)
    if response.status != 200 or not request.keys:
        return response
    return with_headers(response, x_key_id=part(request.keys[-1]))
