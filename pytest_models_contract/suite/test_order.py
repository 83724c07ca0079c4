"""The order of the list."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pytest_models_contract import rfc3339
from pytest_models_contract.survey import Occurrence, Survey
from pytest_models_contract.verdict import Check, Finding


@pytest.mark.models_cites("model_list#/$defs/newest_first")
def test_newest_first(models_survey: Survey, models_check: Check) -> None:
    """Newer models come first; equal dates and unknown ones (an epoch) may stand in any order."""
    dated = [occurrence for occurrence in models_survey.occurrences if _release(occurrence)]
    models_check.judge(
        list(pairwise(dated)),
        _older_first,
        what="neighbours",
        otherwise="fewer than two models have a release date"
        if models_survey.crawl
        else models_survey.nothing,
        compares=True,
    )


def _release(occurrence: Occurrence) -> str | None:
    """The date to compare by: none where it is no date or an epoch value."""
    text = occurrence.model.get("created_at") if isinstance(occurrence.model, dict) else None
    if not isinstance(text, str) or rfc3339.problem(text) or rfc3339.is_epoch(text):
        return None
    return text


def _older_first(pair: tuple[Occurrence, Occurrence]) -> Finding | None:
    before, after = (_release(occurrence) or "" for occurrence in pair)
    earlier, later = rfc3339.instant(before), rfc3339.instant(after)
    if earlier is None or later is None or later <= earlier:
        return None
    return pair[1].reply.finding(
        f"{after}, listed after {before} ({pair[0].model.get('id')})",
        "a date not after that of the model before it",
        pair[1].where("created_at"),
    )
