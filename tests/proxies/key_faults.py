"""Proxies that tell keys: in answers, to the upstream, behind redirects."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urljoin

from proxies.kit import Registry, each, family, registered
from proxies.messages import JSON, Answer, Ask, Relay, error, said
from proxies.server import Proxy

FAULTS: Registry = {}
fault = registered(FAULTS)


def with_own_key(proxy: Proxy) -> str:
    """Have the upstream asked with the server's own key; gives that key."""
    proxy.own_key = str(proxy.keys.server)
    proxy.around.append(_passes_no_key)
    return proxy.own_key


def _passes_no_key(relay: Relay, ask: Ask) -> Answer:
    """What the upstream says of the server's key is not passed on to clients."""
    answer = relay(ask)
    return error(502) if answer.status in {401, 403} else answer


# --- the server's own key ------------------------------------------------------------------------


@family(
    FAULTS,
    {
        "header": lambda answer, key: answer.with_header("x-upstream-key", key),
        "bearer-header": lambda answer, key: answer.with_header(
            "x-debug", f"authorization: Bearer {key}"
        ),
        "encoded-header": lambda answer, key: answer.with_header(
            "x-debug", b64encode(key.encode()).decode()
        ),
        "encoded-body": lambda answer, key: _with(
            answer, "asked_with", b64encode(f"key:{key}".encode()).decode()
        ),
        "envelope": lambda answer, key: _with(answer, "asked_with", key),
    },
)
def own_key_in(proxy: Proxy, tell: Any) -> None:
    """The server's key is in each answer."""
    key = with_own_key(proxy)
    proxy.rewrites = True
    proxy.to_client.append(lambda ask, answer: tell(answer, key))


@family(
    FAULTS,
    {
        "both-ends": lambda key: f"{key[:8]}...{key[-8:]}",
        "sha-256": lambda key: sha256(key.encode()).hexdigest(),
    },
)
def own_key_shown_as(proxy: Proxy, shown: Any) -> None:
    """A part of the server's key, or its hash, is in a header of each answer."""
    key = with_own_key(proxy)
    proxy.to_client.append(lambda ask, answer: answer.with_header("x-upstream-key", shown(key)))


def _with(answer: Answer, name: str, value: Any) -> Answer:
    body = answer.json
    return answer.with_json({**body, name: value}) if isinstance(body, dict) else answer


@fault
def own_key_in_refusals(proxy: Proxy) -> None:
    """What the upstream says of the server's key is passed on."""
    proxy.own_key = proxy.keys.server


@family(FAULTS, each(["broken", "unreachable"]))
def own_key_in_errors(proxy: Proxy, when: str) -> None:
    """The error says what was asked, headers included."""
    key = with_own_key(proxy)
    proxy.strict = when == "broken"

    def tell(relay: Relay, ask: Ask) -> Answer:
        try:
            return relay(ask)
        except OSError as problem:
            if when == "broken":
                raise
            return error(502, message=f"{problem}: x-api-key: {key}")
        except Exception as problem:
            return error(502, message=f"{problem}: x-api-key: {key}")

    proxy.fetching.append(tell)


# --- clients' keys -------------------------------------------------------------------------------


@family(FAULTS, each(["header", "error"]))
def clients_key_in(proxy: Proxy, where: str) -> None:
    """The key that a client sent is in the answer to it."""

    def tell(ask: Ask, answer: Answer) -> Answer:
        if where == "header":
            return answer.with_header("x-key-used", ask.key)
        if answer.status < 400:
            return answer
        return error(answer.status, "api_error", f"failed for {ask.key}")

    proxy.to_client.append(tell)


@family(
    FAULTS,
    {
        "authorization": lambda ask, key: ask.with_header("authorization", f"Bearer {key}"),
        "x-api-key": lambda ask, key: ask.with_header("x-api-key", key),
        "forwarded": lambda ask, key: ask.with_header("x-forwarded-authorization", key),
        "basic": lambda ask, key: ask.with_header("x-user", b64encode(f"{key}:".encode()).decode()),
        "query": lambda ask, key: ask.with_query(user=key),
        "cookie": lambda ask, key: ask.with_header("cookie", f"client={quote(key)}"),
    },
)
def clients_key_upstream_in(proxy: Proxy, send: Any) -> None:
    """The server asks with its own key, and the client's goes along."""
    own = with_own_key(proxy)

    def send_along(relay: Relay, ask: Ask) -> Answer:
        key = ask.key
        proxy.to_upstream[:] = [lambda outgoing: send(outgoing, key) if key else outgoing]
        return relay(ask)

    if send.__code__.co_consts and "x-api-key" in send.__code__.co_consts:
        proxy.own_key = None
        proxy.to_upstream.append(lambda ask: ask if ask.is_model else _as_own(ask, own))
        return
    proxy.around.append(send_along)


def _as_own(ask: Ask, own: str) -> Ask:
    return ask.with_header("authorization", None).with_header("x-api-key", own)


@fault
def bearer_token_goes_along(proxy: Proxy) -> None:
    """The server's key replaces `x-api-key` alone: who sends a bearer token has it passed on."""
    key = str(proxy.keys.server)
    proxy.around.append(_passes_no_key)
    proxy.to_upstream.append(lambda ask: ask.with_header("x-api-key", key))


@fault
def clients_key_is_tried_where_its_own_fails(proxy: Proxy) -> None:
    """A refusal or a limit of the server's key is no obstacle."""
    with_own_key(proxy)
    client = proxy.keys.client

    def again(relay: Relay, ask: Ask) -> Answer:
        answer = relay(ask)
        if answer.status not in {401, 403, 429}:
            return answer
        return relay(ask.with_header("x-api-key", client))

    proxy.fetching.append(again)


# --- redirects -----------------------------------------------------------------------------------


def followed(
    proxy: Proxy, kept: tuple[str, ...], most: int = 10, *, host_only: bool = False
) -> None:
    """Have redirects followed, with those headers that hold keys."""

    def follow(relay: Relay, ask: Ask) -> Answer:
        for _ in range(most):
            answer = relay(ask)
            location = answer.get("location")
            if answer.status not in {301, 302, 303, 307, 308} or not location:
                return answer
            url = urljoin(f"http://{proxy.upstream.netloc}{_target(ask)}", location)
            elsewhere = not url.startswith(f"http://{proxy.upstream.netloc}/")
            if host_only:
                elsewhere = not url.startswith(f"http://{proxy.upstream.hostname}")
            ask = replace(ask, target=url)
            for name in ("x-api-key", "authorization"):
                if elsewhere and name not in kept:
                    ask = ask.with_header(name, None)
        raise OSError("too many redirects")

    proxy.fetching.append(follow)


def _target(ask: Ask) -> str:
    return (
        "/" + ask.target.partition("://")[2].partition("/")[2]
        if "://" in ask.target
        else ask.target
    )


@fault
def keys_follow_redirects(proxy: Proxy) -> None:
    followed(proxy, ("x-api-key", "authorization"))


@fault
def x_api_key_follows_redirects(proxy: Proxy) -> None:
    """As libraries do that know of `authorization` alone."""
    followed(proxy, ("x-api-key",))


@fault
def keys_follow_to_another_port(proxy: Proxy) -> None:
    """The host alone is looked at."""
    followed(proxy, (), host_only=True)


@fault
def own_key_follows_redirects(proxy: Proxy) -> None:
    with_own_key(proxy)
    followed(proxy, ("x-api-key", "authorization"))


@fault
def bearers_are_served_with_its_own_key(proxy: Proxy) -> None:
    """Its own key is added where a request has none under `x-api-key`."""
    key = str(proxy.keys.server)
    proxy.to_upstream.append(
        lambda ask: ask if ask.get("x-api-key") else ask.with_header("x-api-key", key)
    )


__all__ = ["FAULTS", "JSON", "said"]
