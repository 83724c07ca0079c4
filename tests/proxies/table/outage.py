"""Rows of proxies that report failures badly, make them dear, or never get over them."""

from __future__ import annotations

from proxies.outage_faults import FAULTS
from proxies.rows import Table, cases, every, one
from pytest_models_contract.suite import test_proxy_failures as failures
from pytest_models_contract.suite import test_proxy_passed_on as passed_on
from pytest_models_contract.suite import test_proxy_retrieve as retrieve

row = Table(FAULTS)
CUT = "cut-length|cut-chunks"

row(
    "errors_become[text]",
    every(failures.test_error_object_is_passed_on),
    one(failures.test_own_error_is_the_error_object),
    one(failures.test_compressed_errors_stay_readable),
    one(failures.test_retry_after_is_passed_on),
    one(failures.test_failure_has_a_request_id),
    one(passed_on.test_request_id_is_there),
)
row(
    "errors_become[web-page]",
    every(failures.test_error_object_is_passed_on),
    one(failures.test_own_error_is_the_error_object),
    one(failures.test_compressed_errors_stay_readable),
    one(failures.test_failure_has_a_request_id),
    one(passed_on.test_request_id_is_there),
    one(retrieve.test_unknown_id_stays_unknown),
)
row(
    "errors_become[openai]",
    every(failures.test_error_object_is_passed_on),
    one(failures.test_own_error_is_the_error_object),
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
row("cut_body_has_no_end", cases(failures.test_failure_is_answered, CUT))
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
    diagnoses=3,
)
row(
    "redirects_are_followed_for_ever",
    cases(failures.test_failure_costs_few_requests, "circle"),
    cases(failures.test_failure_is_answered, "circle"),
    diagnoses=2,
)
row("endless_lists_are_read_for_ever[whatever]", every(failures.test_endless_list_is_given_up))
row(
    "endless_lists_are_read_for_ever[by-count]",
    cases(failures.test_endless_list_is_given_up, "new"),
)
row("silent_upstream_is_waited_for", one(failures.test_silent_upstream_is_given_up))
row("one_failure_is_the_end[429]", cases(failures.test_server_is_back_after, "429"))
row("one_failure_is_the_end[5xx]", cases(failures.test_server_is_back_after, "500|502|503|529"))
row("one_failure_is_the_end[4xx]", cases(failures.test_server_is_back_after, "400|401|403|404|429"))
row("no_answer_is_the_end", cases(failures.test_server_is_back_after, "reset|refused|silent"))
