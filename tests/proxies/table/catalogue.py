"""Rows of proxies that lose, add, repeat or move models."""

from __future__ import annotations

from proxies.catalogue_faults import FAULTS
from proxies.rows import Table, cases, every, one
from pytest_models_contract.suite import test_proxy_catalogue as catalogue
from pytest_models_contract.suite import test_proxy_models as models

row = Table(FAULTS)

row(
    "first_upstream_page_alone[20]",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_window_is_the_upstreams),
    one(catalogue.test_has_more_is_true_of_the_page),
    every(catalogue.test_odd_id_is_listed, but="slash"),
    every(catalogue.test_odd_id_is_a_cursor, but="slash"),
)
row(
    "first_upstream_page_alone[100]",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_window_is_the_upstreams),
    one(catalogue.test_has_more_is_true_of_the_page),
)
row(
    "first_upstream_page_alone[1000]",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_window_is_the_upstreams, but="limit"),
    one(catalogue.test_has_more_is_true_of_the_page),
    cases(catalogue.test_odd_id_is_listed, "non-ascii|upper-case"),
    cases(catalogue.test_odd_id_is_a_cursor, "non-ascii|upper-case"),
    large=True,
)
row(
    "pages_overlap",
    every(catalogue.test_no_model_is_listed_twice),
    every(catalogue.test_window_is_the_upstreams, but="ends"),
)
row(
    "first_of_each_later_page_is_lost",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_window_is_the_upstreams, but="ends"),
)
row(
    "models_without_capabilities_are_left_out",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_window_is_the_upstreams),
    cases(catalogue.test_odd_id_is_listed, "colon|plus|space"),
    cases(catalogue.test_odd_id_is_a_cursor, "colon|percent|plus|space|non-ascii"),
)
row(
    "models_of_one_name_are_one",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_window_is_the_upstreams, but="ends"),
    cases(catalogue.test_odd_id_is_a_cursor, "plus"),
)
row(
    "older_half_is_left_out",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_window_is_the_upstreams),
    one(catalogue.test_has_more_is_true_of_the_page),
    cases(catalogue.test_odd_id_is_listed, "space|non-ascii|upper-case"),
    cases(catalogue.test_odd_id_is_a_cursor, "space|non-ascii|upper-case"),
)
row(
    "models_of_its_own_are_added",
    every(catalogue.test_no_other_model_is_listed, but="backward"),
    cases(catalogue.test_window_is_the_upstreams, "limit|ends"),
    one(catalogue.test_has_more_is_true_of_the_page),
)
row(
    "sorted_by[id|name]",
    every(catalogue.test_order_is_the_upstreams),
    every(catalogue.test_window_is_the_upstreams),
    every(catalogue.test_odd_id_is_a_cursor),
)
row(
    "sorted_by[created_at]",
    every(catalogue.test_order_is_the_upstreams),
    every(catalogue.test_window_is_the_upstreams),
    one(catalogue.test_has_more_is_true_of_the_page),
    every(catalogue.test_odd_id_is_a_cursor),
)
row(
    "ties_are_turned_round",
    every(catalogue.test_order_is_the_upstreams),
    every(catalogue.test_window_is_the_upstreams),
    every(catalogue.test_odd_id_is_a_cursor),
)
row(
    "page_is_turned_round",
    every(catalogue.test_every_model_is_listed, but="1000"),
    cases(catalogue.test_no_model_is_listed_twice, "default|100"),
    every(catalogue.test_order_is_the_upstreams, but="backward"),
    every(catalogue.test_window_is_the_upstreams),
    one(catalogue.test_first_and_last_id_are_those_of_the_page),
    every(catalogue.test_odd_id_is_a_cursor),
)
row(
    "case_makes_no_difference",
    every(catalogue.test_order_is_the_upstreams),
    every(catalogue.test_window_is_the_upstreams, but="ends"),
    cases(catalogue.test_odd_id_is_listed, "upper-case"),
    cases(catalogue.test_odd_id_is_a_cursor, "upper-case"),
)
row(
    "has_more_is_always[false]",
    every(catalogue.test_every_model_is_listed, but="1000"),
    one(catalogue.test_has_more_is_true_of_the_page),
)
row("has_more_is_always[true]", one(catalogue.test_has_more_is_true_of_the_page))
row(
    "has_more_is_that_of_the_upstreams_page",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_window_is_the_upstreams, but="ends"),
    one(catalogue.test_has_more_is_true_of_the_page),
    every(catalogue.test_odd_id_is_listed, but="slash"),
)
row("end_is_null[first_id|last_id]", one(catalogue.test_first_and_last_id_are_those_of_the_page))
row("ends_are_those_of_the_list", one(catalogue.test_first_and_last_id_are_those_of_the_page))
row(
    "query_is_dropped",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_no_model_is_listed_twice),
    every(catalogue.test_window_is_the_upstreams),
    one(catalogue.test_has_more_is_true_of_the_page),
    every(catalogue.test_odd_id_is_listed, but="slash"),
    every(catalogue.test_odd_id_is_a_cursor),
    every(models.test_what_the_beta_query_adds_is_passed_on),
    diagnoses=2,
)
row(
    "parameter_is_dropped[limit]",
    every(catalogue.test_every_model_is_listed, but="default"),
    every(catalogue.test_window_is_the_upstreams),
    cases(catalogue.test_odd_id_is_listed, "plus|space|non-ascii|upper-case"),
    every(catalogue.test_odd_id_is_a_cursor),
)
row(
    "parameter_is_dropped[after_id]",
    cases(catalogue.test_every_model_is_listed, "default|100"),
    cases(catalogue.test_no_model_is_listed_twice, "default|100"),
    cases(catalogue.test_window_is_the_upstreams, "after_id|ends"),
    every(catalogue.test_odd_id_is_a_cursor),
)
row(
    "parameter_is_dropped[before_id]",
    cases(catalogue.test_every_model_is_listed, "backward"),
    cases(catalogue.test_no_model_is_listed_twice, "backward"),
    cases(catalogue.test_window_is_the_upstreams, "before_id|ends"),
    one(catalogue.test_has_more_is_true_of_the_page),
    every(catalogue.test_odd_id_is_a_cursor, but="slash"),
)
row("limit_is_cut_to_100", cases(catalogue.test_window_is_the_upstreams, "limit"))
row("default_limit_is_another", every(catalogue.test_window_is_the_upstreams, but="ends"))
row(
    "page_size_is_changed_without_merging",
    every(catalogue.test_window_is_the_upstreams),
    every(catalogue.test_odd_id_is_a_cursor),
)
row(
    "before_id_goes_forward",
    cases(catalogue.test_every_model_is_listed, "backward"),
    cases(catalogue.test_window_is_the_upstreams, "before_id|ends"),
    every(catalogue.test_odd_id_is_a_cursor),
)
row(
    "window_begins_with_the_cursor",
    cases(catalogue.test_no_model_is_listed_twice, "default|100"),
    cases(catalogue.test_window_is_the_upstreams, "after_id|ends"),
    every(catalogue.test_odd_id_is_a_cursor),
)
row(
    "before_id_gives_the_first_page",
    cases(catalogue.test_every_model_is_listed, "backward"),
    cases(catalogue.test_window_is_the_upstreams, "before_id|ends"),
    one(catalogue.test_has_more_is_true_of_the_page),
    every(catalogue.test_odd_id_is_a_cursor, but="slash"),
)
row("end_of_the_list_is_an_error", cases(catalogue.test_window_is_the_upstreams, "before_id|ends"))
