"""Rows of proxies with a catalogue of their own."""

from __future__ import annotations

from proxies.own_catalogues import FAULTS
from proxies.rows import Table, cases, every, one
from pytest_models_contract.suite import test_proxy_catalogue as catalogue
from pytest_models_contract.suite import test_proxy_failures as failures
from pytest_models_contract.suite import test_proxy_retrieve as retrieve

row = Table(FAULTS, expect="own")

row("ends_where_a_page_fails", every(failures.test_failure_of_a_later_page_is_no_end))
row(
    "own_empty_list_for_any_failure",
    every(failures.test_failure_is_no_list),
    every(failures.test_failure_of_a_later_page_is_no_end),
)
row("own_models_are_not_found_alone", one(retrieve.test_models_of_every_page_are_found))
row(
    "own_list_ignores_the_cursor",
    cases(catalogue.test_every_model_is_listed, "default"),
    cases(catalogue.test_no_model_is_listed_twice, "default"),
    cases(catalogue.test_window_is_the_upstreams, "after_id|ends"),
)
row(
    "own_order_depends_on_the_limit",
    cases(catalogue.test_every_model_is_listed, "backward"),
    cases(catalogue.test_order_is_the_upstreams, "default|100"),
    every(catalogue.test_window_is_the_upstreams),
    one(catalogue.test_has_more_is_true_of_the_page),
)
