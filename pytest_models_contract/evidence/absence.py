"""Why there is no model to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence

EMPTY = "the catalogue is empty"


def why_no_models(evidence: Evidence) -> str:
    """The reason, by what the first question for the list was answered."""
    opening = evidence.opening
    if evidence.crawl:
        return evidence.unusable_ids or EMPTY
    if opening is None:
        return "; ".join([*evidence.lost, *evidence.missing]) or "no list was answered"
    if not opening.ok:
        return f"the list was answered with {opening.status}: see model_list/status"
    if evidence.other_format:
        return f"the list is {evidence.other_format.name}: see model_list/shape"
    if opening.json is None:
        return "the list is not JSON: see model_list/strict_json"
    return "the list holds no array `data`: see model_list/data"
