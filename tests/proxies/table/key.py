"""Rows of proxies that show keys."""

from __future__ import annotations

from proxies.key_faults import FAULTS
from proxies.rows import Table, advice, cases, every, one
from pytest_models_contract.suite import test_proxy_callers as callers
from pytest_models_contract.suite import test_proxy_change as change
from pytest_models_contract.suite import test_proxy_failures as failures
from pytest_models_contract.suite import test_proxy_keys as keys

row = Table(FAULTS)

row(
    "own_key_in[header|bearer-header|encoded-header|encoded-body|envelope]",
    one(keys.test_no_response_shows_the_servers_key),
    one(keys.test_no_refusal_of_the_upstream_shows_the_servers_key),
    one(failures.test_no_failure_shows_the_servers_key),
)
row("own_key_shown_as[both-ends|sha-256]", advice(one(keys.test_no_response_shows_the_servers_key)))
row("own_key_in_refusals", one(keys.test_no_refusal_of_the_upstream_shows_the_servers_key))
row("own_key_in_errors[broken|unreachable]", one(failures.test_no_failure_shows_the_servers_key))
row(
    "clients_key_in[header]",
    every(keys.test_no_response_shows_a_clients_key),
    one(failures.test_no_failure_shows_a_clients_key),
)
row(
    "clients_key_in[error]",
    every(keys.test_no_response_shows_a_clients_key),
    one(failures.test_no_failure_shows_a_clients_key),
    cases(failures.test_error_object_is_passed_on, "400|401|403|404|429|529"),
    one(failures.test_retry_after_is_passed_on),
    diagnoses=2,
)
row(
    "clients_key_upstream_in[authorization|forwarded|basic|cookie]",
    one(keys.test_no_clients_key_reaches_the_upstream),
    one(failures.test_no_failure_brings_a_clients_key_upstream),
)
row(
    "clients_key_upstream_in[x-api-key]",
    one(keys.test_no_clients_key_reaches_the_upstream),
    one(failures.test_no_failure_brings_a_clients_key_upstream),
    cases(change.test_change_is_visible, "retrieve"),
    diagnoses=2,
)
row(
    "clients_key_upstream_in[query]",
    one(keys.test_no_clients_key_reaches_the_upstream),
    one(failures.test_no_failure_shows_a_clients_key),
    one(failures.test_no_failure_brings_a_clients_key_upstream),
    diagnoses=2,
)
row(
    "clients_key_is_tried_where_its_own_fails",
    one(keys.test_no_clients_key_reaches_the_upstream),
    one(failures.test_no_failure_brings_a_clients_key_upstream),
)
row("bearer_token_goes_along", one(keys.test_no_clients_key_reaches_the_upstream))
row("keys_follow_redirects", every(keys.test_no_key_follows_a_redirect))
row("x_api_key_follows_redirects", every(keys.test_no_key_follows_a_redirect))
row("keys_follow_to_another_port", cases(keys.test_no_key_follows_a_redirect, "port"))
row("own_key_follows_redirects", every(keys.test_no_key_follows_a_redirect))
row("bearers_are_served_with_its_own_key", every(callers.test_each_client_gets_its_own))
