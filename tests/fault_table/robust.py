"""Faults with undefined or malformed requests."""

from __future__ import annotations

from fault_rows import NEWEST, Table

from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_errors as errors
from pytest_models_contract.suite import test_retrieve as retrieve

row = Table()

row(
    "odd_unknown_id_crashes[slash|unicode|percent]",
    (retrieve.test_unknown_id_is_refused, "tail"),
    (retrieve.test_unknown_id_is_refused, "odd"),
)
row("odd_unknown_id_crashes[colon|quote]", (retrieve.test_unknown_id_is_refused, "odd"))
row("empty_cursor_crashes", (errors.test_odd_question_is_no_server_error, "empty_cursor"))
row(
    "unknown_cursor_with_a_limit_crashes",
    (cursors.test_unknown_cursor_is_no_server_error, "after_id"),
)
row("crossed_cursors_crash", (errors.test_odd_question_is_no_server_error, "crossed_cursors"))
row("unknown_parameter_crashes", (errors.test_odd_question_is_no_server_error, "unknown_parameter"))
row("missing_version_crashes", (errors.test_odd_question_is_no_server_error, "no_version"))
row(
    "unknown_beta_crashes",
    (errors.test_odd_question_is_no_server_error, "unknown_beta"),
    (errors.test_odd_question_is_no_server_error, "malformed_beta"),
)
row("beta_header_crashes[empty]", (errors.test_odd_question_is_no_server_error, "empty_beta"))
row(
    "beta_header_crashes[malformed]",
    (errors.test_odd_question_is_no_server_error, "malformed_beta"),
)
row(
    "beta_header_crashes_on_retrieve[unknown]",
    (errors.test_odd_question_is_no_server_error, "unknown_beta_on_retrieve"),
)
row(
    "beta_header_crashes_on_retrieve[malformed]",
    (errors.test_odd_question_is_no_server_error, "malformed_beta_on_retrieve"),
)
row(
    "unknown_cursor_with_a_sign_crashes[*]",
    (errors.test_odd_question_is_no_server_error, "odd_cursor"),
)
row(
    "unknown_workspace_crashes",
    (errors.test_unknown_workspace_is_no_server_error, "list"),
    revision=NEWEST,
)
row(
    "unknown_workspace_crashes_on_retrieve",
    (errors.test_unknown_workspace_is_no_server_error, "retrieve"),
    revision=NEWEST,
)
