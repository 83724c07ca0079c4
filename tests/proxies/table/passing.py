"""Rows of proxies that pass on too little or too much."""

from __future__ import annotations

from proxies.passing_faults import FAULTS
from proxies.rows import NEWEST, Table, cases, every, one
from pytest_models_contract.suite import test_proxy_failures as failures
from pytest_models_contract.suite import test_proxy_models as models
from pytest_models_contract.suite import test_proxy_passed_on as passed_on
from pytest_models_contract.suite import test_proxy_retrieve as retrieve

row = Table(FAULTS)

row("version_is[left-out]", every(passed_on.test_version_reaches_the_upstream))
row("version_is[its-own]", cases(passed_on.test_version_reaches_the_upstream, "2026-10-21"))
row("version_is[the-newest]", cases(passed_on.test_version_reaches_the_upstream, "2023-06-01"))
row("betas_are[left-out|its-own]", every(passed_on.test_betas_reach_the_upstream))
row("betas_are[the-first]", cases(passed_on.test_betas_reach_the_upstream, "several"))
row("betas_are[the-known]", cases(passed_on.test_betas_reach_the_upstream, "unknown"))
row(
    "workspace_is_left_out",
    one(passed_on.test_workspace_reaches_the_upstream),
    revision=NEWEST,
)
row("beta_query_is_left_out", every(models.test_what_the_beta_query_adds_is_passed_on))
row(
    "unknown_betas_are_refused_by_itself", cases(passed_on.test_betas_reach_the_upstream, "unknown")
)
row(
    "hop_by_hop_headers_reach_the_upstream[all|named]",
    cases(passed_on.test_hop_by_hop_headers_go_one_hop, "request"),
)
row(
    "header_is_dropped[request-id]",
    one(passed_on.test_request_id_is_there),
    one(failures.test_failure_has_a_request_id),
)
row("header_is_dropped[retry-after]", one(failures.test_retry_after_is_passed_on))
row(
    "request_id_is_under_another_name",
    one(passed_on.test_request_id_is_there),
    one(failures.test_failure_has_a_request_id),
)
row("errors_of_its_own_have_no_request_id", one(failures.test_failure_has_a_request_id))
row("errors_of_its_own_are[text|fastapi|openai]", one(failures.test_own_error_is_the_error_object))
row(
    "hop_by_hop_headers_reach_the_client",
    cases(passed_on.test_hop_by_hop_headers_go_one_hop, "response"),
)
row(
    "coding_is_not_named",
    cases(passed_on.test_body_is_whole_however_it_is_framed, "compressed|compressed-chunks"),
    one(passed_on.test_body_is_plain_for_those_who_ask_so),
    one(failures.test_compressed_errors_stay_readable),
)
row(
    "coding_is_undone_and_named",
    cases(passed_on.test_body_is_whole_however_it_is_framed, "compressed|compressed-chunks"),
    one(passed_on.test_body_is_plain_for_those_who_ask_so),
    one(failures.test_compressed_errors_stay_readable),
)
row(
    "length_is_that_of_the_compressed_body",
    cases(passed_on.test_body_is_whole_however_it_is_framed, "compressed|compressed-chunks"),
    one(passed_on.test_body_is_plain_for_those_who_ask_so),
    one(failures.test_compressed_errors_stay_readable),
)
row("compressed_errors_become_500", one(failures.test_compressed_errors_stay_readable))
row(
    "compressed_errors_are_passed_on_without_coding",
    one(failures.test_compressed_errors_stay_readable),
)
row("compressed_for_everybody", one(passed_on.test_body_is_plain_for_those_who_ask_so))
row("cache_forgets_the_coding", one(passed_on.test_body_is_plain_for_those_who_ask_so))
row(
    "chunks_are_taken_for_the_body",
    cases(passed_on.test_body_is_whole_however_it_is_framed, "chunks|compressed-chunks"),
    cases(failures.test_failure_is_no_list, "cut-chunks"),
    cases(failures.test_failure_is_no_model, "cut-chunks"),
    cases(failures.test_failure_of_a_later_page_is_no_end, "cut-chunks"),
)
row(
    "no_length_is_no_body",
    every(passed_on.test_body_is_whole_however_it_is_framed, but="compressed"),
    cases(failures.test_failure_is_no_list, "cut-chunks"),
    cases(failures.test_failure_is_no_model, "cut-chunks"),
    cases(failures.test_failure_of_a_later_page_is_no_end, "cut-chunks"),
)
row(
    "length_counts_characters",
    one(retrieve.test_models_of_every_page_are_found),
    cases(retrieve.test_odd_id_is_found, "colon|at|percent|plus|non-ascii"),
    one(retrieve.test_alias_of_the_upstream_resolves),
    cases(passed_on.test_body_is_whole_however_it_is_framed, "chunks|close"),
)
