"""The models themselves: one check for each property of the revision, over every model on every page."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from pytest_models_contract.client.exchange import ABSENT, Finding, Occurrence, shown
from pytest_models_contract.client.verdict import Check
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.wording import under
from pytest_models_contract.spec.revision import Level, Property


@pytest.mark.models_cites("model_info#")
def test_property(
    models_evidence: Evidence, models_property: Property, models_check: Check
) -> None:
    """Every model has the property as the revision describes it."""

    def finding(problem: Problem, occurrence: Occurrence) -> Finding:
        where = occurrence.where(*models_property.path.split("."))
        return occurrence.response.finding(problem.seen, problem.expected, where, problem.level)

    holders = models_evidence.all_values.holders(models_property.parent)
    to_judge = [] if models_evidence.all_values.all_legal(models_property) else holders
    models_check.conclude(
        [
            finding(problem, occurrence)
            for holder in to_judge
            if (problem := _problem(models_property, holder.value))
            for occurrence in holder.occurrences
        ],
        sum(len(holder.occurrences) for holder in holders),
        what="models",
        if_none=_why_no_holder(models_property, models_evidence),
    )


@pytest.mark.models_cites("model_info#/$defs/name_for_people", level="should")
def test_display_name_is_not_empty(models_evidence: Evidence, models_check: Check) -> None:
    """Every model has a `display_name` that shows people something."""

    def empty(occurrence: Occurrence) -> Finding | None:
        name = occurrence.model["display_name"]
        if name.strip():
            return None
        return occurrence.response.finding(
            shown(name), "a name for people", occurrence.where("display_name")
        )

    models_check.judge(
        [
            occurrence
            for occurrence in models_evidence.occurrences
            if isinstance(occurrence.model, dict)
            and isinstance(occurrence.model.get("display_name"), str)
        ],
        empty,
        what="models",
        if_none="no model has a `display_name`: see model_info/display_name"
        if models_evidence.occurrences
        else models_evidence.why_no_models,
    )


def _why_no_holder(prop: Property, evidence: Evidence) -> str:
    """Why no model can have the property: the outermost object that no model has."""
    names = prop.parent.split(".")
    outer = (".".join(names[: depth + 1]) for depth in range(len(names)))
    missing = next((path for path in outer if not evidence.all_values.holders(path)), "")
    if missing and evidence.occurrences:
        return f"no model has an object `{missing}`: see model_info/{missing}"
    return evidence.why_no_models


class Problem(NamedTuple):
    """What is wrong with a value, in whatever model."""

    seen: str
    expected: str
    level: Level | None = None


def _problem(prop: Property, holder: dict[str, Any]) -> Problem | None:
    value = holder.get(prop.name, ABSENT)
    if value is ABSENT:
        unknown = ", with null where unknown" if prop.nullable else ""
        return Problem(under(prop.name, value), f"the key, always{unknown}", prop.absence)
    expected = prop.problem(value)
    return Problem(shown(value), expected) if expected else None
