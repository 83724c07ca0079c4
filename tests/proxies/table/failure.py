"""Rows of proxies that make something else of failures, or never get over them."""

from __future__ import annotations

from proxies.failure_faults import FAULTS
from proxies.rows import Table, cases, every, one
from pytest_models_contract.suite import test_proxy_callers as callers
from pytest_models_contract.suite import test_proxy_change as change
from pytest_models_contract.suite import test_proxy_failures as failures
from pytest_models_contract.suite import test_proxy_retrieve as retrieve

row = Table(FAULTS)

# --- success that is none ------------------------------------------------------------------------

NO_ANSWER = "cut-length|cut-chunks|reset|silent"
CUT = "cut-length|cut-chunks"

for name, kinds in {
    "401": "401",
    "404": "404",
    "429": "429",
    "5xx": "500|502|503|529",
    "redirect": "circle",
    "web-page": "web-page",
    "broken-json": "broken-json",
}.items():
    row(
        f"empty_list_for[{name}]",
        cases(failures.test_failure_is_no_list, kinds),
        cases(failures.test_failure_of_a_later_page_is_no_end, kinds),
    )
row(
    "empty_list_for[no-answer]",
    cases(failures.test_failure_is_no_list, f"{NO_ANSWER}|refused"),
    cases(failures.test_failure_of_a_later_page_is_no_end, NO_ANSWER),
)
row(
    "empty_list_for[any]",
    every(failures.test_failure_is_no_list),
    every(failures.test_failure_of_a_later_page_is_no_end),
)
UNKNOWN_MODELS = (
    one(retrieve.test_unknown_id_stays_unknown),
    cases(callers.test_each_client_gets_its_own, "retrieve"),
    cases(change.test_change_is_visible, "retrieve"),
)
row(
    "model_is_made_up_for[any]",
    every(failures.test_failure_is_no_model),
    *UNKNOWN_MODELS,
    diagnoses=2,
)
row("model_is_made_up_for[404]", cases(failures.test_failure_is_no_model, "404"), *UNKNOWN_MODELS)
row(
    "model_is_made_up_for[5xx]",
    cases(failures.test_failure_is_no_model, "500|502|503|529"),
)
row(
    "model_is_made_up_for[no-answer]",
    cases(failures.test_failure_is_no_model, f"{NO_ANSWER}|refused"),
)
row(
    "own_list_for_any_failure",
    every(failures.test_failure_is_no_list),
    every(failures.test_failure_of_a_later_page_is_no_end),
)
row(
    "errors_come_with_200",
    every(failures.test_failure_is_no_list, but="web-page|broken-json|circle"),
    every(failures.test_failure_is_no_model, but="web-page|broken-json|circle"),
    every(failures.test_failure_of_a_later_page_is_no_end, but="web-page|broken-json|circle"),
    one(retrieve.test_unknown_id_stays_unknown),
)
row(
    "nothing_for_any_failure[204|null|empty-object|empty-array]",
    every(failures.test_failure_is_no_list),
    every(failures.test_failure_of_a_later_page_is_no_end),
)
for name in (
    "cut_body_is_passed_on_as_whole",
    "cut_list_is_mended",
    "cut_body_becomes_an_empty_list",
):
    row(
        name,
        cases(failures.test_failure_is_no_list, CUT),
        cases(failures.test_failure_is_no_model, CUT),
        cases(failures.test_failure_of_a_later_page_is_no_end, CUT),
    )

# --- later pages ---------------------------------------------------------------------------------

row("list_ends_where_a_page_fails[any]", every(failures.test_failure_of_a_later_page_is_no_end))
for name, kinds in {
    "429": "429",
    "5xx": "500|502|503|529",
    "broken-json": "broken-json",
    "no-answer": NO_ANSWER,
}.items():
    row(
        f"list_ends_where_a_page_fails[{name}]",
        cases(failures.test_failure_of_a_later_page_is_no_end, kinds),
    )
row("failed_page_is_passed_over", every(failures.test_failure_of_a_later_page_is_no_end))
