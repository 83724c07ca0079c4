"""Conformant proxies with a key of their own, or clients that they know."""

from __future__ import annotations

import http.client
import threading
import time
from hashlib import sha256
from typing import Any

from proxies.key_faults import with_own_key
from proxies.kit import Registry, family, registered
from proxies.messages import LIST, Answer, Ask, Relay, error
from proxies.server import Proxy

CONFORMANT: Registry = {}
conformant = registered(CONFORMANT)


@conformant
def has_a_key_of_its_own(proxy: Proxy) -> None:
    """And lets any client in."""
    with_own_key(proxy)


@conformant
def adds_betas_of_its_own(proxy: Proxy) -> None:
    """No revision lists them."""

    def added(ask: Ask) -> Ask:
        betas = [ask.get("anthropic-beta"), "oauth-2025-04-20", "claude-code-20250219"]
        return ask.with_header("anthropic-beta", ",".join(filter(None, betas)))

    proxy.to_upstream.append(added)


@conformant
def has_a_key_and_knows_its_clients(proxy: Proxy) -> None:
    with_own_key(proxy)
    proxy.around.append(_known(proxy, proxy.keys.client))


@conformant
def knows_its_clients(proxy: Proxy) -> None:
    """And passes on the key of the one it knows."""
    proxy.around.append(_known(proxy, proxy.keys.client))


def _known(proxy: Proxy, *keys: str) -> Any:
    def check(relay: Relay, ask: Ask) -> Answer:
        return relay(ask) if ask.key in keys else error(401, "authentication_error", "who are you?")

    return check


@conformant
def falls_back_to_a_key_of_its_own(proxy: Proxy) -> None:
    """Where a client brings none."""

    def own(ask: Ask) -> Ask:
        return ask if ask.key else ask.with_header("x-api-key", proxy.keys.server)

    proxy.to_upstream.append(own)
    proxy.around.append(_hides_refusals_of_its_own_key)


def _hides_refusals_of_its_own_key(relay: Relay, ask: Ask) -> Answer:
    answer = relay(ask)
    return answer if ask.key or answer.status not in {401, 403} else error(502)


@conformant
def looks_after_its_upstream(proxy: Proxy) -> None:
    """With a key of its own and all the time, while clients' requests go out with theirs."""

    def look() -> None:
        while not proxy.over.wait(0.05):
            ask = Ask(f"{LIST}?limit=1", [("x-api-key", proxy.keys.server)])
            try:
                proxy.exchange(ask)
            except (OSError, http.client.HTTPException):
                continue

    proxy.start.append(lambda: threading.Thread(target=look, daemon=True).start())


@family(CONFORMANT, {"its-own": True, "the-clients": False})
def sends_a_bearer_token(proxy: Proxy, own: bool) -> None:
    """Whichever header the client's key came in."""
    if own:
        with_own_key(proxy)

    def bearer(ask: Ask) -> Ask:
        plain = ask.with_header("x-api-key", None)
        return plain.with_header("authorization", f"Bearer {ask.key}") if ask.key else plain

    proxy.to_upstream.append(bearer)


@conformant
def names_the_client_by_a_hash(proxy: Proxy) -> None:
    """The upstream learns who asks, and no client's key."""
    with_own_key(proxy)

    def named(relay: Relay, ask: Ask) -> Answer:
        return relay(ask.with_header("x-user", sha256(ask.key.encode()).hexdigest()))

    proxy.around.append(named)


@conformant
def rests_after_a_refusal_of_its_own_key(proxy: Proxy) -> None:
    with_own_key(proxy)
    rests_until = [0.0]

    def rest(relay: Relay, ask: Ask) -> Answer:
        if time.monotonic() < rests_until[0]:
            return error(503, "overloaded_error")
        answer = relay(ask)
        if answer.status in {401, 403}:
            rests_until[0] = time.monotonic() + 0.6
        return answer

    proxy.fetching.append(rest)
