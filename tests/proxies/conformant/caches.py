"""Conformant proxies that keep answers, or fetch them before anybody asks."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

from proxies.key_faults import with_own_key
from proxies.kit import Registry, family, registered
from proxies.messages import LIST, Answer, Ask, Relay, error
from proxies.server import Proxy

CONFORMANT: Registry = {}
conformant = registered(CONFORMANT)


def kept(
    proxy: Proxy, seconds: float, *, stale: bool = False, announced: bool = False, errors: float = 0
) -> None:
    """Keep answers by key, URL, betas and coding; `stale`: during a failure the old one, too."""
    known: dict[Any, tuple[float, Answer]] = {}

    def look(relay: Relay, ask: Ask) -> Answer:
        varying = (
            ask.get(name) for name in ("anthropic-beta", "anthropic-version", "accept-encoding")
        )
        name = (ask.target, ask.key, *varying)
        at, answer = known.get(name, (0.0, error(500)))
        fresh = seconds if answer.status == 200 else errors
        if name in known and time.monotonic() - at < fresh:
            return _aged(answer, at, seconds) if announced else answer
        try:
            newer = relay(ask)
        except Exception:
            newer = error(502)
        useful = newer.status < 500 and newer.status != 429
        if stale and not useful and answer.status == 200:
            return answer
        if newer.status == 200 or errors:
            known[name] = (time.monotonic(), newer)
        return _aged(newer, time.monotonic(), seconds) if announced else newer

    proxy.around.append(look)


def _aged(answer: Answer, at: float, seconds: float) -> Answer:
    age = int(time.monotonic() - at)
    return answer.with_header("cache-control", f"max-age={seconds:.0f}").with_header(
        "age", str(age)
    )


@conformant
def keeps_answers_for_a_moment(proxy: Proxy) -> None:
    kept(proxy, 0.5)


@conformant
def keeps_answers_for_long(proxy: Proxy) -> None:
    kept(proxy, 3600)


@conformant
def keeps_answers_and_says_so(proxy: Proxy) -> None:
    kept(proxy, 3600, announced=True)


@conformant
def serves_old_answers_during_failures(proxy: Proxy) -> None:
    kept(proxy, 0, stale=True)


@conformant
def keeps_failures_for_a_moment(proxy: Proxy) -> None:
    kept(proxy, 0.5, errors=0.5)


def whole_list_kept(proxy: Proxy, *, stale: bool) -> None:
    """Keep each key's whole list; a failure keeps nothing."""
    proxy.aggregates = proxy.strict = True
    lists: dict[str, list[Any]] = {}
    whole = proxy.whole

    def once(ask: Ask) -> list[Any]:
        if ask.key not in lists or stale:
            try:
                lists[ask.key] = whole(ask)
            except Exception:
                if ask.key not in lists:
                    raise
        return lists[ask.key]

    proxy.whole = once  # type: ignore[method-assign]


@family(CONFORMANT, {"for-long": False, "for-failures": True})
def keeps_the_whole_list(proxy: Proxy, stale: bool) -> None:
    whole_list_kept(proxy, stale=stale)


class _Prefetched:
    """The whole list, read with the server's own key before anybody asks."""

    def __init__(self, proxy: Proxy) -> None:
        self.key = with_own_key(proxy)
        proxy.aggregates = proxy.strict = True
        proxy.page_size = 500
        self.over = proxy.over
        self.read = proxy.whole
        self.models: list[Any] = []
        proxy.whole = self.whole  # type: ignore[method-assign]

    def fetch(self) -> None:
        headers = [("x-api-key", self.key), ("anthropic-version", "2023-06-01")]
        self.models = self.read(Ask(LIST, headers))

    def try_to_fetch(self) -> None:
        with suppress(Exception):
            self.fetch()

    def go_on(self) -> None:
        while not self.over.wait(0.2):
            self.try_to_fetch()

    def whole(self, ask: Ask) -> list[Any]:
        if not self.models:
            self.fetch()
        return self.models


@conformant
def fetches_at_start(proxy: Proxy) -> None:
    """And later only if that failed."""
    proxy.start.append(_Prefetched(proxy).try_to_fetch)


@conformant
def fetches_again_and_again(proxy: Proxy) -> None:
    found = _Prefetched(proxy)
    proxy.start.append(found.try_to_fetch)
    proxy.start.append(lambda: threading.Thread(target=found.go_on, daemon=True).start())


@conformant
def does_not_start_without_its_upstream(proxy: Proxy) -> None:
    proxy.start.append(_Prefetched(proxy).fetch)


@conformant
def same_request_of_one_client_is_asked_once(proxy: Proxy) -> None:
    """Where it is under way already."""
    flying: dict[Any, tuple[threading.Event, list[Answer]]] = {}

    def share(relay: Relay, ask: Ask) -> Answer:
        name = (ask.target, tuple(sorted(ask.headers)))
        with proxy.lock:
            known = flying.get(name)
            if known is None:
                flying[name] = (threading.Event(), [])
        if known:
            known[0].wait(5)
            return known[1][0] if known[1] else error(502)
        try:
            flying[name][1].append(relay(ask))
            return flying[name][1][0]
        finally:
            flying[name][0].set()
            with proxy.lock:
                del flying[name]

    proxy.around.append(share)


@conformant
def asks_again_behind_an_old_answer(proxy: Proxy) -> None:
    """Whoever comes second gets the old answer at once, and the new one is fetched meanwhile."""
    known: dict[Any, Answer] = {}

    def fetch(relay: Relay, ask: Ask, name: Any) -> Answer:
        answer = relay(ask)
        if answer.status == 200 and answer.json:
            known[name] = answer
        return answer

    def behind(relay: Relay, ask: Ask) -> None:
        with suppress(Exception):
            fetch(relay, ask, _name(ask))

    def look(relay: Relay, ask: Ask) -> Answer:
        if _name(ask) not in known:
            return fetch(relay, ask, _name(ask))
        threading.Thread(target=behind, args=(relay, ask), daemon=True).start()
        return known[_name(ask)]

    proxy.rewrites = True
    proxy.around.append(look)


def _name(ask: Ask) -> Any:
    return ask.target, ask.key, ask.get("anthropic-beta"), ask.get("anthropic-version")
