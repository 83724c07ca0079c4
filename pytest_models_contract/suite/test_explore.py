"""Windows of the catalogue drawn by a seed, and single models: each as the catalogue says.

Collected only when `--models-explore` asks for it. One exploration serves all checks.
"""

from __future__ import annotations

import pytest

from pytest_models_contract.client.verdict import Check
from pytest_models_contract.evidence.explore.explored import Explored

cites = pytest.mark.models_cites
explore = pytest.mark.models_only_with("explore")


@explore
@cites("list_params#/$defs/any_window")
def test_every_page_holds_its_part_of_the_list(
    models_exploration: Explored, models_check: Check
) -> None:
    """Whatever the limit and the cursor, a page holds exactly its part of the list."""
    models_exploration.judge("page", models_check)


@explore
@cites("model_list#/properties/has_more")
def test_every_envelope_fits_its_page(models_exploration: Explored, models_check: Check) -> None:
    """Whatever the limit and the cursor, `has_more`, `first_id` and `last_id` are right."""
    models_exploration.judge("envelope", models_check)


@explore
@cites("model_list#/$defs/stable")
def test_every_page_shows_models_as_the_catalogue_does(
    models_exploration: Explored, models_check: Check
) -> None:
    """Whatever the limit and the cursor, a model on a page equals its catalogue entry."""
    models_exploration.judge("contents", models_check)


@explore
@cites("model_info#/$defs/retrieve")
def test_every_model_is_found_alone(models_exploration: Explored, models_check: Check) -> None:
    """Whatever was requested before, a listed model is found by its id and equals its catalogue entry."""
    models_exploration.judge("model", models_check)
