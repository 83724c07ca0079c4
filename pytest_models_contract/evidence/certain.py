"""Which unusual requests a run will certainly send, by the checks that it runs; they can be sent ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.requests import model_request, page_request
from pytest_models_contract.evidence import expected_pages, plan, request_variants, unusual
from pytest_models_contract.evidence.gathering import Evidence

Asks = Callable[[Evidence, str], Iterable[Request]]
"""The requests of a check, by its parameter."""


def requests(evidence: Evidence, checks: Iterable[str]) -> list[Request]:
    """The requests that these checks send whatever comes back, each once.

    None where the list cannot be read, or changes. Repeated requests are never among them. Some are sent
    by no check where the server has a fault: it does not find a listed model, or takes no bearer token.
    """
    if evidence.unusable_ids or evidence.changing or not evidence.ids:
        return []
    return list(dict.fromkeys(each for check in checks for each in _requests(check, evidence)))


def _requests(check: str, evidence: Evidence) -> Iterable[Request]:
    name, _, own = check.removesuffix("]").partition("[")
    return BY_CHECK[name](evidence, own) if name in BY_CHECK else []


def _limit(limits: Mapping[str, str]) -> Asks:
    return lambda _, own: [page_request(limit=limits[own])]


def _limits_after_a_cursor(evidence: Evidence, _: str) -> list[Request]:
    beyond = evidence.revision.limit.maximum + 1
    return [page_request(limit=beyond), *unusual.beyond_the_limit(evidence)]


def _page_before(evidence: Evidence, _: str) -> list[Request]:
    step = expected_pages.last_step(evidence) if "walks" in vars(evidence) else None
    return [expected_pages.page_before(step)] if step else []


def _models(evidence: Evidence, _: str) -> list[Request]:
    return [model_request(found) for found in evidence.sample]


def _refused(evidence: Evidence, _: str) -> list[Request]:
    return unusual.refusals(evidence)


def _with_a_body(evidence: Evidence, _: str) -> list[Request]:
    return [*unusual.refusals(evidence), *unusual.refused_by_frameworks(evidence)]


def _without_a_key(evidence: Evidence, own: str) -> list[Request]:
    return unusual.lists_without_the_key(own, evidence)


def _model_without_a_key(evidence: Evidence, own: str) -> list[Request]:
    variants = unusual.key_variants(own, evidence)
    return [model_request(evidence.named[0], variant) for variant in variants]


def _variant(variant: request_variants.Arguments, endpoint: str = "") -> Asks:
    def asks(evidence: Evidence, own: str) -> list[Request]:
        if (endpoint or own) == "list":
            return [page_request(**plan.variant_page(evidence.ids), **variant)]
        return [model_request(request_variants.model(evidence) or "", **variant)]

    return asks


def _with_betas(endpoint: str) -> Asks:
    return lambda evidence, own: _variant(
        request_variants.with_betas(*evidence.revision.betas), endpoint
    )(evidence, own)


def _with_the_other_header(evidence: Evidence, own: str) -> Iterable[Request]:
    if not evidence.api.key or evidence.api.auth == "bearer":
        return []
    return _variant(request_variants.OTHER_KEY_HEADER)(evidence, own)


def _with_the_newer_version(evidence: Evidence, own: str) -> Iterable[Request]:
    bearer = list(_with_the_other_header(evidence, own)) if own == "list" else []
    newer = request_variants.NEWEST_SDK if bearer else request_variants.NEWER_VERSION
    return [*bearer, *_variant(newer)(evidence, own)]


BY_CHECK: Mapping[str, Asks] = {
    "limit/refuses": _limit(unusual.REFUSED),
    "limit/refuses_after_a_cursor": _limits_after_a_cursor,
    "limit/malformed_is_no_server_error": _limit(unusual.MALFORMED),
    "limit/malformed_is_refused": _limit(unusual.MALFORMED),
    "cursors/unknown_cursor_is_no_server_error": lambda _, own: [page_request(**plan.UNKNOWN[own])],
    "cursors/both_cursors_are_no_server_error": lambda evidence, _: [
        page_request(after_id=evidence.named[0], before_id=evidence.named[-1])
    ],
    "cursors/before_id_undoes_after_id": _page_before,
    "retrieve/listed_models_are_found": _models,
    "retrieve/model_equals_its_list_entry": _models,
    "retrieve/content_type": _models,
    "retrieve/strict_json": _models,
    "retrieve/unknown_id_is_refused": lambda evidence, own: map(
        model_request, unusual.unknown_ids(own, evidence)
    ),
    "headers/request_id_on_every_answer": _refused,
    "headers/request_id_is_never_the_same": _refused,
    "headers/betas_are_accepted": _with_betas("list"),
    "headers/betas_are_accepted_on_retrieve": _with_betas("retrieve"),
    "headers/betas_keep_the_list": _with_betas("list"),
    "headers/newer_version_is_answered_the_same": _with_the_newer_version,
    "headers/key_is_taken_either_way": _with_the_other_header,
    "headers/beta_query_is_accepted": _variant(request_variants.BETA_QUERY),
    "headers/allowed_fallback_models": _variant(request_variants.BETA_QUERY, "list"),
    "headers/compaction": _variant(request_variants.BETA_QUERY, "list"),
    "errors/unknown_model_is_not_found": lambda _, __: [model_request(plan.NO_MODEL)],
    "errors/limit_out_of_range_is_an_invalid_request": lambda _, __: unusual.out_of_range(),
    "errors/list_wants_the_key": _without_a_key,
    "errors/retrieve_wants_the_key": _model_without_a_key,
    "errors/body_is_an_error_object": _with_a_body,
    "errors/body_names_the_request": _with_a_body,
    "errors/type_belongs_to_the_status": _with_a_body,
    "errors/odd_question_is_no_server_error": lambda evidence, own: [
        unusual.undefined(own, evidence)
    ],
    "errors/unknown_workspace_is_no_server_error": lambda evidence, own: [
        unusual.unknown_workspace(own, evidence)
    ],
    "errors/no_answer_repeats_the_key": _refused,
    "errors/no_answer_shows_a_part_of_the_key": _refused,
}
