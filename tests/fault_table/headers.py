"""Faults of headers."""

from __future__ import annotations

from fault_rows import NEWEST, Table

from fault_table.kit import ALIAS
from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_errors as errors
from pytest_models_contract.suite import test_headers as headers
from pytest_models_contract.suite import test_limit as limit
from pytest_models_contract.suite import test_model_list as model_list
from pytest_models_contract.suite import test_order as order

row = Table()

row("request_id_absent_on[*]", headers.test_request_id_on_every_answer)
row("request_id_absent_with_the_beta_query", headers.test_request_id_on_every_answer)
row(
    "request_id_is[constant]",
    headers.test_request_id_is_never_the_same,
    errors.test_body_names_the_request,
)
row(
    "request_id_is[empty]",
    headers.test_request_id_on_every_answer,
    errors.test_body_names_the_request,
)
row(
    "request_id_of_the_path",
    headers.test_request_id_is_never_the_same,
    errors.test_body_names_the_request,
)
row(
    "request_id_comes_in_pairs",
    headers.test_request_id_is_never_the_same,
    errors.test_body_names_the_request,
)
row("request_id_has_another_name", headers.test_request_id_on_every_answer)
row("request_id_differs_in_the_body", errors.test_body_names_the_request)
row("beta_refused[*]", headers.test_betas_are_accepted, headers.test_betas_are_accepted_on_retrieve)
row("beta_refused[on-retrieve]", headers.test_betas_are_accepted_on_retrieve)
row(
    "beta_crashes[any]",
    headers.test_betas_are_accepted,
    headers.test_betas_are_accepted_on_retrieve,
    (errors.test_odd_question_is_no_server_error, "unknown_beta"),
    (errors.test_odd_question_is_no_server_error, "malformed_beta"),
    (errors.test_odd_question_is_no_server_error, "unknown_beta_on_retrieve"),
    (errors.test_odd_question_is_no_server_error, "malformed_beta_on_retrieve"),
)
row("beta_crashes[*]", headers.test_betas_are_accepted, headers.test_betas_are_accepted_on_retrieve)
row(
    "beta_crashes[joined]",
    headers.test_betas_are_accepted,
    headers.test_betas_are_accepted_on_retrieve,
    (errors.test_odd_question_is_no_server_error, "malformed_beta"),
    (errors.test_odd_question_is_no_server_error, "malformed_beta_on_retrieve"),
)
row(
    "beta_crashes[on-retrieve]",
    headers.test_betas_are_accepted_on_retrieve,
    (errors.test_odd_question_is_no_server_error, "unknown_beta_on_retrieve"),
    (errors.test_odd_question_is_no_server_error, "malformed_beta_on_retrieve"),
)
row("beta_list_is[*]", headers.test_betas_are_accepted)
row("beta_list_is[reordered|one-less|empty]", headers.test_betas_keep_the_list)
row(
    "beta_list_is[string-has_more]",
    headers.test_betas_are_accepted,
    headers.test_betas_keep_the_list,
)
row(
    "beta_models_lack[*]",
    headers.test_betas_are_accepted,
    headers.test_betas_are_accepted_on_retrieve,
)
row(
    "version_refused[2026-10-21]",
    (headers.test_newer_version_is_answered_the_same, "list"),
    (headers.test_newer_version_is_answered_the_same, "retrieve"),
)
row(
    "version_refused[2023-06-01]",
    model_list.test_status,
    ALIAS,
    errors.test_unknown_model_is_not_found,
)
row(
    "version_crashes[2026-10-21]",
    (headers.test_newer_version_is_answered_the_same, "list"),
    (headers.test_newer_version_is_answered_the_same, "retrieve"),
)
row(
    "version_crashes[2023-06-01]",
    model_list.test_status,
    (limit.test_malformed_is_no_server_error, "fraction"),
    (limit.test_malformed_is_no_server_error, "tail"),
    (limit.test_malformed_is_no_server_error, "empty"),
    (limit.test_malformed_is_no_server_error, "exponent"),
    (limit.test_malformed_is_no_server_error, "digits"),
    (cursors.test_unknown_cursor_is_no_server_error, "after_id"),
    (cursors.test_unknown_cursor_is_no_server_error, "before_id"),
    ALIAS,
    (errors.test_odd_question_is_no_server_error, "unknown_parameter"),
    (errors.test_odd_question_is_no_server_error, "unknown_beta"),
    (errors.test_odd_question_is_no_server_error, "empty_beta"),
    (errors.test_odd_question_is_no_server_error, "malformed_beta"),
    (errors.test_odd_question_is_no_server_error, "unknown_beta_on_retrieve"),
    (errors.test_odd_question_is_no_server_error, "malformed_beta_on_retrieve"),
    (errors.test_odd_question_is_no_server_error, "empty_cursor"),
    (errors.test_odd_question_is_no_server_error, "odd_cursor"),
    (errors.test_odd_question_is_no_server_error, "crossed_cursors"),
)
row("version_list_is[*]", (headers.test_newer_version_is_answered_the_same, "list"))
row(
    "version_list_is[2023-06-01-one-less]",
    limit.test_default,
    limit.test_minimum_is_honoured,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_walking_backward_yields_every_model_once,
    cursors.test_before_id_undoes_after_id,
    (headers.test_newer_version_is_answered_the_same, "list"),
)
row(
    "version_list_is[2023-06-01-reordered]",
    order.test_newest_first,
    limit.test_default,
    limit.test_minimum_is_honoured,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
    cursors.test_without_a_cursor_the_page_starts_at_the_first_model,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_walking_backward_yields_every_model_once,
    (headers.test_newer_version_is_answered_the_same, "list"),
)
row("version_list_is[2023-06-01-openai]", model_list.test_shape)
row("beta_namespace_gets[*]", (headers.test_beta_query_is_accepted, "list"))
row(
    "beta_namespace_gets[model-400|model-404|model-500]",
    (headers.test_beta_query_is_accepted, "retrieve"),
)
row("allowed_fallback_models_is[*]", headers.test_allowed_fallback_models)
row("compaction_is[*]", headers.test_compaction, revision=NEWEST)
row("beta_namespace_lists_less", (headers.test_beta_query_is_accepted, "list"))
row(
    "key_not_taken_as[bearer]",
    (headers.test_key_is_taken_either_way, "list"),
    (headers.test_key_is_taken_either_way, "retrieve"),
)
row("key_not_taken_as[x-api-key]", headers.test_x_api_key_is_accepted)
row("other_list_for[bearer]", (headers.test_key_is_taken_either_way, "list"))
row(
    "other_list_for[x-api-key]",
    limit.test_default,
    limit.test_minimum_is_honoured,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_before_id_undoes_after_id,
    (headers.test_key_is_taken_either_way, "list"),
)
row(
    "lower_case_bearer_only",
    (headers.test_key_is_taken_either_way, "list"),
    (headers.test_key_is_taken_either_way, "retrieve"),
)
row("retrieved_fallbacks_are_no_list", headers.test_allowed_fallback_models)
