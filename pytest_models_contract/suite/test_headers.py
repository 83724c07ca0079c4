"""Headers and betas: what real clients send, and what every response carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import (
    Finding,
    Occurrence,
    Page,
    Response,
    page_of,
    shown,
)
from pytest_models_contract.client.variant import Variant
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence import request_variants
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.property_values import PropertyValues
from pytest_models_contract.evidence.wording import against, contrast
from pytest_models_contract.spec.revision import Level, Revision
from pytest_models_contract.suite.test_errors import ask_to_be_refused

cites = pytest.mark.models_cites
UNASKED = 19
"""A limit that few readings ask for."""
NEVER_SENT = 5
"""A number of `again` that no other check uses."""


@cites("model_list#/$defs/request_id", level="should")
def test_request_id_on_every_answer(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Every response, success or error, carries the header `request-id`."""

    def without_request_id(response: Response) -> Finding | None:
        if response.header("request-id"):
            return None
        hint = "`x-request-id` is another header" if response.header("x-request-id") else ""
        return response.finding("no request-id", "a request-id", hint=hint)

    models_check.judge(
        _with_headers(models_evidence, models_api),
        without_request_id,
        what="responses",
        if_none=_SCRUBBED,
    )


@cites("model_list#/$defs/request_id", level="should")
def test_request_id_is_never_the_same(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """No two responses carry the same `request-id`."""
    seen: set[str | None] = set()

    def repeated(response: Response) -> Finding | None:
        found = response.header("request-id")
        if found not in seen:
            seen.add(found)
            return None
        return response.finding(f"request-id {found} again", "a request-id of its own")

    models_check.judge(
        [
            response
            for response in _with_headers(models_evidence, models_api)
            if response.header("request-id")
        ],
        repeated,
        what="responses",
        if_none="no response carries a request-id",
    )


@cites("betas#")
def test_betas_are_accepted(
    models_evidence: Evidence, models_revision: Revision, models_check: Check
) -> None:
    """Every value of `anthropic-beta` that the revision lists is accepted, and the list stays correct."""

    def refused(betas: tuple[str, ...]) -> Finding | None:
        plain, response = request_variants.plain_and_variant(
            request_variants.with_betas(*betas), models_evidence
        )
        if (response.status, response.packed) == (plain.status, plain.packed):
            return None
        seen = request_variants.problem(response, models_revision)
        if not seen or seen == request_variants.problem(plain, models_revision):
            return None
        return response.finding(seen, "the list, as without the header", ",".join(betas[:3]))

    together = models_revision.betas
    culprits = [(beta,) for beta in together if refused((beta,))] if refused(together) else []
    models_check.judge(culprits or [together], refused, what="requests", if_none="")


@cites("betas#")
def test_betas_are_accepted_on_retrieve(
    models_evidence: Evidence, models_revision: Revision, models_check: Check
) -> None:
    """A request for a model with every beta that the revision lists gets the same model as without betas."""
    request_variants.judge_retrieved(
        request_variants.with_betas(*models_revision.betas), models_evidence, models_check
    )


@cites("betas#", level="should")
def test_betas_keep_the_list(
    models_evidence: Evidence, models_revision: Revision, models_check: Check
) -> None:
    """With every beta the list holds the same models in the same order."""

    def unlike(pages: tuple[Page, Page]) -> Finding | None:
        plain, page = pages
        if page.ids == plain.ids and page.has_more == plain.has_more:
            return None
        seen, expected = contrast(page.response, plain.response, models_revision)
        return page.response.finding(seen, f"{expected}, as without the header")

    both = request_variants.plain_and_variant(
        request_variants.with_betas(*models_revision.betas), models_evidence
    )
    plain, page = map(page_of, both)
    models_check.judge(
        [(plain, page)] if plain and page else [],
        unlike,
        what="responses",
        if_none="see headers/betas_are_accepted",
        compares=True,
    )


@cites("list_params#/$defs/version_header", level="should")
@pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])
def test_newer_version_is_answered_the_same(
    models_endpoint: str, models_evidence: Evidence, models_check: Check
) -> None:
    """`anthropic-version: 2026-10-21`, which the newest SDKs send, gets the response of 2023-06-01."""
    sdk = models_endpoint == "list" and request_variants.takes_bearer(models_evidence)
    newer = request_variants.NEWEST_SDK if sdk else request_variants.NEWER_VERSION
    request_variants.judge(models_endpoint, newer, models_evidence, models_check)


@cites("list_params#/$defs/x_api_key")
def test_x_api_key_is_accepted(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """The server accepts the key in the header `x-api-key`, as the reference's examples send it."""
    if not models_api.key:
        raise Unexercised(models_evidence.no_key)
    level: Level | None = "should" if models_api.chosen_auth == "bearer" else None

    def refused(response: Response) -> Finding | None:
        if response.ok:
            return None
        seen = (
            f"{response.status_text}, while `Authorization: Bearer` with the same key is accepted"
        )
        return response.finding(seen, "the list, as with the bearer token", level=level)

    models_check.judge([with_x_api_key(models_evidence)], refused, what="responses", if_none="")


def with_x_api_key(evidence: Evidence) -> Response:
    """The plain list, asked for with `x-api-key`. Raises `Unexercised` where it is not given at all."""
    if not (evidence.opening and evidence.opening.ok):
        raise Unexercised(evidence.why_no_models)
    by_default = evidence.api.auth == "x-api-key"
    return evidence.opening if by_default else evidence.api.list(variant=Variant(auth="other-way"))


@cites("list_params#/$defs/key_header", level="should")
@pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])
def test_key_is_taken_either_way(
    models_endpoint: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """The key gets the same response as `x-api-key` and as `Authorization: Bearer`."""
    if not models_api.key:
        raise Unexercised(models_evidence.no_key)
    if models_api.auth == "bearer" and not with_x_api_key(models_evidence).ok:
        raise Unexercised("see headers/x_api_key_is_accepted")
    request_variants.judge(
        models_endpoint, request_variants.OTHER_KEY_HEADER, models_evidence, models_check
    )


@cites("model_list#/$defs/own_list")
@pytest.mark.models_only_with("second-key")
def test_another_key_changes_nothing(
    models_evidence: Evidence, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """A list request with another client's key does not change the list of the first client."""
    if not models_evidence.ids or models_evidence.unusable_ids:
        raise Unexercised(models_evidence.why_no_models)
    # The second one is new to the server: what it remembers of one client, another one gets.
    limits = [None, UNASKED - models_api.readings]
    others = [models_api.list(limit=limit, variant=Variant(auth="second")) for limit in limits]
    if refused := [response for response in others if not response.ok]:
        raise Unexercised(f"the second key is refused ({refused[0].status})")

    def unlike(response: Response) -> Finding | None:
        page = page_of(response)
        wanted = models_evidence.ids[: (page and page.limit) or models_revision.limit.default]
        least = min(len(wanted), len(page.ids)) if page and page.has_more else len(wanted)
        if page and page.ids[:least] == wanted[:least]:
            return None
        seen, expected = against(page, response, wanted)
        return response.finding(seen, f"{expected}, as with this key before")

    models_check.judge(
        [models_api.list(limit=limit, again=NEVER_SENT) for limit in limits],
        unlike,
        what="responses",
        if_none="",
        compares=True,
    )


@cites("list_params#/$defs/beta_query")
@pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])
def test_beta_query_is_accepted(
    models_endpoint: str, models_evidence: Evidence, models_check: Check
) -> None:
    """`?beta=true`, which the SDKs' beta namespace sends, is accepted and changes no model."""
    request_variants.judge(
        models_endpoint, request_variants.BETA_QUERY, models_evidence, models_check
    )


@cites("model_info#/$defs/allowed_fallback_models")
def test_allowed_fallback_models(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """`allowed_fallback_models`, where a model has it, is an array of ids or null."""
    _judge_of_beta(
        "allowed_fallback_models", "an array of ids", models_evidence, models_api, models_check
    )


@cites("model_info#/$defs/compaction")
def test_compaction(models_evidence: Evidence, models_api: ModelsAPI, models_check: Check) -> None:
    """`capabilities.compaction`, where a model has it, has `supported` and `summarize`, or is null."""
    expected = '{"summarize": {"supported"}, "supported"}'
    _judge_of_beta("capabilities.compaction", expected, models_evidence, models_api, models_check)


def _judge_of_beta(
    path: str, expected: str, evidence: Evidence, api: ModelsAPI, check: Check
) -> None:
    """A property that `?beta=true` adds is as its definition in the revision says."""
    above, _, name = path.rpartition(".")
    valid = evidence.revision.validator(f"model_info#/$defs/{name}").is_valid

    def malformed(case: tuple[Occurrence, Any]) -> Finding | None:
        occurrence, value = case
        if valid(value):
            return None
        where = occurrence.where(*path.split("."))
        return occurrence.response.finding(shown(value), f"{expected}, or null", where)

    holders = PropertyValues([*_all_occurrences(evidence, api)]).holders(above)
    found = [
        (own, each.value[name])
        for each in holders
        if name in each.value
        for own in each.occurrences
    ]
    check.judge(found, malformed, what="models", if_none=f"no model has `{path}`")


_SCRUBBED = "another tool recorded the cassette, and may have left out headers"


def _with_headers(evidence: Evidence, api: ModelsAPI) -> list[Response]:
    """Every response so far; none of a recording that another tool made, which may have lost headers."""
    if evidence.scrubbed or not evidence.responses:
        return []
    ask_to_be_refused(evidence)
    request_variants.ask_all(evidence)
    # In a recording, a repeated request has the response of the first, with its request id.
    return [
        response for response in api.exchanges if response.status and response.request.again >= 0
    ]


def _all_occurrences(evidence: Evidence, api: ModelsAPI) -> Iterator[Occurrence]:
    yield from evidence.occurrences
    _, listed = request_variants.plain_and_variant(request_variants.BETA_QUERY, evidence)
    if page := page_of(listed):
        yield from page.occurrences
    asked = request_variants.model(evidence)
    if asked and (response := api.retrieve(asked, **request_variants.BETA_QUERY)).ok:
        yield Occurrence(response, "", response.json)
