"""What is asked of a proxy, as which client, and which requests to the upstream come of it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.variant import PLAIN, Variant
from pytest_models_contract.fake.upstream import UpstreamRequest
from pytest_models_contract.fake.upstream.catalogue import ODD_IDS

SECOND = Variant(auth="second")
WRONG = Variant(auth="wrong")
NOBODY = Variant(auth="none")
OF_A_PROXY = -2
"""Which repetition a request of these checks is: it is sent each time, and no recording keeps it.

The upstream may have changed, or failed on purpose, since the same request was sent before.
"""
_ODD = frozenset(ODD_IDS.values())


def listing(
    *,
    limit: int | None = None,
    after_id: str | None = None,
    before_id: str | None = None,
    variant: Variant = PLAIN,
) -> Request:
    """The request for a page."""
    given = {"after_id": after_id, "before_id": before_id, "limit": limit}
    query = tuple((name, str(value)) for name, value in given.items() if value is not None)
    return Request(LIST, query, variant, again=OF_A_PROXY)


def single(model: str, variant: Variant = PLAIN) -> Request:
    """The request for one model."""
    return Request(f"{LIST}/{quote(model, safe='')}", (), variant, again=OF_A_PROXY)


def target_of(request: Request) -> str:
    """Path and query of a request, as a client sends them."""
    return f"{request.path}?{urlencode(request.query)}" if request.query else request.path


def concerns(seen: UpstreamRequest, request: Request) -> bool:
    """Whether a request to the upstream may be there for this one to the proxy."""
    return seen.path in {LIST, request.path}


def is_for(seen: UpstreamRequest, request: Request) -> bool:
    """Whether a request to the upstream asks for what this one to the proxy does."""
    return seen.path == request.path


def plain(ids: Iterable[str]) -> list[str]:
    """The ids without the odd ones of the upstream: what becomes of those has checks of its own."""
    return [found for found in ids if found not in _ODD]
