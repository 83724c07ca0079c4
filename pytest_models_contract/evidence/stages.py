"""The lifecycle stages of models, from revision 2026-10-07 on, and what the filter by stage lists."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.gathering import Evidence

STAGES = ("active", "deprecated", "retired")


def filtered(stages: Sequence[str], evidence: Evidence) -> Response:
    """The list of the models in these stages, as long as one page can be.

    Raises `Unexercised` where the plain list has no models to compare it with.
    """
    if not evidence.crawl or evidence.unusable_ids:
        raise Unexercised(evidence.why_no_models)
    largest = evidence.revision.limit.maximum
    return evidence.api.list(limit=largest, extra=[("lifecycle[]", stage) for stage in stages])


def stage_of(model: object) -> str | None:
    """The stage of a model, if it has one."""
    stage = model.get("lifecycle") if isinstance(model, dict) else None
    return stage if isinstance(stage, str) else None
