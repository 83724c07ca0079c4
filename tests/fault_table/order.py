"""Faults of the order of the list."""

from __future__ import annotations

from fault_rows import Table

from pytest_models_contract.fake.faults.order import UNLISTED
from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_limit as limit
from pytest_models_contract.suite import test_order as order
from pytest_models_contract.suite import test_retrieve as retrieve

row = Table()

row("order_is[*]", order.test_newest_first)
row(
    "page_is_oldest_first",
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
)
row(
    "page_before_is_oldest_first",
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_walking_backward_yields_every_model_once,
    cursors.test_before_id_undoes_after_id,
)
row("dates_sorted_as_text", order.test_newest_first)
row(
    "a_model_is_not_listed",
    (retrieve.test_expected_model_is_listed_and_found, UNLISTED),
    expected=[UNLISTED],
)
