"""Where keys turn up: in responses, at the upstream of a server with its own key, and behind redirects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.client.redact import Redactor
from pytest_models_contract.client.variant import PLAIN, Variant
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.key_leaks import LONG, NO_PART, part_in, text_of
from pytest_models_contract.evidence.plan import NO_MODEL
from pytest_models_contract.evidence.proxy.apart import set_apart
from pytest_models_contract.evidence.proxy.requests import SECOND, listing, single
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.fake.exchange import Request
from pytest_models_contract.fake.upstream import UpstreamRequest, behaviour

REDIRECTS = ("port", "host")
_STATUSES = (301, 302, 303, 307, 308)
_BEARER = Variant(auth="other-way")
_MARK = "/v1/models/redirected-elsewhere"


def require_own_key(proxy: ProxyUnderTest) -> str:
    """The key of the server that asks the upstream with its own. Raises `Unexercised` for any other."""
    key = proxy.upstream.keys.server
    if key is None:
        raise Unexercised("the upstream takes any key: set MODELS_CONTRACT_UPSTREAM_KEY")
    if proxy.who != "server":
        raise Unexercised("the server asks the upstream with its client's key")
    return key


def with_key(responses: Sequence[Response], key: str, whose: str) -> list[Finding]:
    """The responses that hold the key, in a header or in the body."""
    found = ((response, where_in(response, key)) for response in responses)
    return [
        response.finding(f"{whose} key in {place}", "no key", str(response.request))
        for response, place in found
        if place
    ]


def with_a_part(proxy: ProxyUnderTest, key: str) -> list[Finding]:
    """The responses that show a part of the server's key, or its hash, where none shows it whole: advice."""
    if len(key) < LONG:
        return []
    words = json.dumps([*proxy.upstream.models_of("server")], ensure_ascii=False)
    shown = (
        (response, part_in(text_of(response), key, words.__contains__))
        for response in proxy.responses
    )
    return [
        Finding(response, part, NO_PART, level="should", unquoted=True)
        for response, part in shown
        if part
    ]


def showing(asked: Relayed, key: str, whose: str) -> Finding | None:
    """A response that holds the key."""
    place = where_in(asked.response, key)
    return asked.finding(f"{whose} key in {place}", "no key") if place else None


def clients_key(proxy: ProxyUnderTest) -> str:
    """The client's key. Raises `Unexercised` where it has none."""
    if proxy.upstream.keys.client is None:
        raise Unexercised("the upstream takes any key: set MODELS_CONTRACT_API_KEY")
    return proxy.upstream.keys.client


@lru_cache(maxsize=8)
def _finder(key: str) -> Redactor:
    return Redactor([key])


def where_in(response: Response, key: str) -> str:
    """In which part of a response a key stands, or the empty string."""
    named = (name for name, value in response.headers if _finder(key).finds(value))
    if header := next(named, ""):
        return f"the header {header}"
    return "the body" if _finder(key).finds(response.body.decode("utf-8", "replace")) else ""


@set_apart
def quoted(proxy: ProxyUnderTest) -> list[Relayed]:
    """What clients get when the upstream's refusals quote the key that it was asked with."""
    asked = []
    for status in (401, 403):
        with proxy.upstream.acting(behaviour.with_key_quoted(status)):
            asked += [proxy.quoting(each) for each in _list_and_model(proxy)]
    return asked


def answered(proxy: ProxyUnderTest, caller: str) -> list[Relayed]:
    """A list and an error that a client gets."""
    variant = SECOND if caller == "second" else PLAIN
    asks = listing(limit=proxy.fresh_limit(), variant=variant), single(NO_MODEL, variant)
    return [proxy.once(ask) for ask in asks]


def in_the_other_header(proxy: ProxyUnderTest) -> list[Relayed]:
    """A list and a model for a client whose key comes as a bearer token."""
    asks = listing(limit=proxy.fresh_limit(), variant=_BEARER), single(NO_MODEL, _BEARER)
    return [proxy.once(ask) for ask in asks]


def clients_keys_upstream(proxy: ProxyUnderTest) -> list[tuple[UpstreamRequest, str]]:
    """The requests that brought the key of a client to the upstream, with whose it was."""
    keys = {
        "the client's": proxy.upstream.keys.client,
        "the second client's": proxy.upstream.keys.second,
    }
    return [
        (seen, whose)
        for seen in proxy.upstream.requests
        for whose, key in keys.items()
        if key and _finder(key).finds(seen.text)
    ]


def judge_brought(proxy: ProxyUnderTest, check: Check) -> None:
    """No request to the upstream brought a client's key."""
    found = clients_keys_upstream(proxy)
    check.conclude(
        [brought(proxy, *each) for each in found],
        proxy.upstream.count,
        what="upstream requests",
        if_none="nothing reached the upstream",
    )


def brought(proxy: ProxyUnderTest, seen: UpstreamRequest, whose: str) -> Finding:
    """A client's key in a request to the upstream."""
    keys = proxy.upstream.keys
    key = keys.client if whose == "the client's" else keys.second
    asked = Relayed(proxy.responses[-1], (seen,))
    return asked.finding(
        f"{whose} key in {where_is(seen, key or '')}", "the server's own key alone"
    )


def where_is(seen: UpstreamRequest, key: str) -> str:
    """In which part of a request a key stands."""
    named = (name for name, value in seen.headers if _finder(key).finds(value))
    return f"the header {header}" if (header := next(named, "")) else "the URL"


# --- redirects -----------------------------------------------------------------------------------


@set_apart
def redirected(proxy: ProxyUnderTest, kind: str) -> list[tuple[Relayed, list[UpstreamRequest]]]:
    """Requests that the upstream redirects to another port or host, and what arrived there."""
    with proxy.upstream.elsewhere() as other:
        before, where = proxy.upstream.count, _elsewhere(proxy, other.port, kind)
        asked = []
        for status in _STATUSES:
            location = f"{where}{_MARK}-{status}"
            with proxy.upstream.acting(behaviour.redirecting(status, location), _not_redirected):
                asked += [
                    (each, _arrived(proxy, other.requests, before, status))
                    for each in _list_and_model(proxy)
                ]
        return asked


def _elsewhere(proxy: ProxyUnderTest, port: int, kind: str) -> str:
    """Another port of the host by which the proxy asks the upstream, or another name of that host."""
    named = next((seen.header("host") for seen in proxy.upstream.requests[-1:]), None) or ""
    ours = urlsplit(proxy.upstream.base_url)
    host = urlsplit(f"//{named}").hostname if named.endswith(f":{ours.port}") else ours.hostname
    if kind == "port":
        return f"http://{host}:{port}"
    return f"http://{'127.0.0.1' if host == 'localhost' else 'localhost'}:{ours.port}"


def _not_redirected(request: Request) -> bool:
    return not request.path.startswith(_MARK)


def _list_and_model(proxy: ProxyUnderTest) -> Iterator[Relayed]:
    yield proxy.once(listing(limit=proxy.fresh_limit()))
    yield proxy.once(single(proxy.fresh_model()))


def _arrived(
    proxy: ProxyUnderTest, elsewhere: Sequence[UpstreamRequest], before: int, status: int
) -> list[UpstreamRequest]:
    """What came to where the redirects of this status lead."""
    came = [*elsewhere, *proxy.upstream.since(before)]
    return [seen for seen in came if seen.path == f"{_MARK}-{status}"]


def with_a_key(arrived: Sequence[UpstreamRequest]) -> UpstreamRequest | None:
    """The first of these requests that brought a key of any kind."""
    return next(
        (seen for seen in arrived if any(key in seen.text for key in seen.keys.known)), None
    )
