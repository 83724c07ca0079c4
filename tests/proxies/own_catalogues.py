"""Proxies with a catalogue of their own (`--models-proxy own`): right ones, and ones with faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from proxies.failure_faults import EMPTY, FAILURES, instead
from proxies.kit import Registry, registered
from proxies.messages import LIST, Answer, Ask, Relay, cut_from, error, said, segment
from proxies.server import Failed, Proxy

CONFORMANT: Registry = {}
FAULTS: Registry = {}
conformant, fault = registered(CONFORMANT), registered(FAULTS)
OWN = {
    "id": "gateway-default",
    "type": "model",
    "display_name": "The default",
    "created_at": "2026-11-01T00:00:00Z",
    "max_input_tokens": None,
    "max_tokens": None,
    "capabilities": None,
}


def shows(proxy: Proxy, change: Callable[[list[Any]], list[Any]]) -> None:
    """Have the whole list changed, and models alone answered from it."""
    proxy.aggregates = proxy.strict = True
    whole = proxy.whole
    proxy.whole = lambda ask: change(whole(ask))  # type: ignore[method-assign]

    def alone(relay: Relay, ask: Ask) -> Answer:
        if not ask.is_model:
            return relay(ask)
        try:
            models = proxy.whole(replace(ask, target=LIST))
        except Failed as failed:
            return failed.answer if failed.answer and failed.answer.status >= 400 else error(502)
        found = [model for model in models if model["id"] == ask.model]
        return (
            said(200, found[0]) if found else error(404, "not_found_error", f"model: {ask.model}")
        )

    proxy.around.append(alone)


@conformant
def passes_everything_on(proxy: Proxy) -> None:
    """A web page that the upstream gives for the list, too."""


@conformant
def passes_models_alone_on(proxy: Proxy) -> None:
    """The list has some models, any model of the upstream's can be asked for alone."""
    proxy.aggregates = proxy.strict = True
    whole = proxy.whole
    proxy.whole = lambda ask: whole(ask)[::2]  # type: ignore[method-assign]


@conformant
def leaves_some_out(proxy: Proxy) -> None:
    shows(proxy, lambda models: [model for model in models if model["capabilities"]])


@conformant
def shows_few(proxy: Proxy) -> None:
    shows(proxy, lambda models: models[:7])


@conformant
def adds_one(proxy: Proxy) -> None:
    shows(proxy, lambda models: [OWN, *models])


@conformant
def sorts_by_id(proxy: Proxy) -> None:
    shows(proxy, lambda models: sorted(models, key=lambda model: str(model["id"])))


@conformant
def names_the_provider(proxy: Proxy) -> None:
    """In front of each id."""
    shows(proxy, lambda models: [{**model, "id": f"anthropic/{model['id']}"} for model in models])


@conformant
def says_that_it_is_partial(proxy: Proxy) -> None:
    """Where a later page of the upstream fails: advice."""
    _ends_early(proxy, {"partial": True})


@fault
def ends_where_a_page_fails(proxy: Proxy) -> None:
    _ends_early(proxy, {})


def _ends_early(proxy: Proxy, sign: dict[str, Any]) -> None:
    proxy.aggregates = proxy.strict = True
    proxy.page_size = 40
    partial: list[bool] = []

    def whole(ask: Ask) -> list[Any]:
        cursor, found = None, list[Any]()
        partial.clear()
        while True:
            try:
                page = proxy.page(ask.with_query(limit="40", after_id=cursor, before_id=None))
            except Exception:
                if not found:
                    raise
                partial.append(True)
                return found
            found += page["data"]
            if not page["has_more"] or len(found) > 4000:
                return found
            cursor = page["last_id"]

    def window(ask: Ask) -> Answer:
        try:
            answer = cut_from(whole(ask), ask)
        except Failed as failed:
            return failed.answer if failed.answer and failed.answer.status >= 400 else error(502)
        return (
            answer.with_json({**answer.json, **sign})
            if partial and answer.status == 200
            else answer
        )

    proxy.window = window  # type: ignore[method-assign]


@fault
def own_empty_list_for_any_failure(proxy: Proxy) -> None:
    shows(proxy, lambda models: models[::2])
    instead(proxy, FAILURES["any"], lambda ask: said(200, EMPTY))


@fault
def own_models_are_not_found_alone(proxy: Proxy) -> None:
    """Ids are renamed in the list, and not on their way back."""
    proxy.aggregates = proxy.strict = True
    whole = proxy.whole
    proxy.whole = lambda ask: [  # type: ignore[method-assign]
        {**model, "id": f"gateway-{model['id']}"} for model in whole(ask)
    ]


@fault
def own_list_ignores_the_cursor(proxy: Proxy) -> None:
    shows(proxy, lambda models: models[::2])
    window = proxy.window
    proxy.window = lambda ask: window(ask.with_query(after_id=None))  # type: ignore[method-assign]


@fault
def own_order_depends_on_the_limit(proxy: Proxy) -> None:
    """Pages of 1,000 begin with the first half of the list, all others with the second."""
    shows(proxy, list)
    whole = proxy.whole

    def turned(ask: Ask) -> list[Any]:
        models = whole(ask)
        half = len(models) // 2
        return [*models[half:], *models[:half]]

    def window(ask: Ask) -> Answer:
        models = whole(ask) if ask.query.get("limit") == "1000" else turned(ask)
        return cut_from(models, ask)

    proxy.window = window  # type: ignore[method-assign]


__all__ = ["CONFORMANT", "FAULTS", "segment"]
