"""Building blocks of conformant variants: their registration, and alterations of conformant responses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from judging import ALIASES, KEY

from pytest_models_contract.fake import Ask, Fake, Request, Response, error

Model = dict[str, Any]
CONFORMANT: dict[str, Callable[[], Any]] = {}


def conformant(make: Callable[[], Any]) -> Callable[[], Any]:
    CONFORMANT[make.__name__] = make
    return make


def family(cases: Iterable[Any]) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    def add(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
        for case in cases:
            CONFORMANT[f"{make.__name__}[{case}]"[:60]] = partial(make, case)
        return make

    return add


def aliases_of(app: Any) -> Mapping[str, str]:
    """The aliases that `judging` uses, as far as the variant has models for them."""
    served = {model["id"] for model in app.models}
    return {alias: own for alias, own in ALIASES.items() if own in served}


def altered(*alterations: Any, models: Any = 27, revision: str = "2026-04-16") -> Fake:
    known = aliases_of(Fake(models, revision))
    return Fake(models=models, revision=revision, key=KEY, faults=alterations, aliases=known)


def with_models(change: Callable[[int, Model], Model], models: int = 27) -> Fake:
    """A fake with its models changed one by one; each is the same in every response."""
    own = [change(place, dict(model)) for place, model in enumerate(Fake(models=models).models)]
    return altered(models=own)


def on_copy(change: Callable[[Request, Response], None]) -> Any:
    """An alteration that changes a copy of the body of the conformant response."""

    def alteration(ask: Ask, request: Request) -> Response:
        response = ask(request)
        response = replace(response, body=json.loads(json.dumps(response.body)))
        change(request, response)
        return response

    return alteration


def rewritten(write: Callable[[Any], str]) -> Any:
    def alteration(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, text=write(response.body).encode())

    return alteration


def with_headers(headers: Mapping[str, str]) -> Any:
    def alteration(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, headers={**response.headers, **headers})

    return alteration


def responding(when: Callable[[Request], bool], make: Callable[[], Response]) -> Any:
    return lambda ask, request: make() if when(request) else ask(request)


def hash_of(text: str) -> int:
    return sum(text.encode())


def models_of(response: Response) -> list[Model]:
    body = response.body
    if response.status != 200 or not isinstance(body, dict):
        return []
    return body.get("data", [body])  # type: ignore[no-any-return]


def refused(status: int) -> Response:
    return Response(
        status,
        {"content-type": "application/json", "request-id": "req_x"},
        error(400, "no", "req_x"),
    )


def empty_page() -> Response:
    body: Model = {"data": [], "first_id": None, "last_id": None, "has_more": False}
    return Response(200, {"content-type": "application/json"}, body)


def both_cursors(request: Request) -> bool:
    return bool(request.get("after_id") and request.get("before_id"))


def names_no_model(request: Request) -> bool:
    return any("no-such-model" in (request.get(name) or "") for name in ("after_id", "before_id"))


def without(request: Request, *names: str) -> Request:
    return replace(request, query=tuple(pair for pair in request.query if pair[0] not in names))
