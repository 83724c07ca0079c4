"""Faults of request variants only."""

from __future__ import annotations

from fault_rows import Advice, Table

from fault_table.kit import ALIAS
from pytest_models_contract.suite import test_errors as errors
from pytest_models_contract.suite import test_headers as headers

row = Table()

row("renamed_for[beta-query-list]", Advice((headers.test_beta_query_is_accepted, "list")))
row("renamed_for[beta-query-model]", Advice((headers.test_beta_query_is_accepted, "retrieve")))
row("renamed_for[betas-list]", because="a beta may change what is said of a model")
row("renamed_for[betas-model]", Advice(headers.test_betas_are_accepted_on_retrieve))
row("renamed_for[newer-version-list]", (headers.test_newer_version_is_answered_the_same, "list"))
row(
    "renamed_for[newer-version-model]",
    (headers.test_newer_version_is_answered_the_same, "retrieve"),
)
row("renamed_for[bearer-list]", (headers.test_key_is_taken_either_way, "list"))
row("renamed_for[bearer-model]", (headers.test_key_is_taken_either_way, "retrieve"))
row("undated_for[beta-query-list]", (headers.test_beta_query_is_accepted, "list"))
row("undated_for[beta-query-model]", (headers.test_beta_query_is_accepted, "retrieve"))
row(
    "undated_for[betas-list]",
    headers.test_betas_are_accepted,
    (errors.test_odd_question_is_no_server_error, "empty_beta"),
)
row("undated_for[betas-model]", headers.test_betas_are_accepted_on_retrieve)
row("undated_for[newer-version-list]", (headers.test_newer_version_is_answered_the_same, "list"))
row(
    "undated_for[newer-version-model]",
    (headers.test_newer_version_is_answered_the_same, "retrieve"),
)
row("undated_for[bearer-list]", (headers.test_key_is_taken_either_way, "list"))
row("undated_for[bearer-model]", (headers.test_key_is_taken_either_way, "retrieve"))
row(
    "envelope_is_spoiled_for[beta-query-null-cursors|beta-query-no-has_more]",
    (headers.test_beta_query_is_accepted, "list"),
)
row(
    "envelope_is_spoiled_for[newer-version-null-cursors|newer-version-no-has_more]",
    (headers.test_newer_version_is_answered_the_same, "list"),
)
row(
    "envelope_is_spoiled_for[bearer-null-cursors|bearer-no-has_more]",
    (headers.test_key_is_taken_either_way, "list"),
)
row(
    "model_refused_for[newer-version]",
    (headers.test_newer_version_is_answered_the_same, "retrieve"),
)
row("model_refused_for[bearer]", (headers.test_key_is_taken_either_way, "retrieve"))
row("wrong_bearer_let_in_on_retrieve", (errors.test_retrieve_wants_the_key, "wrong_key"))
row(
    "parameter_is_forgotten_for[beta-query-limit|beta-query-cursor]",
    (headers.test_beta_query_is_accepted, "list"),
)
row("parameter_is_forgotten_for[betas-limit|betas-cursor]", headers.test_betas_keep_the_list)
row(
    "parameter_is_forgotten_for[newer-version-limit|newer-version-cursor]",
    (headers.test_newer_version_is_answered_the_same, "list"),
)
row(
    "parameter_is_forgotten_for[bearer-limit|bearer-cursor]",
    (headers.test_key_is_taken_either_way, "list"),
)
row("newest_sdk_is_refused", (headers.test_newer_version_is_answered_the_same, "list"))
row("has_more_turns_for_betas", headers.test_betas_keep_the_list)
row("large_list_is_slow_for_a_bearer", because="a client's patience is not everybody's")
row("ids_hide_their_maker", ALIAS)
row("head_gets_405", because="only a client that sends HEAD notices")
