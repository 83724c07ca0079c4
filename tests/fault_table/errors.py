"""Faults of errors and keys."""

from __future__ import annotations

from fault_rows import NEWEST, Table

from fault_table.kit import ALIAS
from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_errors as errors
from pytest_models_contract.suite import test_limit as limit
from pytest_models_contract.suite import test_retrieve as retrieve

row = Table()

row(
    "error_is[400-openai|401-openai|404-openai]",
    errors.test_body_is_an_error_object,
    errors.test_body_names_the_request,
)
row("error_is[*]", errors.test_body_is_an_error_object)
row(
    "error_is[400-type-unknown|400-type-of-another-status|400-type-api_error]",
    errors.test_limit_out_of_range_is_an_invalid_request,
    errors.test_type_belongs_to_the_status,
)
row(
    "error_is[400-request_id-absent|400-request_id-int|401-request_id-absent|401-request_id-int|404-request_id-absent|404-request_id-int]",
    errors.test_body_names_the_request,
)
row(
    "error_is[401-type-unknown|401-type-of-another-status|401-type-api_error]",
    (errors.test_list_wants_the_key, "no_key"),
    (errors.test_list_wants_the_key, "wrong_key"),
    (errors.test_retrieve_wants_the_key, "no_key"),
    (errors.test_retrieve_wants_the_key, "wrong_key"),
    errors.test_type_belongs_to_the_status,
)
row(
    "error_is[404-type-unknown|404-type-of-another-status|404-type-api_error]",
    errors.test_unknown_model_is_not_found,
    errors.test_type_belongs_to_the_status,
)
row("wrong_limit_gets[*]", errors.test_limit_out_of_range_is_an_invalid_request)
row(
    "wrong_limit_gets[501]",
    (limit.test_refuses, "0"),
    (limit.test_refuses, "-1"),
    (limit.test_refuses, "1001"),
    (limit.test_refuses, "huge"),
    (limit.test_refuses, "word"),
    (limit.test_malformed_is_no_server_error, "fraction"),
    (limit.test_malformed_is_no_server_error, "tail"),
    (limit.test_malformed_is_no_server_error, "empty"),
    (limit.test_malformed_is_no_server_error, "exponent"),
    (limit.test_malformed_is_no_server_error, "digits"),
    (limit.test_malformed_is_refused, "fraction"),
    (limit.test_malformed_is_refused, "tail"),
    (limit.test_malformed_is_refused, "empty"),
    (limit.test_malformed_is_refused, "exponent"),
    (limit.test_malformed_is_refused, "digits"),
    (cursors.test_unknown_cursor_is_no_server_error, "after_id"),
    diagnoses=2,
)
row(
    "wrong_limit_gets_200_with_an_error",
    (limit.test_malformed_is_no_server_error, "fraction"),
    (limit.test_malformed_is_no_server_error, "tail"),
    (limit.test_malformed_is_no_server_error, "empty"),
    (limit.test_malformed_is_no_server_error, "exponent"),
    (limit.test_malformed_is_no_server_error, "digits"),
    (limit.test_refuses, "0"),
    (limit.test_refuses, "-1"),
    (limit.test_refuses, "1001"),
    (limit.test_refuses, "huge"),
    (limit.test_refuses, "word"),
    (limit.test_malformed_is_refused, "fraction"),
    (limit.test_malformed_is_refused, "tail"),
    (limit.test_malformed_is_refused, "empty"),
    (limit.test_malformed_is_refused, "exponent"),
    (limit.test_malformed_is_refused, "digits"),
    (cursors.test_unknown_cursor_is_no_server_error, "after_id"),
)
row(
    "no_key_gets[*]",
    (errors.test_list_wants_the_key, "no_key"),
    (errors.test_retrieve_wants_the_key, "no_key"),
)
row(
    "wrong_key_gets[*]",
    (errors.test_list_wants_the_key, "wrong_key"),
    (errors.test_retrieve_wants_the_key, "wrong_key"),
)
row(
    "lets_in[no-key]",
    (errors.test_list_wants_the_key, "no_key"),
    (errors.test_retrieve_wants_the_key, "no_key"),
)
row("lets_in[no-key-on-list]", (errors.test_list_wants_the_key, "no_key"))
row("lets_in[no-key-on-retrieve]", (errors.test_retrieve_wants_the_key, "no_key"))
row(
    "lets_in[wrong-key|wrong-bearer|key-of-the-right-kind]",
    (errors.test_list_wants_the_key, "wrong_key"),
    (errors.test_retrieve_wants_the_key, "wrong_key"),
)
row("lets_in[with-a-query]", (errors.test_list_wants_the_key, "wrong_key"))
row("lets_in[wrong-key-on-list]", (errors.test_list_wants_the_key, "wrong_key"))
row("lets_in[wrong-key-on-retrieve]", (errors.test_retrieve_wants_the_key, "wrong_key"))
row(
    "right_key_refused_on_retrieve",
    retrieve.test_listed_models_are_found,
    ALIAS,
)
row("key_in_message_of[*]", errors.test_no_answer_repeats_the_key)
row("key_in_header[*]", errors.test_no_answer_repeats_the_key)
row("key_in_body_of[*]", errors.test_no_answer_repeats_the_key)
row("key_in_cookie", errors.test_no_answer_repeats_the_key)
row("framework_answers[*]", errors.test_body_is_an_error_object)
row("framework_answers[unknown-stage]", errors.test_body_is_an_error_object, revision=NEWEST)
