"""Whether two answers say the same, by the fields that a revision knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pytest_models_contract.client.exchange import Reply, page_of
from pytest_models_contract.client.pool import equal
from pytest_models_contract.spec.revision import Revision


def alike(one: Reply, other: Reply, revision: Revision) -> bool:
    """Whether two answers have the same status and say the same."""
    if one.status != other.status or one.packed == other.packed:
        return one.status == other.status
    page, twin = page_of(one), page_of(other)
    if page is None or twin is None:
        return page is twin and (not one.ok or agree([one.json], [other.json], revision))
    keys = ("first_id", "last_id", "has_more")
    framed = all(page.envelope.get(key) == twin.envelope.get(key) for key in keys)
    return framed and len(page) == len(twin) and agree(page.data, twin.data, revision)


def agree(some: Iterable[Any], others: Iterable[Any], revision: Revision) -> bool:
    """Whether these models say the same as as many others, one by one."""
    return all(
        equal(one, other) or revision.project(one) == revision.project(other)
        for one, other in zip(some, others, strict=True)
    )
