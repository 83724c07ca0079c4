"""Proxies that change ids on their way, and find other models or none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from proxies.kit import Registry, each, edit_models, family, registered
from proxies.messages import LIST, Answer, Ask, segment
from proxies.server import Proxy

FAULTS: Registry = {}
fault = registered(FAULTS)


def _path(change: Any) -> Any:
    """A change of the last part of the path."""

    def changed(ask: Ask) -> Ask:
        if not ask.is_model:
            return ask
        _, mark, query = ask.target.partition("?")
        return replace(
            ask, target=f"{LIST}/{change(ask.path.removeprefix(f'{LIST}/'))}{mark}{query}"
        )

    return changed


@family(
    FAULTS,
    {
        "decoded": lambda part: quote(unquote(part), safe="/:@+"),
        "decoded-twice": lambda part: quote(unquote(unquote(part)), safe=""),
        "encoded-twice": lambda part: quote(part, safe=""),
        "plus-is-space": lambda part: quote(unquote_plus(unquote(part)), safe=""),
        "latin-1": lambda part: quote(unquote(part).encode("latin-1", "replace"), safe=""),
        "lower-case": lambda part: quote(unquote(part).lower(), safe=""),
        "before-colon": lambda part: quote(unquote(part).rpartition(":")[2], safe=""),
        "after-at": lambda part: quote(unquote(part).partition("@")[0], safe=""),
        "stripped": lambda part: quote(unquote(part).replace(" ", ""), safe=""),
    },
)
def path_is(proxy: Proxy, change: Any) -> None:
    """The id of a model alone is changed on its way to the upstream."""
    proxy.to_upstream.append(_path(change))


@family(
    FAULTS,
    {
        "plus-is-space": lambda cursor: cursor.replace("+", " "),
        "decoded-twice": unquote,
        "encoded-twice": lambda cursor: quote(cursor, safe=""),
        "lower-case": str.lower,
        "ascii": lambda cursor: cursor.encode("ascii", "replace").decode(),
        "after-at": lambda cursor: cursor.partition("@")[0],
        "after-slash": lambda cursor: cursor.rpartition("/")[2],
        "after-colon": lambda cursor: cursor.rpartition(":")[2],
        "no-space": lambda cursor: cursor.replace(" ", ""),
    },
)
def cursor_is(proxy: Proxy, change: Any) -> None:
    """The id in a cursor is changed on its way to the upstream."""

    def changed(ask: Ask) -> Ask:
        cursors = {name: ask.query.get(name) for name in ("after_id", "before_id")}
        return ask.with_query(**{name: change(value) for name, value in cursors.items() if value})

    proxy.to_upstream.append(changed)


@family(
    FAULTS,
    {
        "lower-case": str.lower,
        "no-provider": lambda found: found.rpartition("/")[2],
        "no-version": lambda found: found.partition("@")[0],
        "ascii": lambda found: found.encode("ascii", "ignore").decode(),
    },
)
def listed_id_is(proxy: Proxy, change: Any) -> None:
    """Ids are changed on their way to the client."""
    edit_models(proxy, lambda model: {**model, "id": change(model["id"])}, alone=False)


@family(FAULTS, {"first-page": 20, "first-hundred": 100})
def found_on_the_first_page_alone(proxy: Proxy, size: int) -> None:
    """A model alone is looked for among the first models of the list."""

    def looked_up(relay: Any, ask: Ask) -> Answer:
        if not ask.is_model:
            return relay(ask)  # type: ignore[no-any-return]
        listed = proxy.fetch(replace(ask, target=f"{LIST}?limit={size}"))
        if listed.status != 200:
            return listed
        found = [model for model in listed.json["data"] if model["id"] == ask.model]
        unknown = {"type": "error", "error": {"type": "not_found_error", "message": ask.model}}
        body = found[0] if found else {**unknown, "request_id": None}
        return replace(listed, status=200 if found else 404).with_json(body)

    proxy.rewrites = True
    proxy.around.append(looked_up)


@fault
def alias_is_not_known(proxy: Proxy) -> None:
    """Only names that the list has are asked for."""

    def known(relay: Any, ask: Ask) -> Answer:
        answer: Answer = relay(ask)
        if ask.is_model and answer.status == 200 and answer.json["id"] != ask.model:
            return proxy.fetch(replace(ask, target=segment("no-such-model")))
        return answer

    proxy.rewrites = True
    proxy.around.append(known)


@family(FAULTS, each(["stub", "500"]))
def unknown_model_is(proxy: Proxy, what: str) -> None:
    """A name that the upstream does not know gets a model all the same, or an error of the server."""

    def served(ask: Ask, answer: Answer) -> Answer:
        if not ask.is_model or answer.status != 404:
            return answer
        if what == "500":
            return replace(answer, status=500)
        stub = {"id": ask.model, "type": "model", "display_name": ask.model}
        return replace(answer, status=200).with_json(stub)

    proxy.to_client.append(served)


@fault
def another_model_is_answered(proxy: Proxy) -> None:
    """A model alone is found by what its id begins with."""
    proxy.to_upstream.append(
        lambda ask: replace(ask, target=segment("claude-shared-0")) if ask.is_model else ask
    )
