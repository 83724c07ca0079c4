"""Faults of cursors, and the checks that catch them."""

from __future__ import annotations

from fault_rows import NEWEST, Table

from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_errors as errors
from pytest_models_contract.suite import test_headers as headers
from pytest_models_contract.suite import test_lifecycle as lifecycle
from pytest_models_contract.suite import test_limit as limit
from pytest_models_contract.suite import test_model_list as model_list

row = Table()

ONE_TIE = [
    {"id": f"claude-{n}", "created_at": f"2026-01-{28 - (4 if n == 5 else n):02d}T00:00:00Z"}
    for n in range(27)
]
"""The models at the places 4 and 5 have the same date."""

row(
    "cursor_ignored[after_id]",
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_walking_forward_yields_every_model_once,
)
row(
    "cursor_ignored[before_id]",
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_walking_backward_yields_every_model_once,
)
row(
    "both_cursors_ignored",
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_walking_backward_yields_every_model_once,
)
row(
    "cursor_inclusive[after_id]",
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_walking_forward_yields_every_model_once,
)
row(
    "cursor_inclusive[before_id]",
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_walking_backward_yields_every_model_once,
    cursors.test_before_id_undoes_after_id,
)
row(
    "before_gives_the_first_models[always|with-a-limit]",
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_walking_backward_yields_every_model_once,
)
row(
    "before_gives_the_first_models[without-a-limit]",
    cursors.test_before_id_ends_before_the_cursor,
)
row(
    "before_means_after",
    limit.test_default,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_walking_backward_yields_every_model_once,
    cursors.test_before_id_undoes_after_id,
)
row(
    "after_means_before",
    limit.test_default,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_walking_forward_yields_every_model_once,
)
row(
    "after_skips_a_model",
    limit.test_default,
    limit.test_minimum_is_honoured,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_before_id_undoes_after_id,
)
row(
    "before_skips_a_model",
    limit.test_default,
    limit.test_minimum_is_honoured,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_walking_backward_yields_every_model_once,
    cursors.test_before_id_undoes_after_id,
)
row(
    "page_border_repeats_a_model",
    limit.test_default,
    limit.test_minimum_is_honoured,
    limit.test_page_is_never_longer_than_limit,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_walking_forward_yields_every_model_once,
)
row(
    "list_lacks[*]",
    (lifecycle.test_stage_lists_its_models_alone, "deprecated"),
    (lifecycle.test_several_stages_list_the_models_of_each, "active+retired"),
    (lifecycle.test_several_stages_list_the_models_of_each, "active+deprecated+retired"),
    revision=NEWEST,
)
row(
    "cursors_are_offsets",
    model_list.test_first_id,
    model_list.test_last_id,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_walking_backward_yields_every_model_once,
)
row(
    "cursor_must_be_on_page_one[after]",
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
)
row(
    "cursor_must_be_on_page_one[before]",
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_walking_backward_yields_every_model_once,
    cursors.test_before_id_undoes_after_id,
)
row(
    "cursor_needs_a_limit[after_id]",
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_walking_forward_yields_every_model_once,
)
row(
    "cursor_needs_a_limit[before_id]",
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_before_the_first_model_the_page_is_empty,
)
row(
    "unknown_cursor_crashes",
    (cursors.test_unknown_cursor_is_no_server_error, "after_id"),
    (cursors.test_unknown_cursor_is_no_server_error, "before_id"),
    (errors.test_odd_question_is_no_server_error, "empty_cursor"),
    (errors.test_odd_question_is_no_server_error, "odd_cursor"),
)
row(
    "both_cursors_crash",
    cursors.test_both_cursors_are_no_server_error,
    (errors.test_odd_question_is_no_server_error, "crossed_cursors"),
)
row(
    "after_goes_by_date[strictly]",
    cursors.test_after_id_starts_after_the_cursor,
    models=ONE_TIE,
)
row(
    "after_goes_by_date[with-ties]",
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_walking_forward_yields_every_model_once,
)
row(
    "before_goes_by_date[strictly]",
    cursors.test_before_id_ends_before_the_cursor,
    models=ONE_TIE,
)
row(
    "before_goes_by_date[with-ties]",
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_walking_backward_yields_every_model_once,
    cursors.test_before_id_undoes_after_id,
)
row(
    "before_wraps_around",
    limit.test_page_is_never_shorter_while_more_exist,
    cursors.test_walking_backward_yields_every_model_once,
)
row(
    "large_limit_forgets_after_id[*]",
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
)
row(
    "cursors_advance_by_themselves",
    limit.test_default,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_repeating_a_request_repeats_the_answer,
    (headers.test_beta_query_is_accepted, "list"),
    (headers.test_newer_version_is_answered_the_same, "list"),
    (headers.test_key_is_taken_either_way, "list"),
    headers.test_betas_keep_the_list,
    cursors.test_before_id_undoes_after_id,
)
row(
    "odd_cursor_gets_half_a_page[unknown]",
    (cursors.test_unknown_cursor_is_no_server_error, "after_id"),
    (cursors.test_unknown_cursor_is_no_server_error, "before_id"),
    (errors.test_odd_question_is_no_server_error, "empty_cursor"),
    (errors.test_odd_question_is_no_server_error, "odd_cursor"),
)
row(
    "odd_cursor_gets_half_a_page[both]",
    cursors.test_both_cursors_are_no_server_error,
    (errors.test_odd_question_is_no_server_error, "crossed_cursors"),
)
