"""Envelopes that page in another way than by cursors."""

from __future__ import annotations

from pytest_models_contract.evidence.diagnoses.observed import Observed

KEYS = (
    "page", "pages", "total_pages", "totalPages", "per_page", "perPage", "page_size", "pageSize",
    "offset", "next", "next_page", "nextPage", "next_page_token", "nextPageToken", "next_cursor",
    "nextCursor", "cursor", "links", "pagination",
)  # fmt: skip
"""Keys of envelopes that page in another way."""


def other_paging(seen: Observed) -> str:
    """A hint where the envelope speaks of another way to page; else the empty string."""
    body = seen.bare.json if seen.bare and isinstance(seen.bare.json, dict) else {}
    other = [name for name in KEYS if name in body]
    if not other:
        return ""
    return (
        f"the response has `{other[0]}`: it pages in another way than by `after_id` and `before_id`"
    )
