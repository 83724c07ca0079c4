"""Servers with a defect that real ones have: the diagnoses that are due, and nothing from all other rules."""

from __future__ import annotations

from functools import cache

import pytest
from diagnosed import Diagnosed, diagnosed
from fault_rows import all_fault_rows
from fault_table.profiles import NEEDS
from judging import ALONE, fake
from sampling import first_of
from wrong_servers import SERVERS

from pytest_models_contract.evidence.diagnoses import (
    bodies,
    clients,
    crashes,
    envelope,
    errors,
    expected_models,
    explored,
    filtered_pages,
    formats,
    headers,
    ignored_query,
    keys,
    leaks,
    lifecycle,
    list_entries,
    list_responses,
    missing_properties,
    mocks,
    models_on_pages,
    order,
    page_ends,
    paging,
    property_values,
    refusals,
    retrieve,
    spoiled_pages,
    stability,
    unknown_models,
    used_up,
    variant_contents,
    variants,
)
from pytest_models_contract.evidence.diagnoses.causes import diagnoses
from pytest_models_contract.evidence.diagnoses.proxies.rules import RULES as PROXY_RULES
from pytest_models_contract.evidence.diagnoses.rules import RULES, Rule
from pytest_models_contract.fake.faults import FAULTS

FAULT_ROWS = all_fault_rows()
EXAMPLES: dict[Rule, str] = {
    list_responses.web_pages: "web_page_for_every_path",
    formats.list_formats: "openai_list",
    formats.openai_models: "list_shape_is[openai-in-envelope]",
    formats.model_formats: "openai_object",
    bodies.bodies: "list_body_is[truncated]",
    mocks.fixed_responses: "mock_of_a_schema",
    ignored_query.ignored_queries: "query_dropped",
    variants.refused_variants: "key_not_taken_as[bearer]",
    variants.refused_betas: "beta_refused[joined]",
    list_responses.statuses: "list_redirects[302]",
    used_up.no_more_answers: "stub_that_answers_once",
    used_up.no_more_models: "served_models_are_removed",
    stability.changes: "order_of_a_map",
    order.wrong_order: "alphabetical",
    spoiled_pages.spoiled_pages: "page_is_oldest_first",
    paging.paging: "cursor_ignored[after_id]",
    envelope.missing_keys: "envelope_in_camel_case",
    page_ends.wrong_ends: "envelope_is[last_id-placeholder]",
    envelope.wrong_has_more_values: "envelope_is[has_more-string]",
    models_on_pages.repeated_ids: "model_twice_on_a_page",
    models_on_pages.shared_ids: "late_model_is_listed_again[beyond-a-cursor]",
    models_on_pages.differing_models: "model_differs_with[after_id]",
    models_on_pages.fallbacks: "allowed_fallback_models_is[false]",
    unknown_models.aliases: "alias_is_unknown",
    models_on_pages.missing_first_models: "first_page_starts_late",
    crashes.failing_refusals: "refusals_fail",
    keys.let_in: "any_key",
    keys.wrong_refusals: "wrong_key_gets[403]",
    keys.other_clients: "list_is_remembered_for_every_key",
    leaks.repeated_keys: "key_in_cookie",
    leaks.shown_parts: "refusal_shows_the_key_as[sha-256]",
    unknown_models.unknown_models: "unknown_model_gets[302]",
    refusals.errors_with_200: "wrong_limit_gets_200_with_an_error",
    models_on_pages.wrong_data: "null_for_nothing",
    refusals.served_limits: "limit_clamped[1001]",
    refusals.redirected_limits: "failed_validation_redirects",
    crashes.crashes: "unknown_cursor_crashes",
    crashes.wrong_successes: "odd_cursor_gets_half_a_page[unknown]",
    retrieve.no_route: "no_route",
    retrieve.same_as_the_list: "route_by_its_beginning",
    retrieve.not_found: "only_the_first_page",
    retrieve.another_model: "always_the_first",
    list_entries.differing_entries: "retrieved_models_are_short",
    missing_properties.missing_properties: "property_absent[display_name]",
    property_values.wrong_values: "seconds_since_1970",
    property_values.empty_names: "display_name_is[empty]",
    expected_models.expected_models: "a_model_is_not_listed",
    lifecycle.filters: "list_lacks[last]",
    lifecycle.plain_list: "retired_models_listed",
    lifecycle.contradictions: "late_model_claims_to_be[retired]",
    lifecycle.stage_dates: "dates_disagree[active-with-retires_at]",
    filtered_pages.filtered_paging: "filter_forgets_the[before_id]",
    filtered_pages.refused_filters: "three_stages_are[refused]",
    filtered_pages.broken_pages: "filtered_models_differ",
    filtered_pages.filtered_order: "filtered_page_is_oldest_first",
    errors.formats: "errors_of_fastapi",
    errors.types: "error_is[400-type-unknown]",
    errors.request_ids: "error_is[404-request_id-absent]",
    errors.wrong_statuses: "unknown_model_gets[422]",
    headers.request_ids: "request_id_has_another_name",
    variant_contents.differing: "beta_models_lack[created_at]",
    clients.shown_models: "ids_hide_their_maker",
    explored.explored: "narrow_window[exact-fit-odd]",
}
OTHER_DEFECTS = (
    "alphabetical",
    "any_key",
    "date_of_javascript",
    "has_more_by_length",
    "key_in_cookie",
)
"""Defects of one area each."""


@cache
def seen(name: str) -> Diagnosed:
    """What is wrong with a server of ours, or with a fault of the fake."""
    if name in SERVERS:
        return diagnosed(SERVERS[name].app(), SERVERS[name].revision)
    row = FAULT_ROWS[name]
    return diagnosed(row.fake(), row.revision, only=(*ALONE, "clients"), **row.circumstances)


@pytest.mark.parametrize("name", first_of(sorted(SERVERS), 8))
def test_a_server_gets_the_diagnoses_that_are_due(name: str) -> None:
    server, found = SERVERS[name], seen(name)
    pairs = zip(found.titles, server.titles, strict=True)
    assert [title[: len(begins)] for title, begins in pairs] == [*server.titles]
    assert server.hint in (found.diagnoses[0]["hint"] or "")


@pytest.mark.parametrize("name", first_of(["gateway_with_three_bugs", "two_defects", "made_up"]))
def test_each_violated_check_stands_in_exactly_one_diagnosis(name: str) -> None:
    explained = [check for own in seen(name).diagnoses for check in own["checks"]]
    assert sorted(explained) == sorted(own.check for own in seen(name).observed.violated)


def test_every_rule_has_an_example() -> None:
    of_proxies = set(PROXY_RULES)  # see test_diagnosed_proxies.py
    assert set(EXAMPLES) == set(RULES) - of_proxies


@pytest.mark.parametrize(("rule", "name"), first_of(EXAMPLES.items(), 3))
def test_a_rule_finds_its_cause(rule: Rule, name: str) -> None:
    found = seen(name)
    assert {own.title for own in rule(found.observed)} & set(found.titles)


def test_what_the_client_of_a_profile_drops_is_named() -> None:
    row = FAULT_ROWS["ids_hide_their_maker"]
    found = diagnosed(row.fake(), only=["model_list", "clients"], needs=NEEDS)
    assert "needs drops all 27 models" in found.sentences


def test_a_workspace_that_makes_the_server_fail_is_named() -> None:
    title = "an unknown `anthropic-workspace-id` makes the server fail"
    assert seen("unknown_workspace_crashes").sentences == [title]


@pytest.mark.parametrize(
    ("fault", "title"),
    [
        ("listed_model_is_unknown[last]", "the last model, claude-sonnet-5, cannot be retrieved"),
        (
            "retrieve_gives_the_newest[any]",
            "retrieve always responds with the same model, claude-opus-5",
        ),
    ],
)
def test_the_cause_is_true_in_a_list_of_two_models(fault: str, title: str) -> None:
    assert diagnosed(fake(FAULTS[fault], models=2)).sentences == [title]


def test_a_filter_for_the_stage_of_all_models_is_not_called_ignored() -> None:
    faulty = fake(FAULTS["three_stages_are[crash]"], revision="2026-10-07", models=3)
    title = "a `lifecycle[]` filter with 3 stages is answered with 500"
    assert diagnosed(faulty, "2026-10-07").sentences == [title]


@pytest.mark.parametrize("name", first_of(OTHER_DEFECTS, 2))
def test_all_rules_but_one_are_silent_on_a_defect(name: str) -> None:
    found = seen(name)
    observed = found.observed
    loud = {rule: own for rule in RULES if (own := diagnoses(rule(observed), observed.violated))}
    assert len(loud) == 1
    assert [own.title for own in next(iter(loud.values()))] == found.titles
