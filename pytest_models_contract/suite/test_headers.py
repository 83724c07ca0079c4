"""Headers and the betas: what real clients send along, and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterator

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
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence import request_variants
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.wording import contrast
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.test_errors import refusals

cites = pytest.mark.models_cites


@cites("model_list#/$defs/request_id", level="should")
def test_request_id_on_every_answer(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Every answer, good or bad, carries the header `request-id`."""

    def nameless(response: Response) -> Finding | None:
        if response.header("request-id"):
            return None
        hint = "`x-request-id` is another header" if response.header("x-request-id") else ""
        return response.finding("no request-id", "a request-id", hint=hint)

    models_check.judge(
        _told(models_evidence, models_api), nameless, what="responses", if_none=_SCRUBBED
    )


@cites("model_list#/$defs/request_id", level="should")
def test_request_id_is_never_the_same(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """No two answers carry the same `request-id`."""
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
            for response in _told(models_evidence, models_api)
            if response.header("request-id")
        ],
        repeated,
        what="responses",
        if_none="no answer carries a request-id",
    )


@cites("betas#")
def test_betas_are_accepted(
    models_evidence: Evidence, models_revision: Revision, models_check: Check
) -> None:
    """Every value of `anthropic-beta` that the revision lists is accepted, and the list stays right."""

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
    """A model asked for with every beta that the revision lists is answered as without."""
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
    """`anthropic-version: 2026-10-21`, which the newest SDKs send, is answered as 2023-06-01 is."""
    sdk = models_endpoint == "list" and request_variants.takes_bearer(models_evidence)
    newer = request_variants.NEWEST_SDK if sdk else request_variants.NEWER_VERSION
    request_variants.judge(models_endpoint, newer, models_evidence, models_check)


@cites("list_params#/$defs/key_header", level="should")
@pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])
def test_key_is_taken_either_way(
    models_endpoint: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """The key gets the same answer as `x-api-key` and as `Authorization: Bearer`."""
    if not models_api.key:
        raise Unexercised(models_evidence.no_key)
    request_variants.judge(
        models_endpoint, request_variants.OTHER_KEY_HEADER, models_evidence, models_check
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
    models_evidence: Evidence, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """`allowed_fallback_models`, where a model has it, is an array of ids or null."""
    valid = models_revision.validator("model_info#/$defs/allowed_fallback_models").is_valid

    def malformed(occurrence: Occurrence) -> Finding | None:
        value = occurrence.model["allowed_fallback_models"]
        if valid(value):
            return None
        where = occurrence.where("allowed_fallback_models")
        return occurrence.response.finding(shown(value), "an array of ids, or null", where)

    models_check.judge(
        [
            occurrence
            for occurrence in _everywhere(models_evidence, models_api)
            if isinstance(occurrence.model, dict) and "allowed_fallback_models" in occurrence.model
        ],
        malformed,
        what="models",
        if_none="no model has `allowed_fallback_models`",
    )


_SCRUBBED = "a cassette recorded elsewhere may have lost its headers"


def _told(evidence: Evidence, api: ModelsAPI) -> list[Response]:
    """Every answer so far, unless a recording of somebody else's may have lost its headers."""
    if evidence.scrubbed or not evidence.responses:
        return []
    refusals(evidence, api)
    # A second look at an answer has no request id of its own in a recording.
    return [
        response for response in api.exchanges if response.status and response.request.again >= 0
    ]


def _everywhere(evidence: Evidence, api: ModelsAPI) -> Iterator[Occurrence]:
    yield from evidence.occurrences
    _, listed = request_variants.plain_and_variant(request_variants.BETA_QUERY, evidence)
    if page := page_of(listed):
        yield from page.occurrences
    asked = request_variants.model(evidence)
    if asked and (response := api.retrieve(asked, **request_variants.BETA_QUERY)).ok:
        yield Occurrence(response, "", response.json)
