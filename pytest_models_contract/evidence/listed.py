"""The ids that clients page through, and the size of their pages."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.gathering import Evidence


def third(ids: Sequence[str]) -> int:
    """A limit by which the list has three pages, where the limits allow it."""
    return max(1, min(1000, len(ids) // 3))


def several(evidence: Evidence) -> list[str]:
    """The listed ids. Raises `Unexercised` where there are fewer than two."""
    ids = known(evidence)
    if len(ids) < 2:
        raise Unexercised("a list of one model has nothing before a cursor")
    return ids


def known(evidence: Evidence, *, whole: bool = True) -> list[str]:
    """The listed ids. Raises `Unexercised` where there is none, or the list is not known as a `whole`."""
    if why := evidence.changing or (whole and evidence.unfinished):
        raise Unexercised(why)
    if not evidence.ids or evidence.unusable_ids:
        raise Unexercised(evidence.why_no_models)
    return evidence.ids
