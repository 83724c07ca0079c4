"""Faults of list responses."""

from __future__ import annotations

from fault_rows import Table

from fault_table.kit import prop
from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_errors as errors
from pytest_models_contract.suite import test_model_list as model_list
from pytest_models_contract.suite import test_retrieve as retrieve

row = Table()

row("list_status_is[*]", model_list.test_status)
row("list_status_is[204]", model_list.test_status, model_list.test_strict_json)
row(
    "list_status_is[500]",
    model_list.test_status,
    (errors.test_odd_question_is_no_server_error, "unknown_parameter"),
    (errors.test_odd_question_is_no_server_error, "no_version"),
    (errors.test_odd_question_is_no_server_error, "empty_beta"),
)
row("list_status_is[503]", because="not judged")
row("list_content_type_is[*]", model_list.test_content_type)
row("list_body_is[*]", model_list.test_strict_json)
row(
    "list_body_is[invalid-utf8]",
    model_list.test_strict_json,
    model_list.test_a_model_is_the_same_on_every_page,
    retrieve.test_model_equals_its_list_entry,
)
row("late_model_has_a_key_twice", model_list.test_strict_json)
row("envelope_key_absent[data]", model_list.test_data)
row("envelope_key_absent[has_more]", model_list.test_has_more)
row("envelope_key_absent[first_id]", model_list.test_first_id)
row("envelope_key_absent[last_id]", model_list.test_last_id)
row("envelope_is[data-null|data-string|data-of-ids|data-of-null]", model_list.test_data)
row("envelope_is[has_more-string]", model_list.test_has_more)
row(
    "envelope_is[has_more-int|has_more-null]",
    model_list.test_has_more,
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_walking_backward_yields_every_model_once,
)
row("envelope_is[*]", model_list.test_first_id)
row(
    "envelope_is[last_id-null|last_id-int|last_id-placeholder|last_id-empty]",
    model_list.test_last_id,
)
row(
    "envelope_is[placeholders]",
    model_list.test_first_id,
    model_list.test_last_id,
    cursors.test_has_more_forward,
    cursors.test_has_more_backward,
)
row("data_is_an_object", model_list.test_data)
row("empty_page_is[*]", model_list.test_first_id, model_list.test_last_id)
row("empty_page_is[null-data]", model_list.test_data)
row("empty_catalogue_is[has_more]", cursors.test_has_more_forward, models=0)
row("empty_catalogue_is[null-data]", model_list.test_data, models=0)
row(
    "empty_catalogue_is[empty-string-cursors]",
    model_list.test_first_id,
    model_list.test_last_id,
    models=0,
)
row(
    "empty_catalogue_is[404]",
    model_list.test_status,
    errors.test_body_is_an_error_object,
    models=0,
)
row(
    "empty_catalogue_is[500]",
    model_list.test_status,
    (errors.test_odd_question_is_no_server_error, "unknown_parameter"),
    (errors.test_odd_question_is_no_server_error, "no_version"),
    (errors.test_odd_question_is_no_server_error, "empty_beta"),
    models=0,
)
row("empty_page_lacks_cursors", model_list.test_first_id, model_list.test_last_id)
row("first_and_last_id_swapped", model_list.test_first_id, model_list.test_last_id)
row("first_id_of_the_catalogue", model_list.test_first_id)
row("last_id_of_the_catalogue", model_list.test_last_id)
row("cursors_are_display_names", model_list.test_first_id, model_list.test_last_id)
row("late_model_is_listed_again[everywhere]", model_list.test_ids_are_unique_on_a_page)
row(
    "late_model_is_listed_again[beyond-a-cursor]",
    model_list.test_ids_are_unique_in_the_catalogue,
    model_list.test_a_model_is_the_same_on_every_page,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_walking_backward_yields_every_model_once,
    models=1100,
)
row("list_shape_is[*]", model_list.test_shape)
row(
    "list_shape_is[openai-in-envelope]",
    prop("capabilities"),
    prop("created_at"),
    prop("display_name"),
    prop("max_input_tokens"),
    prop("max_tokens"),
    prop("type"),
    retrieve.test_model_equals_its_list_entry,
)
row("list_shape_is[ids]", model_list.test_data)
row("list_redirects[*]", model_list.test_status)
