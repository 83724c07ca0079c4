"""Request variants: with betas, with the newer version, with the key in the other header, with `?beta=true`.

A variant is one request more, for a page or for a model, and its response is compared with the plain one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from pytest_models_contract.client.exchange import Finding, Response, model_id, page_of
from pytest_models_contract.client.variant import Variant
from pytest_models_contract.client.verdict import Check, Unexercised, if_answered
from pytest_models_contract.evidence import plan
from pytest_models_contract.evidence.comparison import form
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.not_retrieved import why_not_itself
from pytest_models_contract.evidence.wording import contrast, wrong_form
from pytest_models_contract.spec.json_schema import first_break
from pytest_models_contract.spec.revision import Level, Revision

Arguments = Mapping[str, Any]
"""A request variant: further arguments of `ModelsAPI.list` and `ModelsAPI.retrieve`."""
NEWER_VERSION: Arguments = {"variant": Variant(version="2026-10-21")}
OTHER_KEY_HEADER: Arguments = {"variant": Variant(auth="other-way")}
NEWEST_SDK: Arguments = {"variant": Variant(auth="other-way", version="2026-10-21")}
"""The newer version with a bearer token, where `x-api-key` is the usual header."""
BETA_QUERY: Arguments = {"extra": (("beta", "true"),)}


def with_betas(*betas: str) -> Arguments:
    """The variant that sends these betas."""
    return {"variant": Variant(betas=betas)}


def judge(endpoint: str, variant: Arguments, evidence: Evidence, check: Check) -> None:
    """The variant gets the response of the plain request: the same page, or the same model."""
    if endpoint == "list":
        _judge_list(variant, evidence, check)
    else:
        judge_retrieved(variant, evidence, check)


def plain_and_variant(variant: Arguments, evidence: Evidence) -> tuple[Response, Response]:
    """The response to the plain request for a page and to its variant.

    It is the plainest request where the page with a cursor is refused, which would be so for the
    variant as well. Raises `Unexercised` when there is no list.
    """
    if not (evidence.crawl or evidence.other_format):
        raise Unexercised(evidence.why_no_models)
    window = plan.variant_page([] if evidence.unusable_ids else evidence.ids)
    if not evidence.api.list(**window).ok:
        window = {}
    return evidence.api.list(**window), evidence.api.list(**window, **variant)


def ask_all(evidence: Evidence) -> None:
    """Send the variants that other checks compare with plain requests, where there is a list."""
    asked, ids = model(evidence), [] if evidence.unusable_ids else evidence.ids
    others = [OTHER_KEY_HEADER] if evidence.api.key else []
    for variant in (with_betas(*evidence.revision.betas), BETA_QUERY, *others):
        if asked:
            evidence.ask(**plan.variant_page(ids), **variant)
            if_answered(partial(evidence.api.retrieve, asked, **variant))


def takes_bearer(evidence: Evidence) -> bool:
    """Whether a bearer token instead of `x-api-key` gets the same list."""
    if not evidence.api.key or evidence.api.auth == "bearer":
        return False
    return evidence.same_response(*plain_and_variant(OTHER_KEY_HEADER, evidence))


def model(evidence: Evidence) -> str | None:
    """The model that variants ask for: the first whose id needs no encoding, if there is one."""
    plain = filter(plan.PLAIN_ID.fullmatch, evidence.sample)
    return next(plain, next(iter(evidence.sample), None))


def _judge_list(variant: Arguments, evidence: Evidence, check: Check) -> None:
    def unlike(pair: tuple[Response, Response]) -> Finding | None:
        plain, variants = pair
        if evidence.same_response(plain, variants):
            return None
        if evidence.other_format and plain.status == variants.status:
            return None  # what the entries of another format promise is not known
        page, other = page_of(variants), page_of(plain)
        mild = page and other and page.ids == other.ids and not problem(variants, evidence.revision)
        seen, expected = contrast(variants, plain, evidence.comparable)
        level: Level | None = "should" if mild else None
        found = variants.finding(seen, f"{expected}, as in the plain list", level=level)
        return replace(found, settled=bool(evidence.changing) and variants.status != plain.status)

    both = plain_and_variant(variant, evidence)
    check.judge([both], unlike, what="responses", if_none="", compares=True)


def judge_retrieved(variant: Arguments, evidence: Evidence, check: Check) -> None:
    """The variant gets the same model as the plain request, where that gets the model of that id."""

    def unlike(found: str) -> Finding | None:
        plain, variants = evidence.api.retrieve(found), evidence.api.retrieve(found, **variant)
        if not variants.ok or model_id(variants.json) != found:
            expected = "the model, as for the plain request"
            return variants.finding(variants.status_text, expected, found)
        if evidence.same_response(plain, variants):
            return None
        valid = form(plain) == form(variants) and evidence.revision.validator(
            "model_info#"
        ).is_valid(variants.json)
        seen, expected = contrast(variants, plain, evidence.comparable)
        return variants.finding(seen, expected, found, level="should" if valid else None)

    asked = model(evidence)
    if asked is None or not _is_found(asked, evidence):
        raise Unexercised(why_not_itself(asked, evidence))
    check.judge([asked], unlike, what="model", if_none="", compares=True)


def _is_found(asked: str, evidence: Evidence) -> bool:
    """Whether the plain request gets the model of that id."""
    response = evidence.api.retrieve(asked)
    return response.ok and model_id(response.json) == asked


def problem(response: Response, revision: Revision) -> str:
    """Why the response is not a list as the schema requires, or the empty string."""
    page = page_of(response)
    if page is None or response.status != 200:
        return response.status_text + (" without a page" if response.ok and not page else "")
    if wrong := wrong_form(response):
        return wrong
    broken = first_break(revision.validator("model_list#"), response.json)
    return f"{broken[0] or '/'} breaks the schema" if broken else ""
