"""Whether two responses say the same, by the fields that a revision knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pytest_models_contract.client.exchange import Response, page_of
from pytest_models_contract.client.pool import equal
from pytest_models_contract.spec.revision import Revision


def same_response(one: Response, other: Response, revision: Revision) -> bool:
    """Whether two responses have the same status and say the same; successes also in the same form."""
    if one.status != other.status or (one.ok and form(one) != form(other)):
        return False
    if one.packed == other.packed:
        return True
    page, other_page = page_of(one), page_of(other)
    if page is None or other_page is None:
        return page is other_page and (
            not one.ok or same_models([one.json], [other.json], revision)
        )
    keys = ("first_id", "last_id", "has_more")
    same_envelope = all(equal(page.envelope.get(key), other_page.envelope.get(key)) for key in keys)
    return (
        same_envelope
        and len(page) == len(other_page)
        and same_models(page.data, other_page.data, revision)
    )


def form(response: Response) -> tuple[str, bool]:
    """The media type of a response, and whether its body is strict JSON."""
    return response.media_type, not response.json_problem


def same_models(some: Iterable[Any], others: Iterable[Any], revision: Revision) -> bool:
    """Whether two sequences of the same length hold models that say the same, one by one."""
    return all(
        equal(one, other) or revision.project(one) == revision.project(other)
        for one, other in zip(some, others, strict=True)
    )
