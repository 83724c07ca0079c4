"""Several clients of one proxy: whose answer each of them gets."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pytest_models_contract.client.exchange import (
    PLAIN,
    Finding,
    Request,
    Variant,
    counted,
    shown,
)
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.evidence.proxy import (
    NOBODY,
    SECOND,
    WRONG,
    ProxyUnderTest,
    Relayed,
    listing,
    single,
    target_of,
)
from pytest_models_contract.evidence.wording import some
from pytest_models_contract.fake.upstream import Exchange, behaviour
from pytest_models_contract.fake.upstream.catalogue import SHARED

UNKNOWN_BETA = "models-contract-unknown-2024-01-01"
ROUNDS = 3
_GATHERED = 0.3
"""How long the upstream waits for requests to come at once, in seconds."""
_PATIENCE = 0.3
_LATE = 0.9
"""A client that goes away waits so long, and the upstream answers it so late, in seconds."""


def second_client(proxy: ProxyUnderTest) -> str:
    """Why two clients cannot be compared, or the empty string where each has its own answers."""
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


def whose(request: Request, proxy: ProxyUnderTest) -> str:
    """Whose catalogue the answer to a request should come from."""
    if proxy.who != "client":
        return proxy.who
    named = {"second": "second", "wrong": "unknown", "none": "nobody"}
    return named.get(request.variant.auth, "client")


# --- one after the other -------------------------------------------------------------------------


def one_after_another(proxy: ProxyUnderTest, endpoint: str) -> list[Relayed]:
    """The same requests by one client, then by the other, and the other way round."""
    variants = (PLAIN, SECOND, PLAIN), (SECOND, PLAIN, SECOND)
    if endpoint == "list":
        asks = [listing(limit=proxy.fresh_limit()) for _ in variants]
    else:
        asks = [single(found) for found in _models_of_either(proxy)]
    return [
        proxy.once(replace(ask, variant=variant))
        for n, ask in enumerate(asks)
        for variant in variants[n % 2]
    ]


def _models_of_either(proxy: ProxyUnderTest) -> Iterator[str]:
    yield proxy.fresh_model()
    yield proxy.upstream.models_of("second")[3]["id"]
    yield from SHARED


def refused_in_between(proxy: ProxyUnderTest, endpoint: str) -> list[Relayed]:
    """The same requests with the right key, with a wrong one and with none, in either order."""
    orders = (PLAIN, WRONG, NOBODY), (WRONG, PLAIN), (NOBODY, PLAIN)
    return [
        proxy.once(replace(ask, variant=variant))
        for variants in orders
        for ask in [_fresh(proxy, endpoint)]
        for variant in variants
    ]


def _fresh(proxy: ProxyUnderTest, endpoint: str) -> Request:
    if endpoint == "list":
        return listing(limit=proxy.fresh_limit())
    return single(proxy.fresh_model())


# --- whose answer it is --------------------------------------------------------------------------


def anothers(asked: Relayed, proxy: ProxyUnderTest) -> Finding | None:
    """An answer that is not what the upstream has for who asked."""
    request = asked.response.request
    right = _right(request, proxy)
    if asked.response.ok:
        return _anothers_models(asked, right, proxy)
    if right.status == 200 and _answered(asked):
        return asked.finding(asked.told, "the answer of the upstream to this client", str(request))
    return None


def refused_for_another(asked: Relayed) -> Finding | None:
    """A client with a right key that gets the refusal of one without."""
    request = asked.response.request
    if request.variant.auth != "key" or not 400 <= asked.response.status < 500:
        return None
    return asked.finding(asked.told, "the answer to this client's key", str(request))


def served_for_another(asked: Relayed, proxy: ProxyUnderTest) -> Finding | None:
    """A client without a right key that gets what another one's key gets."""
    request = asked.response.request
    if request.variant.auth == "key" or not asked.response.ok:
        return None
    if any(seen.who != "client" for seen in asked.upstream):
        return None  # the server asked for it with a key of its own
    seen = _summary(asked, proxy)
    return asked.finding(
        seen, "a refusal: this key was shown to the upstream by nobody", str(request)
    )


def _right(request: Request, proxy: ProxyUnderTest) -> Any:
    return proxy.upstream.response_to(target_of(request), whose(request, proxy))


def _answered(asked: Relayed) -> bool:
    """Whether the upstream gave this client a good answer."""
    return any(seen.status == 200 for seen in asked.upstream)


def _anothers_models(asked: Relayed, right: Any, proxy: ProxyUnderTest) -> Finding | None:
    body = right.body
    expected = some([model["id"] for model in body["data"]]) if "data" in body else shown(body)
    page = asked.page
    if "data" in body:
        same = page is not None and page.ids == [model["id"] for model in body["data"]]
    else:
        same = all(
            _said(asked.response.json, name) == body.get(name) for name in ("id", "display_name")
        )
    if same:
        return None
    return asked.finding(_summary(asked, proxy), expected, str(asked.response.request))


def _said(model: Any, name: str) -> Any:
    return model.get(name) if isinstance(model, dict) else None


def _summary(asked: Relayed, proxy: ProxyUnderTest) -> str:
    """What was answered, and whose that is."""
    page = asked.page
    if page is None:
        return shown(asked.response.json)
    owners = [who for who in ("client", "second", "server") if _owns(page.ids, who, proxy)]
    of = f" of the {owners[0]}'s" if page.ids and owners else ""
    return f"{counted(len(page))}{of}: {some(page.ids)}" if of else some(page.ids)


def _owns(ids: Sequence[str], who: str, proxy: ProxyUnderTest) -> bool:
    return set(ids) <= {model["id"] for model in proxy.upstream.models_of(who)}


# --- at the same moment --------------------------------------------------------------------------


def together(proxy: ProxyUnderTest) -> list[Relayed]:
    """Requests of several clients, for several things, that wait at the upstream at the same moment."""
    variants = (PLAIN,) if proxy.read(second_client) else (PLAIN, SECOND)
    found: list[Relayed] = []
    for _ in range(ROUNDS):
        asks = [_fresh(proxy, endpoint) for endpoint in ("list", "retrieve") * 4]
        requests = [replace(ask, variant=variant) for ask in asks for variant in variants]
        size = len(requests) if proxy.read(overlaps) else 1
        with proxy.upstream.acting(behaviour.Gathering(size, _GATHERED)):
            found += proxy.at_once(requests)
    return found


def overlaps(proxy: ProxyUnderTest) -> bool:
    """Whether two requests can wait at the upstream at the same moment."""
    gathering = behaviour.Gathering(2, _GATHERED)
    with proxy.upstream.acting(gathering):
        proxy.at_once([single(proxy.fresh_model()), single(proxy.fresh_model())])
    return gathering.most > 1


def after_one_went_away(proxy: ProxyUnderTest) -> list[Relayed]:
    """What clients get while, and after, the upstream answers one that did not wait for it."""
    other = PLAIN if proxy.read(second_client) else SECOND
    gone = listing(limit=proxy.fresh_limit())
    with proxy.upstream.acting(_late, _is(gone)):
        _go_away(proxy, gone)
        meanwhile = proxy.once(listing(limit=proxy.fresh_limit(), variant=other))
        threading.Event().wait(_LATE - _PATIENCE)
        return [meanwhile, *(proxy.once(single(found, other)) for found in _two(proxy, other))]


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
    asks = [_fresh(proxy, "list"), _fresh(proxy, "list")]
    requests = [replace(ask, variant=variant) for ask in asks for variant in (unknown, *others)]
    size = len(requests) if proxy.read(overlaps) else 1
    with proxy.upstream.acting(behaviour.Gathering(size, _GATHERED)):
        found += proxy.at_once(requests)
    return [asked for asked in found if not asked.response.request.variant.betas]


def refused(asked: Relayed) -> Finding | None:
    """A client without betas that is refused; not for its key, and not for asking too much."""
    status = asked.response.status
    if not 400 <= status < 500 or status in {401, 403, 429}:
        return None
    expected = "the answer to a request without betas"
    return asked.finding(asked.told, expected, str(asked.response.request))
