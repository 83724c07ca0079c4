"""A query that does not reach the server's code: every list is the one that the bare path gets."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.client.exchange import Response, page_of
from pytest_models_contract.client.variant import PLAIN
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import (
    PAGES,
    PAGES_OF_PROXIES,
    REFUSALS,
    SIZES,
    STARTS,
)
from pytest_models_contract.evidence.diagnoses.counting import several
from pytest_models_contract.evidence.diagnoses.observed import Observed, among
from pytest_models_contract.evidence.diagnoses.other_paging import other_paging
from pytest_models_contract.evidence.diagnoses.windows import asked_rightly, window_of

CHECKS = (*PAGES, *REFUSALS, "lifecycle/", "clients/", *PAGES_OF_PROXIES)
LEAST = 4
_CACHES = ("age", "x-cache", "x-cache-status", "cf-cache-status", "x-varnish")


def ignored_queries(seen: Observed) -> Iterator[Cause]:
    """The query is ignored, or there is no paging at all: pages are the same whatever is asked."""
    bare = seen.bare
    if bare is None or not bare.ok:
        return
    asked = [
        response
        for response in seen.lists
        if response.request.query and response.request.variant == PLAIN
    ]
    same = [response for response in asked if _is_same(response, bare)]
    if len(same) < max(LEAST, len(asked)) or not any(_should_differ(own, seen) for own in same):
        return
    page = page_of(bare)
    says = "the query is ignored"
    if page and page.has_more is False and len(page) > 1:
        says = f"there is no paging, every list holds all {several(len(page), 'model')}"
    shown = f"{len(same)} of {len(asked)} requests with a query get the response of the bare path"
    title, hint = f"{says}: {shown}", _hint(bare, seen)
    yield Cause("query ignored", title, among([bare, *same], *CHECKS), hint, (*SIZES, *STARTS))


def _should_differ(response: Response, seen: Observed) -> bool:
    """Whether the request must be answered otherwise than the bare path, as far as can be known."""
    if not asked_rightly(response, seen):
        return not seen.crawl
    right = window_of(response, seen)
    return right is not None and right.page.ids != list(right.due(seen))


def _is_same(response: Response, bare: Response) -> bool:
    """Whether both list the same, in whatever format."""
    if response.status != bare.status or response.packed == bare.packed:
        return response.status == bare.status
    page, other = page_of(response), page_of(bare)
    if page and other:
        return page.ids == other.ids and page.has_more == other.has_more
    return False


def _hint(bare: Response, seen: Observed) -> str:
    cache = next((name for name in _CACHES if bare.header(name) is not None), "")
    if cache:
        return f"the responses have `{cache}`: a cache in front may store them by the path only"
    return other_paging(seen) or "a proxy in front may drop the query string"
