"""Faults of stability."""

from __future__ import annotations

from fault_rows import Table

from fault_table.kit import prop
from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_headers as headers
from pytest_models_contract.suite import test_model_list as model_list
from pytest_models_contract.suite import test_retrieve as retrieve

row = Table()

row("second_answer_is[*]", cursors.test_repeating_a_request_repeats_the_answer)
row("one_model_less_in_the[*]", cursors.test_repeating_a_request_repeats_the_answer)
row(
    "second_answer_turns_has_more",
    cursors.test_repeating_a_request_repeats_the_answer,
    cursors.test_requests_at_the_same_moment_get_their_own_answers,
)
row(
    "second_answer_is_refused",
    cursors.test_repeating_a_request_repeats_the_answer,
    cursors.test_requests_at_the_same_moment_get_their_own_answers,
)
row(
    "second_retrieve_is[*]",
    cursors.test_repeating_a_request_repeats_the_answer,
    cursors.test_requests_at_the_same_moment_get_their_own_answers,
)
row("retrieved_models_come_first", cursors.test_repeating_a_request_repeats_the_answer)
row(
    "concurrent_answers_mixed_up",
    cursors.test_requests_at_the_same_moment_get_their_own_answers,
    headers.test_request_id_is_never_the_same,
)
row(
    "concurrent_retrieves_mixed_up",
    cursors.test_requests_at_the_same_moment_get_their_own_answers,
    headers.test_request_id_is_never_the_same,
)
row("model_differs_with[*]", model_list.test_a_model_is_the_same_on_every_page)
row(
    "model_differs_with[limit-over-99]",
    model_list.test_a_model_is_the_same_on_every_page,
    retrieve.test_model_equals_its_list_entry,
)
row(
    "models_beyond_a_cursor_lack[type]",
    model_list.test_a_model_is_the_same_on_every_page,
    prop("type"),
)
row(
    "models_beyond_a_cursor_lack[created_at]",
    model_list.test_a_model_is_the_same_on_every_page,
    prop("created_at"),
)
row(
    "models_beyond_a_cursor_lack[capabilities]",
    model_list.test_a_model_is_the_same_on_every_page,
    prop("capabilities"),
)
row(
    "created_at_is_now",
    cursors.test_repeating_a_request_repeats_the_answer,
)
row("each_list_is[*]", cursors.test_repeating_a_request_repeats_the_answer)
row("each_answer_has_another[*]", cursors.test_repeating_a_request_repeats_the_answer)
row(
    "list_is_remembered_for_every_key",
    headers.test_another_key_changes_nothing,
    second_key="sk-of-another-client",
)
