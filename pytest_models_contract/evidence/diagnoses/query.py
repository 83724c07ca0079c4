"""A query that does not reach the server's code: every list is the one that the bare path gets."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.client.exchange import PLAIN, Reply, page_of
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import several
from pytest_models_contract.evidence.diagnoses.observed import Observed, among

CHECKS = ("limit/", "cursors/", "lifecycle/", "clients/", "model_list/")
LEAST = 4
_CACHES = ("age", "x-cache", "x-cache-status", "cf-cache-status", "x-varnish")
_OTHER_PAGING = (
    "page", "pages", "total_pages", "totalPages", "per_page", "perPage", "page_size", "pageSize",
    "offset", "next", "next_page", "nextPage", "next_page_token", "nextPageToken", "next_cursor",
    "nextCursor", "cursor", "links", "pagination",
)  # fmt: skip


def ignored_queries(seen: Observed) -> Iterator[Cause]:
    """The query is ignored, or there is no paging at all: pages are the same whatever is asked."""
    bare = seen.bare
    if bare is None or not bare.ok:
        return
    asked = [
        reply for reply in seen.lists if reply.question.query and reply.question.variant == PLAIN
    ]
    same = [reply for reply in asked if _is_same(reply, bare)]
    others = [reply for reply in asked if not _is_same(reply, bare)]
    if len(same) < LEAST or others:
        return
    page = page_of(bare)
    shown = f"{len(same)} of {len(asked)} requests with a query get the answer of the bare path"
    if page and page.has_more is False and len(page) > 1:
        title = f"there is no paging: every answer holds all {several(len(page), 'model')}; {shown}"
    else:
        title = f"the query is ignored: {shown}"
    yield Cause("query ignored", title, among(same, *CHECKS), _hint(bare))


def _is_same(reply: Reply, bare: Reply) -> bool:
    """Whether both list the same, in whatever format."""
    if reply.status != bare.status or reply.packed == bare.packed:
        return reply.status == bare.status
    page, other = page_of(reply), page_of(bare)
    if page and other:
        return page.ids == other.ids and page.has_more == other.has_more
    return False


def _hint(bare: Reply) -> str:
    cache = next((name for name in _CACHES if bare.header(name) is not None), "")
    if cache:
        return f"the answers carry `{cache}`: a cache in front may keep them by the path alone"
    body = bare.json if isinstance(bare.json, dict) else {}
    other = [name for name in _OTHER_PAGING if name in body]
    if other:
        return f"the answer has `{other[0]}`: it pages in another way; take `limit`, `after_id` and `before_id`"
    return "a proxy in front may drop the query string"
