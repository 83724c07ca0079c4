"""Rows of proxies that mix up their callers."""

from __future__ import annotations

from proxies.caller_faults import FAULTS
from proxies.rows import Table, cases, every, one

from pytest_models_contract.suite import test_proxy_callers as callers
from pytest_models_contract.suite import test_proxy_catalogue as catalogue
from pytest_models_contract.suite import test_proxy_change as change
from pytest_models_contract.suite import test_proxy_failures as failures
from pytest_models_contract.suite import test_proxy_passed_on as passed_on

row = Table(FAULTS)

row(
    "cache_knows_only[url]",
    every(callers.test_each_client_gets_its_own),
    every(callers.test_response_is_for_its_key_alone),
    one(passed_on.test_cookies_are_not_shared),
    one(passed_on.test_body_is_plain_for_those_who_ask_so),
    every(change.test_change_is_visible),
)
row(
    "cache_knows_only[x-api-key]",
    every(callers.test_each_client_gets_its_own),
    every(change.test_change_is_visible),
)
row(
    "cache_knows_only[path]",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_no_model_is_listed_twice),
    every(catalogue.test_window_is_the_upstreams),
    one(catalogue.test_has_more_is_true_of_the_page),
    every(catalogue.test_odd_id_is_listed, but="slash"),
    every(catalogue.test_odd_id_is_a_cursor),
    cases(failures.test_failure_is_no_list, "broken-json|circle|reset|refused|silent"),
    every(change.test_change_is_visible),
)
row(
    "cache_knows_only[limit]",
    every(catalogue.test_every_model_is_listed, but="1000"),
    every(catalogue.test_no_model_is_listed_twice, but="1000"),
    every(catalogue.test_window_is_the_upstreams, but="limit"),
    one(catalogue.test_has_more_is_true_of_the_page),
    every(catalogue.test_odd_id_is_a_cursor),
    one(callers.test_requests_at_once_get_their_own_responses),
    one(passed_on.test_body_is_plain_for_those_who_ask_so),
    every(change.test_change_is_visible),
)
row(
    "models_are_cached_for_all_keys",
    cases(callers.test_each_client_gets_its_own, "retrieve"),
    cases(callers.test_response_is_for_its_key_alone, "retrieve"),
    cases(change.test_change_is_visible, "retrieve"),
)
row(
    "list_is_cached_per_provider",
    cases(callers.test_each_client_gets_its_own, "list"),
    cases(callers.test_response_is_for_its_key_alone, "list"),
    one(callers.test_requests_at_once_get_their_own_responses),
    one(callers.test_who_goes_away_leaves_no_response_behind),
    cases(change.test_change_is_visible, "list"),
)
row("refusals_are_cached[401]", every(callers.test_refusal_is_nobody_elses))
row("refusals_are_cached[400]", one(callers.test_refused_beta_is_nobody_elses))
row("refusals_are_cached[404]", cases(callers.test_each_client_gets_its_own, "retrieve"))
row(
    "cache_is_asked_before_the_key_is_looked_at",
    every(callers.test_response_is_for_its_key_alone),
    one(passed_on.test_body_is_plain_for_those_who_ask_so),
    every(change.test_change_is_visible),
)
row(
    "first_key_is_used_for_all",
    every(callers.test_each_client_gets_its_own),
    every(callers.test_response_is_for_its_key_alone),
    one(callers.test_requests_at_once_get_their_own_responses),
    one(callers.test_who_goes_away_leaves_no_response_behind),
)
row(
    "key_belongs_to_the_connection",
    every(callers.test_each_client_gets_its_own),
    every(callers.test_response_is_for_its_key_alone),
)
row(
    "same_url_in_flight_is_asked_once",
    one(callers.test_requests_at_once_get_their_own_responses),
    one(callers.test_refused_beta_is_nobody_elses),
)
row("key_is_kept_in_a_global", one(callers.test_requests_at_once_get_their_own_responses))
row("answer_is_kept_in_a_global", one(callers.test_requests_at_once_get_their_own_responses))
row(
    "answers_are_handed_out_in_order_of_arrival",
    one(callers.test_requests_at_once_get_their_own_responses),
    one(callers.test_who_goes_away_leaves_no_response_behind),
    one(callers.test_refused_beta_is_nobody_elses),
)
row(
    "connection_is_taken_over",
    one(callers.test_requests_at_once_get_their_own_responses),
    one(callers.test_who_goes_away_leaves_no_response_behind),
)
row("betas_add_up", one(callers.test_refused_beta_is_nobody_elses))
row("betas_in_flight_are_merged", one(callers.test_refused_beta_is_nobody_elses))
row("cookies_are_shared[jar|kept-headers]", one(passed_on.test_cookies_are_not_shared))
