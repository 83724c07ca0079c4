"""The models themselves: one check per property of the revision, over every model on every page."""

from __future__ import annotations

import pytest

from pytest_models_contract.exchange import ABSENT, shown
from pytest_models_contract.revision import Property
from pytest_models_contract.survey import Occurrence, Survey
from pytest_models_contract.verdict import Check, Finding


@pytest.mark.models_cites("model_info#")
def test_property(models_survey: Survey, models_property: Property, models_check: Check) -> None:
    """Every model has the property as the revision describes it."""

    def finding(occurrence: Occurrence) -> Finding | None:
        value = (models_property.holder(occurrence.model) or {}).get(models_property.name, ABSENT)
        where = occurrence.where(*models_property.path.split("."))
        if value is ABSENT:
            expected = "the key, always" + (
                ", with null where unknown" if models_property.nullable else ""
            )
            return occurrence.reply.finding("absent", expected, where, models_property.absence)
        fault = models_property.fault(value)
        return occurrence.reply.finding(shown(value), fault, where) if fault else None

    models_check.judge(
        [
            occurrence
            for occurrence in (*models_survey.occurrences, *models_survey.strays)
            if models_property.holder(occurrence.model) is not None
        ],
        finding,
        what="models",
        otherwise=f"no model has an object `{models_property.parent}`"
        if models_survey.occurrences
        else models_survey.nothing,
    )
