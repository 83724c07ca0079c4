"""What the proxy serves while nothing fails, and what is as good as that during a failure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from pytest_models_contract.client.exchange import model_id
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.proxy.requests import listing, plain, single
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed, walk


def healthy(proxy: ProxyUnderTest) -> Relayed:
    """The longest page before any failure. Raises `Unexercised` where none is served.

    The whole list is known then, too: a list of the server's own cannot be read during a failure.
    """
    asked = proxy.once(listing(limit=proxy.revision.limit.maximum))
    if not (asked.page and asked.page.data) and proxy.restart:  # what came before may have upset it
        proxy.restart()
        asked = proxy.once(listing(limit=proxy.revision.limit.maximum))
    if not (asked.page and asked.page.data and proxy.truth.ids):
        raise Unexercised(f"the list is not served without a failure either: {asked.status_text}")
    return asked


def serves_models(proxy: ProxyUnderTest) -> bool:
    """Whether a model is served while nothing fails."""
    return as_without(proxy.once(single(proxy.fresh_model())), proxy)


def of_served(asked: Sequence[Relayed], proxy: ProxyUnderTest) -> list[Relayed]:
    """Those of the requests of which such as them are served while nothing fails."""
    lists = [each for each in asked if each.response.request.path == LIST]
    return list(asked) if proxy.read(serves_models) else lists


def looks_like(asked: Relayed, before: Relayed) -> bool:
    """Whether a page has models of the page before, and more than half of as many as it may have."""
    page, known = asked.page, before.page
    if not (page and known and page.limit):
        return False
    return set(page.ids) <= set(known.ids) and 2 * len(page) > min(page.limit, len(known))


def require_whole(proxy: ProxyUnderTest) -> None:
    """Raise `Unexercised` where the list is not whole without a failure either."""
    if not is_whole(list(walk(proxy.once, limit=half(proxy))), proxy):
        raise Unexercised(
            "the list is not complete without a failure either: see proxy/every_model_is_listed"
        )


def is_whole(asked: Sequence[Relayed], proxy: ProxyUnderTest) -> bool:
    """Whether these pages have the whole list, in its order."""
    met = [found for each in asked for found in (each.page.ids if each.page else [])]
    return plain(met) == proxy.truth.plain


def half(proxy: ProxyUnderTest) -> int:
    """A limit that takes two pages. Raises `Unexercised` where no limit does."""
    size = (len(proxy.truth.ids) + 1) // 2
    if size < 1:
        raise Unexercised("the server's list is too short for two pages")
    return proxy.fresh_limit(
        min(size, 880), min(size + 120, 1000, max(size, len(proxy.truth.ids) - 1))
    )


def as_without(asked: Relayed, proxy: ProxyUnderTest) -> bool:
    """Whether a response during a failure is a good one, all the same."""
    return asked.response.ok and is_true(asked, proxy)


def is_true(asked: Relayed, proxy: ProxyUnderTest) -> bool:
    """Whether a good response says what the upstream has, however long the page is."""
    request, page = asked.response.request, asked.page
    if page is None:
        found = unquote(request.path.rpartition("/")[2])
        known = asked.response.ok and request.path != LIST
        return known and _alike(asked.response.json, proxy.true_model(found))
    ids = proxy.truth.beyond(request)
    if ids is None or (ids and not page.data):
        return False
    size, more = len(page), len(page) < len(ids)
    served = ids[max(0, len(ids) - size) :] if page.backward else ids[:size]
    return plain(page.ids) == plain(served) and page.has_more is more


def _alike(model: Any, true: Any) -> bool:
    """Whether a model is the true one by its id and its name."""
    if not (isinstance(model, dict) and model_id(model)):
        return False
    return all(model.get(name) == true.get(name) for name in ("id", "display_name"))
