"""Faults of a list without an end, and the checks that catch them."""

from __future__ import annotations

from fault_rows import Table

from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_model_list as model_list
from pytest_models_contract.suite import test_retrieve as retrieve

OLDEST = "2024-12-17"
"""Its models are small, so many of them are made fast."""
PLAIN = [{"id": f"claude-{n}"} for n in range(20)]
row = Table()

row(
    "endless_list[repeats]",
    model_list.test_ids_are_unique_in_the_catalogue,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_walking_forward_yields_every_model_once,
    revision=OLDEST,
    models=PLAIN,
)
row(
    "endless_list[has-unknown-models]",
    retrieve.test_listed_models_are_found,
    revision=OLDEST,
    models=PLAIN,
)
