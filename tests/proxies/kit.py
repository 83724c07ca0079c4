"""How a fault or a variant of a proxy is written: a function that sets up a proxy, known by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from proxies.messages import Answer, Ask, page_of
from proxies.server import Proxy

PATIENT = 2.0
"""A proxy that waits so long for its upstream, in seconds, does not give up one that is only late."""
Setup = Callable[[Proxy], object]
Registry = dict[str, Setup]
Edit = Callable[[dict[str, Any]], dict[str, Any] | None]


def registered(registry: Registry) -> Callable[[Setup], Setup]:
    """Register a setup under its own name."""

    def register(setup: Setup) -> Setup:
        return _add(registry, setup.__name__, setup)

    return register


def family(
    registry: Registry, cases: dict[str, Any]
) -> Callable[[Callable[[Proxy, Any], object]], Callable[[Proxy, Any], object]]:
    """Register a setup once for each case, as `name[case]`."""

    def register(setup: Callable[[Proxy, Any], object]) -> Callable[[Proxy, Any], object]:
        for name, case in cases.items():
            _add(registry, f"{setup.__name__}[{name}]", partial(_with, setup, case))
        return setup

    return register


def _with(setup: Callable[[Proxy, Any], object], case: Any, proxy: Proxy) -> object:
    return setup(proxy, case)


def _add(registry: Registry, name: str, setup: Setup) -> Setup:
    if name in registry:
        raise ValueError(f"two setups are called {name}")
    registry[name] = setup
    return setup


def edit_models(proxy: Proxy, edit: Edit, *, lists: bool = True, alone: bool = True) -> None:
    """Have every model that clients get edited; None takes it off the page."""

    def change(ask: Ask, answer: Answer) -> Answer:
        body = answer.json
        if answer.status != 200 or not isinstance(body, dict):
            return answer
        if lists and isinstance(body.get("data"), list):
            data = [kept for model in body["data"] if (kept := edit(dict(model))) is not None]
            return answer.with_json({**body, **page_of(data, body["has_more"])})
        if alone and "id" in body:
            edited = edit(dict(body))
            return answer if edited is None else answer.with_json(edited)
        return answer

    proxy.rewrites = True
    proxy.to_client.append(change)


def edit_page(proxy: Proxy, edit: Callable[[Ask, dict[str, Any]], dict[str, Any]]) -> None:
    """Have every page that clients get edited."""

    def change(ask: Ask, answer: Answer) -> Answer:
        body = answer.json
        is_page = answer.status == 200 and isinstance(body, dict) and "data" in body
        return answer.with_json(edit(ask, body)) if is_page else answer

    proxy.rewrites = True
    proxy.to_client.append(change)


def each(values: Iterable[str]) -> dict[str, str]:
    """Cases that are their own names."""
    return {value: value for value in values}
