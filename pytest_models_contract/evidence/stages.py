"""The lifecycle stages of models, from revision 2026-10-07 on, and what the filter by stage lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pytest_models_contract.client.exchange import Request, Response
from pytest_models_contract.client.requests import page_request
from pytest_models_contract.client.verdict import Unexercised

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence

STAGES = ("active", "deprecated", "retired")
ODD = (["asleep"], [*STAGES, "active"], [""])
"""Stages of which some do not exist, or more than there are."""


def by_stage(stages: Sequence[str]) -> list[tuple[str, str]]:
    """The parameters that filter a list by these stages."""
    return [("lifecycle[]", stage) for stage in stages]


def filtered(stages: Sequence[str], evidence: Evidence) -> Response:
    """The list of the models in these stages, as long as one page can be.

    Raises `Unexercised` where the plain list has no models to compare it with.
    """
    if not evidence.crawl or evidence.unusable_ids:
        raise Unexercised(evidence.why_no_models)
    largest = evidence.revision.limit.maximum
    return evidence.api.list(limit=largest, extra=by_stage(stages))


def odd_filters(evidence: Evidence) -> list[Request]:
    """The requests with stages that do not exist, or too many; none where the revision has no stages."""
    if "lifecycle" not in evidence.revision.schemas["list_params"]["properties"]:
        return []
    return [page_request(extra=by_stage(stages)) for stages in ODD]


def stage_of(model: object) -> str | None:
    """The stage of a model, if it has one."""
    stage = model.get("lifecycle") if isinstance(model, dict) else None
    return stage if isinstance(stage, str) else None
