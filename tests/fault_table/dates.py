"""Lies about dates."""

from __future__ import annotations

from fault_rows import NEWEST, Advice, Table

from fault_table.kit import ALIAS, prop
from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_headers as headers
from pytest_models_contract.suite import test_model_list as model_list
from pytest_models_contract.suite import test_retrieve as retrieve

row = Table()

row("created_at_is[*]", prop("created_at"))
row("deprecated_at_is[*]", prop("deprecated_at"), revision=NEWEST)
row("retires_at_is[*]", prop("retires_at"), revision=NEWEST)
row("dates_lack_the_offset", prop("created_at"))
row("dates_are_epoch_seconds", prop("created_at"))
row(
    "dates_of_today",
    model_list.test_a_model_is_the_same_on_every_page,
    cursors.test_repeating_a_request_repeats_the_answer,
    cursors.test_requests_at_the_same_moment_get_their_own_answers,
    retrieve.test_model_equals_its_list_entry,
    ALIAS,
    (headers.test_newer_version_is_answered_the_same, "list"),
    (headers.test_key_is_taken_either_way, "list"),
    Advice((headers.test_beta_query_is_accepted, "list")),
)
