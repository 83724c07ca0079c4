"""Rows of proxies that change ids on their way."""

from __future__ import annotations

from proxies.id_faults import FAULTS
from proxies.rows import Table, cases, every, one
from pytest_models_contract.suite import test_proxy_callers as callers
from pytest_models_contract.suite import test_proxy_catalogue as catalogue
from pytest_models_contract.suite import test_proxy_change as change
from pytest_models_contract.suite import test_proxy_failures as failures
from pytest_models_contract.suite import test_proxy_models as models
from pytest_models_contract.suite import test_proxy_retrieve as retrieve

row = Table(FAULTS)

row("path_is[decoded]", cases(retrieve.test_odd_id_is_found, "slash"))
row("path_is[decoded-twice]", cases(retrieve.test_odd_id_is_found, "percent"))
row("path_is[encoded-twice]", every(retrieve.test_odd_id_is_found, but="upper-case"))
row("path_is[plus-is-space]", cases(retrieve.test_odd_id_is_found, "percent|plus"))
row("path_is[latin-1]", cases(retrieve.test_odd_id_is_found, "non-ascii"))
row("path_is[lower-case]", cases(retrieve.test_odd_id_is_found, "upper-case"))
row("path_is[before-colon]", cases(retrieve.test_odd_id_is_found, "colon"))
row("path_is[after-at]", cases(retrieve.test_odd_id_is_found, "at"))
row("path_is[stripped]", cases(retrieve.test_odd_id_is_found, "space"))
row("cursor_is[plus-is-space]", cases(catalogue.test_odd_id_is_a_cursor, "plus"))
row("cursor_is[decoded-twice]", cases(catalogue.test_odd_id_is_a_cursor, "percent"))
row("cursor_is[encoded-twice]", every(catalogue.test_odd_id_is_a_cursor, but="upper-case"))
row("cursor_is[lower-case]", cases(catalogue.test_odd_id_is_a_cursor, "upper-case"))
row("cursor_is[ascii]", cases(catalogue.test_odd_id_is_a_cursor, "non-ascii"))
row("cursor_is[after-at]", cases(catalogue.test_odd_id_is_a_cursor, "at"))
row("cursor_is[after-slash]", cases(catalogue.test_odd_id_is_a_cursor, "slash"))
row("cursor_is[after-colon]", cases(catalogue.test_odd_id_is_a_cursor, "colon"))
row("cursor_is[no-space]", cases(catalogue.test_odd_id_is_a_cursor, "space"))
row(
    "listed_id_is[lower-case]",
    every(catalogue.test_no_model_is_listed_twice),
    every(catalogue.test_order_is_the_upstreams),
    every(catalogue.test_window_is_the_upstreams, but="ends"),
    cases(catalogue.test_odd_id_is_listed, "upper-case"),
    cases(models.test_null_stays_null, "list"),
    cases(models.test_dates_name_the_same_moment, "list"),
    cases(models.test_text_is_intact, "list"),
    cases(models.test_other_values_are_kept, "list"),
    diagnoses=2,
)
row(
    "listed_id_is[no-provider]",
    every(catalogue.test_no_other_model_is_listed),
    every(catalogue.test_window_is_the_upstreams),
    cases(catalogue.test_odd_id_is_listed, "slash"),
)
row(
    "listed_id_is[no-version]",
    every(catalogue.test_no_other_model_is_listed),
    cases(catalogue.test_window_is_the_upstreams, "limit|after_id"),
    cases(catalogue.test_odd_id_is_listed, "at"),
)
row(
    "listed_id_is[ascii]",
    every(catalogue.test_no_other_model_is_listed),
    cases(catalogue.test_window_is_the_upstreams, "limit|after_id"),
    cases(catalogue.test_odd_id_is_listed, "non-ascii"),
)
row(
    "found_on_the_first_page_alone[first-page]",
    one(retrieve.test_models_of_every_page_are_found),
    every(retrieve.test_odd_id_is_found, but="slash"),
    one(retrieve.test_alias_of_the_upstream_resolves),
)
row(
    "found_on_the_first_page_alone[first-hundred]",
    one(retrieve.test_models_of_every_page_are_found),
    one(retrieve.test_alias_of_the_upstream_resolves),
)
row("alias_is_not_known", one(retrieve.test_alias_of_the_upstream_resolves))
row(
    "unknown_model_is[stub]",
    one(retrieve.test_unknown_id_stays_unknown),
    cases(callers.test_each_client_gets_its_own, "retrieve"),
    cases(failures.test_failure_is_no_model, "404"),
    cases(change.test_change_is_visible, "retrieve"),
)
row(
    "unknown_model_is[500]",
    one(retrieve.test_unknown_id_stays_unknown),
    cases(failures.test_error_object_is_passed_on, "404"),
)
row(
    "another_model_is_answered",
    one(retrieve.test_models_of_every_page_are_found),
    every(retrieve.test_odd_id_is_found),
    one(retrieve.test_alias_of_the_upstream_resolves),
    one(retrieve.test_unknown_id_stays_unknown),
    cases(callers.test_each_client_gets_its_own, "retrieve"),
    one(callers.test_requests_at_once_get_their_own_responses),
    diagnoses=2,
)
