"""A query that does not reach the server's code: every list is the one that the bare path gets."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.client.exchange import PLAIN, Response, page_of
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import several
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, other_paging

CHECKS = ("limit/", "cursors/", "lifecycle/", "clients/", "model_list/")
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
    others = [response for response in asked if not _is_same(response, bare)]
    if len(same) < LEAST or others:
        return
    page = page_of(bare)
    shown = f"{len(same)} of {len(asked)} requests with a query get the response of the bare path"
    if page and page.has_more is False and len(page) > 1:
        title = (
            f"there is no paging: every response holds all {several(len(page), 'model')}; {shown}"
        )
    else:
        title = f"the query is ignored: {shown}"
    yield Cause("query ignored", title, among(same, *CHECKS), _hint(bare, seen))


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
        return f"the responses carry `{cache}`: a cache in front may keep them by the path alone"
    return other_paging(seen) or "a proxy in front may drop the query string"
