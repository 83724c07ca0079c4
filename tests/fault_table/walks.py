"""Faults of walks through the pages."""

from __future__ import annotations

from fault_rows import Table

from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_model_list as model_list

row = Table()

row(
    "has_more_is[*]",
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_has_more_forward,
    cursors.test_has_more_backward,
)
row(
    "has_more_is[false|false-with-a-limit]",
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_walking_backward_yields_every_model_once,
    cursors.test_has_more_forward,
    cursors.test_has_more_backward,
)
row(
    "has_more_is[true-backwards]",
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_has_more_backward,
)
row(
    "has_more_is[false-backwards]",
    cursors.test_walking_backward_yields_every_model_once,
    cursors.test_has_more_backward,
)
row(
    "has_more_is[true-with-after_id]",
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_has_more_forward,
)
row(
    "has_more_is[false-with-after_id|false-without-a-cursor]",
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_has_more_forward,
)
row(
    "has_more_is[false-without-a-limit]",
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_has_more_forward,
    cursors.test_has_more_backward,
)
row("has_more_wrong_at_exact_multiples[*]", cursors.test_has_more_forward)
row("has_more_wrong_at_exact_multiples[backwards]", cursors.test_has_more_backward)
row("has_more_needs_two_more[*]", cursors.test_has_more_forward)
row("has_more_needs_two_more[backwards]", cursors.test_has_more_backward)
row("has_more_of_the_other_direction", cursors.test_has_more_backward)
row(
    "has_more_false_on_page_two",
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_has_more_forward,
)
row(
    "has_more_counts_the_whole_list",
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_has_more_forward,
    cursors.test_has_more_backward,
)
row(
    "more_forever_and_no_cursor",
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_after_the_last_model_the_page_is_empty,
    cursors.test_before_the_first_model_the_page_is_empty,
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_walking_backward_yields_every_model_once,
    cursors.test_has_more_forward,
    diagnoses=2,
)
row("more_but_no[last_id]", model_list.test_last_id)
row("more_but_no[first_id]", model_list.test_first_id)
row("beyond_the_end[*]", cursors.test_after_the_last_model_the_page_is_empty)
row(
    "beyond_the_end[before-first-400|before-first-404|before-first-500]",
    cursors.test_before_the_first_model_the_page_is_empty,
)
row("first_page_again[after-last]", cursors.test_after_the_last_model_the_page_is_empty)
row(
    "first_page_again[before-first]",
    cursors.test_before_the_first_model_the_page_is_empty,
)
row("last_page_again[after-last]", cursors.test_after_the_last_model_the_page_is_empty)
row("last_page_again[before-first]", cursors.test_before_the_first_model_the_page_is_empty)
row("empty_page_has_more[after-last]", cursors.test_after_the_last_model_the_page_is_empty)
row("empty_page_has_more[before-first]", cursors.test_before_the_first_model_the_page_is_empty)
row("empty_page_keeps_the_cursor[*]", model_list.test_first_id, model_list.test_last_id)
row("late_cursor_is_forgotten[after]", cursors.test_after_id_starts_after_the_cursor)
row(
    "late_cursor_is_forgotten[before]",
    cursors.test_before_id_ends_before_the_cursor,
)
