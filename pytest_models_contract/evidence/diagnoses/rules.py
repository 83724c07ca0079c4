"""All rules that draw causes, in the order in which the one before is preferred to the one after."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
    variant_contents,
    variants,
)
from pytest_models_contract.evidence.diagnoses.causes import Cause, Diagnosis, diagnoses
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.proxies.related import with_proxies
from pytest_models_contract.evidence.diagnoses.proxies.rules import RULES as PROXY_RULES

Rule = Callable[[Observed], Iterator[Cause]]
RULES: tuple[Rule, ...] = (
    explored.explored,
    list_responses.web_pages,
    formats.list_formats,
    formats.openai_models,
    formats.model_formats,
    bodies.bodies,
    mocks.fixed_responses,
    ignored_query.ignored_queries,
    variants.refused_variants,
    variants.refused_betas,
    list_responses.statuses,
    stability.no_more_answers,
    stability.changes,
    order.wrong_order,
    spoiled_pages.spoiled_pages,
    paging.paging,
    envelope.missing_keys,
    page_ends.wrong_ends,
    envelope.wrong_has_more_values,
    models_on_pages.repeated_ids,
    models_on_pages.shared_ids,
    models_on_pages.differing_models,
    models_on_pages.fallbacks,
    unknown_models.aliases,
    keys.let_in,
    keys.wrong_refusals,
    keys.other_clients,
    leaks.repeated_keys,
    leaks.shown_parts,
    unknown_models.unknown_models,
    refusals.errors_with_200,
    models_on_pages.wrong_data,
    refusals.served_limits,
    crashes.crashes,
    crashes.wrong_successes,
    retrieve.no_route,
    retrieve.same_as_the_list,
    retrieve.not_found,
    retrieve.another_model,
    list_entries.differing_entries,
    missing_properties.missing_properties,
    property_values.wrong_values,
    property_values.empty_names,
    expected_models.expected_models,
    lifecycle.filters,
    lifecycle.plain_list,
    lifecycle.contradictions,
    lifecycle.stage_dates,
    filtered_pages.filtered_paging,
    filtered_pages.refused_filters,
    filtered_pages.broken_pages,
    filtered_pages.filtered_order,
    errors.formats,
    errors.types,
    errors.request_ids,
    errors.wrong_statuses,
    headers.request_ids,
    variant_contents.differing,
    clients.shown_models,
    *PROXY_RULES,
)


def drawn(seen: Observed) -> list[Diagnosis]:
    """What the responses show to be wrong, each with the violated checks that it can explain."""
    causes = [cause for rule in RULES for cause in rule(seen)]
    return diagnoses(with_proxies(causes, seen.violated), seen.violated)
