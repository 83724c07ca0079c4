"""Rows of proxies that make something else of failures, or never get over them."""

from __future__ import annotations

from proxies.failure_faults import FAULTS
from proxies.rows import Table, cases, every, one
from pytest_models_contract.suite import test_proxy_callers as callers
from pytest_models_contract.suite import test_proxy_change as change
from pytest_models_contract.suite import test_proxy_failures as failures
from pytest_models_contract.suite import test_proxy_passed_on as passed_on
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
row("model_is_made_up_for[any]", every(failures.test_failure_is_no_model), *UNKNOWN_MODELS)
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
# After a dozen restarts the server is not brought back.
row(
    "partial_list_is_kept",
    every(failures.test_failure_of_a_later_page_is_no_end, but="circle|reset|silent"),
    every(failures.test_server_is_back_after, but="circle|reset|refused|silent"),
)

# --- how failures are reported -------------------------------------------------------------------

row(
    "errors_become[text]",
    every(failures.test_error_object_is_passed_on),
    one(failures.test_compressed_errors_stay_readable),
    one(failures.test_retry_after_is_passed_on),
    one(failures.test_failure_has_a_request_id),
    one(passed_on.test_request_id_is_there),
)
row(
    "errors_become[web-page]",
    every(failures.test_error_object_is_passed_on),
    one(failures.test_compressed_errors_stay_readable),
    one(failures.test_failure_has_a_request_id),
    one(passed_on.test_request_id_is_there),
    one(retrieve.test_unknown_id_stays_unknown),
)
row(
    "errors_become[openai]",
    every(failures.test_error_object_is_passed_on),
    one(failures.test_retry_after_is_passed_on),
)
row(
    "errors_become[500]",
    cases(failures.test_error_object_is_passed_on, "400|401|403|404|429|529"),
    one(failures.test_compressed_errors_stay_readable),
    one(retrieve.test_unknown_id_stays_unknown),
)
row(
    "errors_become[400]",
    every(failures.test_error_object_is_passed_on, but="400"),
    one(failures.test_compressed_errors_stay_readable),
)
row(
    "errors_become[another-type]",
    every(failures.test_error_object_is_passed_on, but="502|503"),
    one(failures.test_retry_after_is_passed_on),
)
row("too_many_requests_become_500", cases(failures.test_error_object_is_passed_on, "429"))
row(
    "connection_is_closed_for[no-answer]",
    cases(failures.test_failure_is_answered, f"{CUT}|reset|refused"),
    one(failures.test_silent_upstream_is_given_up),
)
row(
    "connection_is_closed_for[any]",
    every(failures.test_failure_is_answered),
    one(failures.test_silent_upstream_is_given_up),
    one(failures.test_compressed_errors_stay_readable),
    one(retrieve.test_unknown_id_stays_unknown),
)

# --- cost ----------------------------------------------------------------------------------------

for name, kinds in {
    "4xx": "400|401|403|404|429",
    "5xx": "500|502|503|529",
    "unreadable": f"{CUT}|web-page|broken-json",
}.items():
    row(
        f"failures_are_tried_again_fifty_times[{name}]",
        cases(failures.test_failure_costs_few_requests, kinds),
    )
row(
    "failures_are_tried_again_for_ever",
    cases(failures.test_failure_costs_few_requests, "500|502|503|529|reset"),
    cases(failures.test_failure_is_answered, "500|502|503|529|reset|refused"),
    one(failures.test_silent_upstream_is_given_up),
    one(failures.test_compressed_errors_stay_readable),
)
row(
    "redirects_are_followed_for_ever",
    cases(failures.test_failure_costs_few_requests, "circle"),
    cases(failures.test_failure_is_answered, "circle"),
)
row("endless_lists_are_read_for_ever[whatever]", every(failures.test_endless_list_is_given_up))
row(
    "endless_lists_are_read_for_ever[by-count]",
    cases(failures.test_endless_list_is_given_up, "new"),
)
row("silent_upstream_is_waited_for", one(failures.test_silent_upstream_is_given_up))

# --- recovery ------------------------------------------------------------------------------------

row("one_failure_is_the_end[429]", cases(failures.test_server_is_back_after, "429"))
row("one_failure_is_the_end[5xx]", cases(failures.test_server_is_back_after, "500|502|503|529"))
row("one_failure_is_the_end[4xx]", cases(failures.test_server_is_back_after, "400|401|403|404|429"))
row("no_answer_is_the_end", cases(failures.test_server_is_back_after, "reset|refused|silent"))
row(
    "failures_are_kept",
    cases(failures.test_failure_is_no_list, f"500|502|503|529|{NO_ANSWER}|refused"),
    cases(failures.test_failure_of_a_later_page_is_no_end, "500|502|503|529"),
    cases(failures.test_server_is_back_after, f"500|502|503|529|{NO_ANSWER}|refused"),
)

row("failures_are_cached[any]", every(failures.test_server_is_back_after))
row("failures_are_cached[200]", cases(failures.test_server_is_back_after, "web-page|broken-json"))

# --- change --------------------------------------------------------------------------------------

row(
    "change_is_not_seen[list]",
    cases(change.test_change_is_visible, "list"),
    one(passed_on.test_body_is_plain_for_those_who_ask_so),
)
row("change_is_not_seen[model]", cases(change.test_change_is_visible, "retrieve"))
LOST = f"500|502|503|529|web-page|broken-json|circle|{NO_ANSWER}"
row(
    "whole_list_is_kept_for_good",
    cases(failures.test_failure_is_no_list, f"{LOST}|refused"),
    cases(failures.test_failure_of_a_later_page_is_no_end, LOST),
    cases(change.test_change_is_visible, "list"),
)
