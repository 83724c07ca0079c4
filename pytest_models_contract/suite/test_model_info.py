"""The models themselves: one check per property of the revision, over every model on every page."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from pytest_models_contract.client.exchange import ABSENT, Finding, Occurrence, shown
from pytest_models_contract.client.verdict import Check
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.spec.revision import Level, Property


@pytest.mark.models_cites("model_info#")
def test_property(
    models_evidence: Evidence, models_property: Property, models_check: Check
) -> None:
    """Every model has the property as the revision describes it."""

    def finding(fault: Fault, occurrence: Occurrence) -> Finding:
        where = occurrence.where(*models_property.path.split("."))
        return occurrence.response.finding(fault.seen, fault.expected, where, fault.level)

    holders = models_evidence.all_values.holders(models_property.parent)
    suspects = [] if models_evidence.all_values.met(models_property) else holders
    models_check.conclude(
        [
            finding(fault, occurrence)
            for holder in suspects
            if (fault := _fault(models_property, holder.value))
            for occurrence in holder.occurrences
        ],
        sum(len(holder.occurrences) for holder in holders),
        what="models",
        if_none=_lacking(models_property, models_evidence),
    )


def _lacking(prop: Property, evidence: Evidence) -> str:
    """Why no model can show the property: the outermost object that none has."""
    names = prop.parent.split(".")
    outer = (".".join(names[: depth + 1]) for depth in range(len(names)))
    missing = next((path for path in outer if not evidence.all_values.holders(path)), "")
    if missing and evidence.occurrences:
        return f"no model has an object `{missing}`: see model_info/{missing}"
    return evidence.why_no_models


class Fault(NamedTuple):
    """What is wrong with a value, wherever it stands."""

    seen: str
    expected: str
    level: Level | None = None


def _fault(prop: Property, holder: dict[str, Any]) -> Fault | None:
    value = holder.get(prop.name, ABSENT)
    if value is ABSENT:
        unknown = ", with null where unknown" if prop.nullable else ""
        return Fault("absent", f"the key, always{unknown}", prop.absence)
    expected = prop.fault(value)
    return Fault(shown(value), expected) if expected else None
