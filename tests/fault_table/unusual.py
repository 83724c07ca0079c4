"""Faults of unusual requests only: what comes with 200 and breaks the contract."""

from __future__ import annotations

from fault_rows import NEWEST, Table

from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_errors as errors
from pytest_models_contract.suite import test_headers as headers
from pytest_models_contract.suite import test_lifecycle as lifecycle
from pytest_models_contract.suite import test_limit as limit

row = Table()

UNKNOWN_CURSOR = (
    (cursors.test_unknown_cursor_is_no_server_error, "after_id"),
    (cursors.test_unknown_cursor_is_no_server_error, "before_id"),
    (errors.test_odd_question_is_no_server_error, "odd_cursor"),
    (errors.test_odd_question_is_no_server_error, "empty_cursor"),
)

row("form_is_spoiled_for[beta-query-list-text]", (headers.test_beta_query_is_accepted, "list"))
row("form_is_spoiled_for[beta-query-model-mark]", (headers.test_beta_query_is_accepted, "retrieve"))
row(
    "form_is_spoiled_for[betas-list-key-twice]",
    headers.test_betas_are_accepted,
    (errors.test_odd_question_is_no_server_error, "empty_beta"),
)
row("form_is_spoiled_for[betas-model-text]", headers.test_betas_are_accepted_on_retrieve)
row(
    "form_is_spoiled_for[newer-version-list-mark]",
    (headers.test_newer_version_is_answered_the_same, "list"),
)
row(
    "form_is_spoiled_for[newer-version-model-text]",
    (headers.test_newer_version_is_answered_the_same, "retrieve"),
)
row("form_is_spoiled_for[bearer-list-text]", (headers.test_key_is_taken_either_way, "list"))
row("form_is_spoiled_for[bearer-model-mark]", (headers.test_key_is_taken_either_way, "retrieve"))
row("unknown_parameter_gets[*]", (errors.test_odd_question_is_no_server_error, "unknown_parameter"))
row("unknown_cursor_gets_the_first_page[*]", *UNKNOWN_CURSOR)
row(
    "unknown_cursor_forgets_the_limit",
    (cursors.test_unknown_cursor_is_no_server_error, "after_id"),
)
row(
    "both_cursors_repeat_a_model",
    cursors.test_both_cursors_are_no_server_error,
    (errors.test_odd_question_is_no_server_error, "crossed_cursors"),
)
row(
    "malformed_limit_gets_no_data",
    (limit.test_malformed_is_no_server_error, "fraction"),
    (limit.test_malformed_is_no_server_error, "tail"),
    (limit.test_malformed_is_refused, "fraction"),
    (limit.test_malformed_is_refused, "tail"),
)
row("unknown_beta_gets_ids", (errors.test_odd_question_is_no_server_error, "unknown_beta"))
row(
    "unknown_beta_on_retrieve_gets[*]",
    (errors.test_odd_question_is_no_server_error, "unknown_beta_on_retrieve"),
)
row(
    "unknown_workspace_gets_ids",
    (errors.test_unknown_workspace_is_no_server_error, "list"),
    revision=NEWEST,
)
row(
    "filtered_page_after_a_cursor_has[*]",
    lifecycle.test_filtered_pages_follow_limit_and_cursor,
    revision=NEWEST,
)
row(
    "filtered_first_id_is_the_last",
    lifecycle.test_filtered_pages_keep_the_schema,
    revision=NEWEST,
)
