"""Several clients of one proxy: whose response each of them gets."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.variant import PLAIN, Variant
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.evidence.proxy.requests import (
    NOBODY,
    SECOND,
    WRONG,
    listing,
    plain,
    single,
)
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.evidence.proxy.whose_responses import whose
from pytest_models_contract.fake.upstream import Exchange, behaviour
from pytest_models_contract.fake.upstream.catalogue import SHARED

_OTHER_WAY = (Variant(auth="other-way"), Variant(auth="second-other-way"))
"""The key as bearer token where it is `x-api-key` otherwise: a cache may know of one of them only."""
UNKNOWN_BETA = "models-contract-unknown-2000-01-01"
_GATHERED = 0.3
"""How long the upstream waits for requests to come at once, in seconds."""
_CALM = 3
"""So many requests in a row are served by a server that turns nobody away."""
_PATIENCE = 0.3
_LATE = 0.9
"""A client that goes away waits so long, and the upstream answers it so late, in seconds."""


def second_client(proxy: ProxyUnderTest) -> str:
    """Why two clients cannot be compared, or the empty string where each has its own responses."""
    keys = proxy.upstream.keys
    if not (keys.client and keys.second):
        return (
            "the upstream takes any key: set MODELS_CONTRACT_API_KEY and MODELS_CONTRACT_SECOND_KEY"
        )
    if proxy.who == "server":
        return "the server asks the upstream with its own key: all clients get the same"
    asked = proxy.once(listing(limit=proxy.fresh_limit(), variant=SECOND))
    known = any(seen.who == "second" for seen in asked.upstream)
    if 400 <= asked.response.status < 500 and not known:
        return (
            f"the server knows its clients: it refused the second one with {asked.response.status}"
        )
    return ""


def require_own_answers(proxy: ProxyUnderTest) -> None:
    """Raise `Unexercised` where the upstream is not asked with the client's own key."""
    if proxy.who == "anyone":
        raise Unexercised("the upstream takes any key: set MODELS_CONTRACT_API_KEY")
    if proxy.who == "server":
        raise Unexercised("the server asks the upstream with its own key: all clients get the same")


def require_two(proxy: ProxyUnderTest) -> None:
    """Raise `Unexercised` where two clients cannot be compared."""
    if why := proxy.read(second_client):
        raise Unexercised(why)


# --- one after the other -------------------------------------------------------------------------


def one_after_another(proxy: ProxyUnderTest, endpoint: str) -> list[Relayed]:
    """The same requests by one client, then by the other, and the other way round."""
    variants = (PLAIN, SECOND, PLAIN), (SECOND, PLAIN, SECOND), _OTHER_WAY
    if endpoint == "list":
        asks = [listing(limit=proxy.fresh_limit()) for _ in variants]
    else:
        asks = [single(found) for found in _models_of_either(proxy)]
    return [
        proxy.once(replace(ask, variant=variant))
        for n, ask in enumerate(asks)
        for variant in variants[n % len(variants)]
    ]


def _models_of_either(proxy: ProxyUnderTest) -> Iterator[str]:
    """Models of the client, of the second, and of both; the first client's in either order."""
    yield proxy.fresh_model()
    yield proxy.fresh_model()
    yield proxy.fresh_model()
    yield proxy.upstream.models_of("second")[3]["id"]
    yield from SHARED


def refused_in_between(proxy: ProxyUnderTest, endpoint: str) -> list[Relayed]:
    """The same requests with the right key, with a wrong one and with none, in either order."""
    orders = (PLAIN, WRONG, NOBODY), (WRONG, PLAIN), (NOBODY, PLAIN)
    return [
        proxy.once(replace(ask, variant=variant))
        for variants in orders
        for ask in [proxy.fresh(endpoint)]
        for variant in variants
    ]


def after_a_wrong_key(proxy: ProxyUnderTest) -> list[Relayed]:
    """What the right key gets right after a wrong one, twice, each time from a server that served before.

    Raises `Unexercised` where it is turned away without a wrong key too, or does not serve again.
    """
    _serves_again(proxy)  # there were wrong keys before
    if not all(proxy.once(proxy.fresh("list")).response.ok for _ in range(_CALM)):
        raise Unexercised("the server turns requests away without a wrong key too")
    found: list[Relayed] = []
    for _ in range(2):
        proxy.once(replace(proxy.fresh("list"), variant=WRONG))
        found.append(proxy.once(proxy.fresh("list")))
        if not _serves_again(proxy):
            raise Unexercised(
                "the server did not serve again, so its failure may have been by chance"
            )
    return found


def _serves_again(proxy: ProxyUnderTest) -> bool:
    until = time.monotonic() + proxy.recovery
    while not (served := proxy.once(proxy.fresh("list")).response.ok):
        if time.monotonic() > until:
            break
        time.sleep(_PATIENCE)
    return served


# --- at the same moment --------------------------------------------------------------------------


def together(proxy: ProxyUnderTest) -> list[Relayed]:
    """Several rounds of requests of several clients that wait at the upstream at the same moment."""
    variants = (PLAIN,) if proxy.read(second_client) else (PLAIN, SECOND)
    found: list[Relayed] = []
    for shared in SHARED:
        same = [*(listing(limit=proxy.fresh_limit()) for _ in range(2)), single(shared)]
        requests = [replace(ask, variant=variant) for ask in same for variant in variants]
        requests += [ask for variant in variants for ask in _various(proxy, variant)]
        size = len(requests) if proxy.read(overlaps) else 1
        with proxy.upstream.acting(behaviour.Gathering(size, _GATHERED)):
            found += proxy.at_once(requests)
    return found


def _various(proxy: ProxyUnderTest, variant: Variant) -> list[Request]:
    """Requests for other pages and other models than any before, of those that the client may see."""
    ids = [
        model["id"] for model in proxy.upstream.models_of(whose(listing(variant=variant), proxy))
    ]
    spread = plain(ids)[::7]
    found = [proxy.unused(spread, f"at once {variant}") for _ in range(4)]
    pages = [listing(limit=5, after_id=each, variant=variant) for each in found[:2]]
    return [*pages, *(single(each, variant) for each in found[2:])]


def overlaps(proxy: ProxyUnderTest) -> bool:
    """Whether two requests can wait at the upstream at the same moment."""
    gathering = behaviour.Gathering(2, _GATHERED)
    with proxy.upstream.acting(gathering):
        proxy.at_once([single(proxy.fresh_model()), single(proxy.fresh_model())])
    return gathering.most > 1


def after_one_went_away(proxy: ProxyUnderTest) -> tuple[Request, list[Relayed]]:
    """A request whose client did not wait, and what others get while it is answered, and after."""
    other = PLAIN if proxy.read(second_client) else SECOND
    gone = listing(limit=proxy.fresh_limit())
    with proxy.upstream.acting(_late, _is(gone)):
        _go_away(proxy, gone)
        meanwhile = proxy.once(listing(limit=proxy.fresh_limit(), variant=other))
        threading.Event().wait(_LATE - _PATIENCE)
        after = [proxy.once(single(found, other)) for found in _two(proxy, other)]
    return gone, [meanwhile, *after]


def _late(exchange: Exchange) -> None:
    exchange.wait(_LATE)
    exchange.send(exchange.conformant())


def _is(request: Request) -> behaviour.When:
    return lambda asked: behaviour.lists(asked) and ("limit", request.value("limit")) in asked.query


def _go_away(proxy: ProxyUnderTest, request: Request) -> None:
    wire = replace(proxy.api.wire, timeout=_PATIENCE)
    try:
        wire.once(request)
    except NotJudged:
        pass
    finally:
        wire.disconnect()


def _two(proxy: ProxyUnderTest, variant: Variant) -> list[str]:
    models = proxy.upstream.models_of("second" if variant is SECOND else whose(listing(), proxy))
    return [models[4]["id"], models[5]["id"]]


# --- betas ---------------------------------------------------------------------------------------


def beside_an_unknown_beta(proxy: ProxyUnderTest) -> list[Relayed]:
    """What clients without betas get after, and while, another one is refused for its unknown beta."""
    unknown = Variant(betas=(UNKNOWN_BETA,))
    others = (PLAIN,) if proxy.read(second_client) else (PLAIN, SECOND)
    same = listing(limit=proxy.fresh_limit())
    proxy.once(replace(same, variant=unknown))
    found = [
        proxy.once(replace(each, variant=variant))
        for variant in others
        for each in (same, listing(limit=proxy.fresh_limit()))
    ]
    asks = [proxy.fresh("list"), proxy.fresh("list")]
    requests = [replace(ask, variant=variant) for ask in asks for variant in (unknown, *others)]
    size = len(requests) if proxy.read(overlaps) else 1
    with proxy.upstream.acting(behaviour.Gathering(size, _GATHERED)):
        found += proxy.at_once(requests)
    return [asked for asked in found if not asked.response.request.variant.betas]
