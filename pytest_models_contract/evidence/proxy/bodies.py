"""Bodies through a proxy, whatever frame or coding the upstream sends them in."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.variant import PLAIN, Variant
from pytest_models_contract.evidence.proxy.apart import set_apart
from pytest_models_contract.evidence.proxy.outages import Proxy
from pytest_models_contract.evidence.proxy.requests import is_for, listing, single
from pytest_models_contract.evidence.proxy.served import of_served, serves_models
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.fake.upstream import behaviour

FRAMES: Mapping[str, behaviour.Act] = {
    "chunks": behaviour.in_chunks,
    "close": behaviour.to_the_end,
    "compressed": behaviour.packed,
    "compressed-chunks": behaviour.packed_in_chunks,
}
_PLAIN_ONLY = Variant(headers=(("accept-encoding", "identity"),))
_PACKED = (400, 529)


def framed(proxy: ProxyUnderTest, frame: str) -> list[Relayed]:
    """A long list and a model, as the upstream sends them in this frame."""
    with proxy.upstream.acting(FRAMES[frame]):
        asks = listing(limit=proxy.fresh_limit(700, 899)), single(proxy.fresh_model())
        return [proxy.once(ask) for ask in asks]


def for_those_who_take_it_plain(proxy: ProxyUnderTest) -> list[Relayed]:
    """The same list for a client that takes compressed bodies, then for one that does not."""
    same, other = proxy.fresh_limit(), proxy.fresh_limit()
    with proxy.upstream.acting(behaviour.packed):
        asks = [
            listing(limit=same),
            listing(limit=same, variant=_PLAIN_ONLY),
            listing(limit=other, variant=_PLAIN_ONLY),
        ]
        return [proxy.once(ask) for ask in asks]


@set_apart
def failing_compressed(proxy: ProxyUnderTest) -> list[tuple[int, Relayed]]:
    """Errors that the upstream compresses where it may, with their status."""
    state = proxy.read(Proxy)
    proxy.read(serves_models)  # before anything fails
    found = []
    for status in _PACKED:
        with proxy.upstream.acting(behaviour.failing_packed(status)):
            asks = listing(limit=proxy.fresh_limit()), single(proxy.fresh_model())
            found += [(status, each) for each in of_served(list(map(proxy.once, asks)), proxy)]
        state.back()
    return found


def unreadable(asked: Relayed) -> Finding | None:
    """A response that is cut, cannot be decoded, or is no JSON."""
    response = asked.response
    if response.broken or not response.status:
        return asked.finding(
            response.broken or asked.status_text, "a body as long and coded as its headers say"
        )
    if not response.ok:
        given = any(
            seen.status == 200 and is_for(seen, response.request) for seen in asked.upstream
        )
        return asked.finding(asked.status_text, "the upstream's response") if given else None
    problem = response.json_problem
    return asked.finding(problem, "the upstream's JSON") if problem else None


def not_asked_for(asked: Relayed) -> Finding | None:
    """A response in a coding that the client does not take."""
    coding = asked.response.header("content-encoding") or "identity"
    if asked.response.request.variant != PLAIN and coding != "identity":
        return asked.finding(f"content-encoding {coding}", "a body that is not compressed")
    return unreadable(asked)


def unreadable_error(failed: tuple[int, Relayed]) -> Finding | None:
    """An error that became another one, or cannot be read, because it was compressed."""
    status, asked = failed
    response = asked.response
    if response.ok:
        return None  # a cache, or another fault
    expected = f"status {status} with the upstream's error, or 502 or 503"
    if response.broken or not response.status:
        return asked.finding(response.broken or asked.status_text, expected)
    if response.status // 100 != status // 100 and response.status not in {502, 503}:
        return asked.finding(asked.status_text, expected)
    return asked.finding(response.json_problem, expected) if response.json_problem else None
