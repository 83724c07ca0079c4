"""Rows of proxies that mix up their callers."""

from __future__ import annotations

from proxies.caller_faults import FAULTS
from proxies.rows import Table, every, one
from pytest_models_contract.suite import test_proxy_callers as callers
from pytest_models_contract.suite import test_proxy_passed_on as passed_on

row = Table(FAULTS)

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
row(
    "same_model_in_flight_is_asked_once",
    one(callers.test_requests_at_once_get_their_own_responses),
)
row("key_is_kept_in_a_global", one(callers.test_requests_at_once_get_their_own_responses))
row("answer_is_kept_in_a_global", one(callers.test_requests_at_once_get_their_own_responses))
row("refusal_is_kept_in_a_global", one(callers.test_refused_beta_is_nobody_elses))
row(
    "answers_go_to_the_next_one_who_waits",
    one(callers.test_requests_at_once_get_their_own_responses),
    one(callers.test_who_goes_away_leaves_no_response_behind),
    one(callers.test_refused_beta_is_nobody_elses),
)
row("connection_is_taken_over", one(callers.test_who_goes_away_leaves_no_response_behind))
row("wrong_key_stops_everybody", one(callers.test_wrong_key_stops_nobody_else))
row("betas_add_up", one(callers.test_refused_beta_is_nobody_elses))
row("betas_in_flight_are_merged", one(callers.test_refused_beta_is_nobody_elses))
row("cookies_are_shared[jar|kept-headers]", one(passed_on.test_cookies_are_not_shared))
