"""Headers on both sides of a proxy: what of the client's reaches the upstream, and the other way round."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.variant import PLAIN, Variant
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.proxy.callers import second_client
from pytest_models_contract.evidence.proxy.requests import SECOND, concerns, listing, single
from pytest_models_contract.evidence.proxy.served import of_served
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.fake.upstream import NEW_BETA, behaviour
from pytest_models_contract.spec.revision import Revision

VERSIONS = ("2023-06-01", "2026-10-21")
BETAS = ("one", "several", "unknown")
HOP = "x-models-contract-hop"
"""A header that `Connection` names, for the next hop alone."""
_FOR_ONE_HOP = (HOP, "keep-alive", "te", "proxy-connection")
_TO_UPSTREAM = (
    ("connection", f"{HOP}, keep-alive, te"),
    (HOP, "1"),
    ("keep-alive", "timeout=5"),
    ("te", "trailers"),
    ("proxy-connection", "keep-alive"),
)
_TO_CLIENT = {"connection": HOP, HOP: "1"}
_BUSY = (429, 503)
_SESSIONS = count(1)


def betas_of(kind: str, revision: Revision) -> tuple[str, ...]:
    """The betas to send: one that is known, several, one that only the upstream knows."""
    known = revision.betas
    return {"one": known[:1], "several": (known[1], known[-1]), "unknown": (NEW_BETA,)}[kind]


def with_variant(proxy: ProxyUnderTest, variant: Variant) -> list[Relayed]:
    """A list and a model asked for in that way; what a cache or a busy server answered is left out.

    Left out is a model, too, where none is served.
    """
    asks = listing(limit=proxy.fresh_limit(), variant=variant), single(proxy.fresh_model(), variant)
    asked = [each for each in map(proxy.once, asks) if each.upstream or _refused(each)]
    return of_served(asked, proxy)


def _refused(asked: Relayed) -> bool:
    return not asked.response.ok and asked.response.status not in _BUSY


def lost_upstream(asked: Relayed, name: str, values: Sequence[str], who: str) -> Finding | None:
    """A header of the client's of which values did not reach the upstream."""
    if not asked.upstream:
        refused = f"{asked.status_text} without asking the upstream"
        return asked.finding(refused, f"{name}: {', '.join(values)} at the upstream")
    for received in asked.upstream:
        if received.who != who or not concerns(received, asked.response.request):
            continue  # a look of the server's own
        arrived = [value.strip() for value in (received.header(name) or "").split(",")]
        if not set(values) <= set(arrived):
            shown = f"{name}: {', '.join(filter(None, arrived))}" if any(arrived) else f"no {name}"
            return asked.finding(f"{shown} at the upstream", f"{name}: {', '.join(values)}")
    return None


# --- hop by hop ----------------------------------------------------------------------------------


def hop_by_hop(proxy: ProxyUnderTest, way: str) -> list[Relayed]:
    """Requests and responses with headers that are for one hop alone."""
    if way == "request":
        return with_variant(proxy, Variant(headers=_TO_UPSTREAM))
    with proxy.upstream.acting(behaviour.with_headers(_TO_CLIENT)):
        return with_variant(proxy, PLAIN)


def hopped(asked: Relayed, way: str) -> Finding | None:
    """Headers for one hop that went further."""
    find: Mapping[str, Callable[[Relayed], list[str]]] = {
        "request": _hopped_to_upstream,
        "response": lambda asked: [HOP] if asked.response.header(HOP) else [],
    }
    passed = find[way](asked)
    if not passed:
        return None
    where = "at the upstream" if way == "request" else "at the client"
    return asked.finding(f"{', '.join(passed)} {where}", "no header for one hop only")


def _hopped_to_upstream(asked: Relayed) -> list[str]:
    return [name for name in _FOR_ONE_HOP if any(seen.header(name) for seen in asked.upstream)]


# --- cookies -------------------------------------------------------------------------------------


def shared_cookies(proxy: ProxyUnderTest) -> tuple[list[Relayed], str]:
    """What comes of a cookie that the upstream sets for one client, at another one; and the cookie."""
    why = proxy.read(second_client)
    if "refused" in why:
        raise Unexercised(why)
    other = PLAIN if proxy.upstream.keys.second is None else SECOND
    cookie = f"upstream-session=models-contract-{next(_SESSIONS)}"
    same = proxy.fresh_limit()
    with proxy.upstream.acting(behaviour.with_headers({"set-cookie": f"{cookie}; Path=/"})):
        proxy.once(listing(limit=same))
    asks = [listing(limit=limit, variant=other) for limit in (same, proxy.fresh_limit())]
    return [proxy.once(ask) for ask in asks], cookie


def has_cookie(asked: Relayed, cookie: str) -> Finding | None:
    """Another client's cookie, in the request to the upstream or in the response."""
    if any(cookie in (seen.header("cookie") or "") for seen in asked.upstream):
        return asked.finding("the first client's cookie at the upstream", "no cookie")
    if cookie in (asked.response.header("set-cookie") or ""):
        return asked.finding("the first client's cookie in the response", "no cookie")
    return None


# --- request ids ---------------------------------------------------------------------------------


def of_every_kind(proxy: ProxyUnderTest) -> list[Relayed]:
    """A list, a model, and a refusal."""
    asks = listing(limit=proxy.fresh_limit()), single(proxy.fresh_model()), single("no-such-model")
    return [proxy.once(ask) for ask in asks]


def nameless(asked: Relayed) -> Finding | None:
    """A response without a `request-id`."""
    if asked.response.header("request-id") or not asked.response.status:
        return None
    hint = "`x-request-id` is another header" if asked.response.header("x-request-id") else ""
    return asked.finding("no request-id", "a request-id, its own or the upstream's", hint=hint)
