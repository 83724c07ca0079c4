"""Rows of proxies that keep what they should not."""

from __future__ import annotations

from proxies.cache_faults import FAULTS
from proxies.rows import Table, cases, every, one
from pytest_models_contract.suite import test_proxy_callers as callers
from pytest_models_contract.suite import test_proxy_catalogue as catalogue
from pytest_models_contract.suite import test_proxy_change as change
from pytest_models_contract.suite import test_proxy_failures as failures
from pytest_models_contract.suite import test_proxy_models as models
from pytest_models_contract.suite import test_proxy_passed_on as passed_on
from pytest_models_contract.suite import test_proxy_retrieve as retrieve

row = Table(FAULTS)
NO_ANSWER = "cut-length|cut-chunks|reset|silent"
LOST = f"500|502|503|529|web-page|broken-json|circle|{NO_ANSWER}"

row(
    "cache_knows_only[url]",
    one(failures.test_failure_brings_no_response_of_another_client),
    every(callers.test_each_client_gets_its_own),
    one(callers.test_requests_at_once_get_their_own_responses),
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
    "cache_knows_only[key-beginning]",
    one(failures.test_failure_brings_no_response_of_another_client),
    every(callers.test_each_client_gets_its_own),
    one(callers.test_requests_at_once_get_their_own_responses),
    one(passed_on.test_cookies_are_not_shared),
    every(change.test_change_is_visible),
)
row(
    "cache_knows_only[lower-case-url]",
    cases(catalogue.test_odd_id_is_a_cursor, "upper-case"),
    cases(retrieve.test_odd_id_is_found, "upper-case"),
    every(change.test_change_is_visible),
    diagnoses=3,
)
row(
    "cache_knows_only[paging]",
    every(models.test_what_the_beta_query_adds_is_passed_on),
    every(change.test_change_is_visible),
    diagnoses=2,
)
row(
    "cache_knows_only[path]",
    every(catalogue.test_every_model_is_listed),
    every(catalogue.test_no_model_is_listed_twice),
    every(catalogue.test_window_is_the_upstreams),
    one(catalogue.test_has_more_is_true_of_the_page),
    every(catalogue.test_odd_id_is_listed, but="slash"),
    every(catalogue.test_odd_id_is_a_cursor),
    every(models.test_what_the_beta_query_adds_is_passed_on),
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
    every(models.test_what_the_beta_query_adds_is_passed_on),
    every(change.test_change_is_visible),
    diagnoses=2,
)
row(
    "models_are_cached_for_all_keys",
    one(failures.test_failure_brings_no_response_of_another_client),
    cases(callers.test_each_client_gets_its_own, "retrieve"),
    one(callers.test_requests_at_once_get_their_own_responses),
    cases(callers.test_response_is_for_its_key_alone, "retrieve"),
    cases(models.test_what_the_beta_query_adds_is_passed_on, "retrieve"),
    cases(change.test_change_is_visible, "retrieve"),
)
row(
    "list_is_cached_per_provider",
    one(failures.test_failure_brings_no_response_of_another_client),
    cases(callers.test_each_client_gets_its_own, "list"),
    cases(callers.test_response_is_for_its_key_alone, "list"),
    one(callers.test_requests_at_once_get_their_own_responses),
    one(callers.test_who_goes_away_leaves_no_response_behind),
    cases(models.test_what_the_beta_query_adds_is_passed_on, "list"),
    cases(change.test_change_is_visible, "list"),
)
row(
    "refusals_are_cached[401]",
    every(callers.test_refusal_is_nobody_elses),
    cases(failures.test_server_is_back_after, "401"),
    diagnoses=2,
)
row(
    "refusals_are_cached[400]",
    one(callers.test_refused_beta_is_nobody_elses),
    cases(failures.test_server_is_back_after, "400"),
    diagnoses=2,
)
row(
    "refusals_are_cached[404]",
    cases(callers.test_each_client_gets_its_own, "retrieve"),
    cases(failures.test_server_is_back_after, "404"),
    diagnoses=2,
)
row(
    "cache_is_asked_before_the_key_is_looked_at",
    every(callers.test_response_is_for_its_key_alone),
    one(passed_on.test_body_is_plain_for_those_who_ask_so),
    every(change.test_change_is_visible),
)
# After a dozen restarts the server is not brought back.
row(
    "partial_list_is_kept",
    every(failures.test_failure_of_a_later_page_is_no_end, but="circle|reset|silent"),
    every(failures.test_server_is_back_after, but="circle|reset|refused|silent"),
)
row(
    "failures_are_kept",
    cases(failures.test_failure_is_no_list, f"500|502|503|529|{NO_ANSWER}|refused"),
    cases(failures.test_failure_of_a_later_page_is_no_end, "500|502|503|529"),
    cases(failures.test_server_is_back_after, f"500|502|503|529|{NO_ANSWER}|refused"),
)
row("failures_are_cached[any]", every(failures.test_server_is_back_after))
row("failures_are_cached[200]", cases(failures.test_server_is_back_after, "web-page|broken-json"))
row(
    "change_is_not_seen[list]",
    cases(change.test_change_is_visible, "list"),
    one(passed_on.test_body_is_plain_for_those_who_ask_so),
    diagnoses=2,
)
row("change_is_not_seen[model]", cases(change.test_change_is_visible, "retrieve"))
row(
    "whole_list_is_kept_for_good",
    cases(failures.test_failure_is_no_list, f"{LOST}|refused"),
    cases(failures.test_failure_of_a_later_page_is_no_end, LOST),
    cases(models.test_what_the_beta_query_adds_is_passed_on, "list"),
    cases(change.test_change_is_visible, "list"),
    diagnoses=3,
)
row("old_answers_stand_in_for[refusals]", every(callers.test_response_is_for_its_key_alone))
row(
    "old_answers_stand_in_for[failures]",
    one(failures.test_failure_brings_no_response_of_another_client),
)
