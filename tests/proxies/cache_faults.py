"""Proxies that keep what they should not, for too long, or for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proxies.failure_faults import EMPTY, instead, is_useless
from proxies.kit import PATIENT, Registry, each, family, registered
from proxies.messages import Answer, Ask, Relay, error, said
from proxies.server import Proxy

FAULTS: Registry = {}
fault = registered(FAULTS)


def good(answer: Answer) -> bool:
    """Whether an answer is a success that can be read, or is compressed."""
    return answer.status == 200 and bool(answer.get("content-encoding") or answer.json)


def cached(proxy: Proxy, name: Any, keeps: Callable[[Answer], bool] = good) -> None:
    """Keep answers under a name of the request."""
    kept: dict[Any, Answer] = {}

    def look(relay: Relay, ask: Ask) -> Answer:
        known = name(ask)
        if known in kept:
            return kept[known]
        answer = relay(ask)
        if keeps(answer):
            kept[known] = answer
        return answer

    proxy.around.append(look)


@family(
    FAULTS,
    {
        "url": lambda ask: ask.target,
        "x-api-key": lambda ask: (ask.target, ask.get("x-api-key"), ask.get("accept-encoding")),
        "key-beginning": lambda ask: (ask.target, ask.key[:12], ask.get("accept-encoding")),
        "lower-case-url": lambda ask: (ask.target.lower(), ask.key, ask.get("accept-encoding")),
        "paging": lambda ask: (
            ask.with_query(beta=None).target,
            ask.key,
            ask.get("accept-encoding"),
        ),
        "path": lambda ask: (ask.path, ask.key),
        "limit": lambda ask: (ask.path, ask.query.get("limit"), ask.key),
    },
)
def cache_knows_only(proxy: Proxy, name: Any) -> None:
    """Answers are kept without the key, with its beginning alone, or without the query."""
    cached(proxy, name)


@fault
def models_are_cached_for_all_keys(proxy: Proxy) -> None:
    """Lists are asked for each time, models alone are kept by their id."""
    cached(proxy, lambda ask: ask.path if ask.is_model else object())


@fault
def list_is_cached_per_provider(proxy: Proxy) -> None:
    """The first client's list is read whole and kept for all clients."""
    proxy.aggregates = True
    kept: list[Any] = []
    whole = proxy.whole

    def once(ask: Ask) -> list[Any]:
        if not kept:
            kept.extend(whole(ask))
        return kept

    proxy.whole = once  # type: ignore[method-assign]


@family(FAULTS, {"401": {401}, "400": {400}, "404": {404}})
def refusals_are_cached(proxy: Proxy, statuses: set[int]) -> None:
    """A refusal is kept for the URL, whoever asks."""
    cached(proxy, lambda ask: ask.target, lambda answer: answer.status in statuses)


@fault
def cache_is_asked_before_the_key_is_looked_at(proxy: Proxy) -> None:
    """A key that was let in once fills the cache; then any key reads it, the second client's apart."""
    second = proxy.keys.second
    cached(proxy, lambda ask: (ask.target, ask.key == second))


@family(FAULTS, {"refusals": {401, 403}, "failures": {500, 502, 503, 529}})
def old_answers_stand_in_for(proxy: Proxy, statuses: set[int]) -> None:
    """The last good answer for the URL, whoever it was for, stands in for such an answer."""
    newest: dict[str, Answer] = {}

    def look(relay: Relay, ask: Ask) -> Answer:
        try:
            answer = relay(ask)
        except Exception:
            answer = error(502)
        if good(answer):
            newest[ask.target] = answer
        return newest.get(ask.target, answer) if answer.status in statuses else answer

    proxy.around.append(look)


# --- failures and changes ------------------------------------------------------------------------


@fault
def partial_list_is_kept(proxy: Proxy) -> None:
    """What came before a page failed is kept, and served until a restart."""
    kept: list[Any] = []
    proxy.aggregates = proxy.strict = True
    proxy.page_size = 40
    page_of_upstream = proxy.page

    def whole(ask: Ask) -> list[Any]:
        if kept:
            return kept
        cursor, found = None, list[Any]()
        while True:
            try:
                page = page_of_upstream(ask.with_query(limit="40", after_id=cursor, before_id=None))
            except Exception:
                kept.extend(found)
                if found:
                    return kept
                raise
            found += page["data"]
            if not page["has_more"] or len(found) > 4000:
                return found
            cursor = page["last_id"]

    proxy.whole = whole  # type: ignore[method-assign]


@fault
def failures_are_kept(proxy: Proxy) -> None:
    """The empty list that a failure became is served until a restart."""
    kept: list[Answer] = []
    proxy.timeout = PATIENT

    def keep(relay: Relay, ask: Ask) -> Answer:
        if not ask.is_list:
            return relay(ask)
        if kept:
            return kept[0]
        try:
            answer = relay(ask)
        except Exception:
            answer = error(502)
        if answer.status >= 500:
            kept.append(said(200, EMPTY))
            return kept[0]
        return answer

    proxy.around.append(keep)


@family(FAULTS, {"any": lambda answer: True, "200": lambda answer: answer.status == 200})
def failures_are_cached(proxy: Proxy, kept: Any) -> None:
    """Answers are kept by key and URL, whatever they are; or all with 200, even without JSON."""
    proxy.rewrites = True
    known: dict[Any, Answer] = {}

    def look(relay: Relay, ask: Ask) -> Answer:
        name = (ask.target, ask.key, ask.get("anthropic-beta"))
        if name not in known:
            try:
                answer = relay(ask)
            except Exception:
                answer = error(502)
            if is_useless(answer) and kept(answer):
                known[name] = answer
            return answer
        return known[name]

    proxy.around.append(look)


@family(FAULTS, each(["list", "model"]))
def change_is_not_seen(proxy: Proxy, of: str) -> None:
    """Lists, or models, are kept for good, by key and URL."""

    def name(ask: Ask) -> Any:
        return (ask.target, ask.key) if ask.is_list == (of == "list") else object()

    cached(proxy, name)


@fault
def whole_list_is_kept_for_good(proxy: Proxy) -> None:
    """Each key's list is read once; a failure before that becomes an empty list."""
    proxy.aggregates = True
    kept: dict[str, list[Any]] = {}
    whole = proxy.whole

    def once(ask: Ask) -> list[Any]:
        if ask.key not in kept:
            kept[ask.key] = whole(ask)
        return kept[ask.key]

    proxy.whole = once  # type: ignore[method-assign]
    instead(
        proxy, lambda answer: answer is None or answer.status >= 500, lambda ask: said(200, EMPTY)
    )
