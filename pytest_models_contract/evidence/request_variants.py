"""Request variants: with betas, with the newer version, with the key in the other header, with `?beta=true`.

A variant is one request more, for a page or for a model, and its response is compared with the plain one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_models_contract.client.exchange import Finding, Reply, Variant, model_id, page_of
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence import plan
from pytest_models_contract.evidence.comparison import agree
from pytest_models_contract.evidence.gathering import Survey
from pytest_models_contract.evidence.wording import contrast, difference
from pytest_models_contract.spec.revision import Level, Revision

Arguments = Mapping[str, Any]
"""A request variant: what `ModelsAPI.list` and `ModelsAPI.retrieve` take besides."""
NEWER_VERSION: Arguments = {"variant": Variant(version="2026-10-21")}
OTHER_KEY_HEADER: Arguments = {"variant": Variant(auth="other-way")}
NEWEST_SDK: Arguments = {"variant": Variant(auth="other-way", version="2026-10-21")}
"""The newer version with a bearer token, where `x-api-key` is the usual header."""
BETA_QUERY: Arguments = {"extra": (("beta", "true"),)}

_NOT_FOUND = "no listed model could be retrieved: see retrieve/listed_models_are_found"


def with_betas(*betas: str) -> Arguments:
    """The variant that sends these betas."""
    return {"variant": Variant(betas=betas)}


def judge(endpoint: str, variant: Arguments, survey: Survey, check: Check) -> None:
    """The variant is answered as the plain request: with the same page, or with the same model."""
    if endpoint == "list":
        _judge_list(variant, survey, check)
    else:
        judge_retrieved(variant, survey, check)


def plain_and_varied(variant: Arguments, survey: Survey) -> tuple[Reply, Reply]:
    """The response to the plain request for a page and to its variant.

    Raises `Unexercised` when there is no list.
    """
    if not survey.crawl:
        raise Unexercised(survey.nothing)
    window = plan.varied_page([] if survey.muddled else survey.ids)
    return survey.api.list(**window), survey.api.list(**window, **variant)


def takes_bearer(survey: Survey) -> bool:
    """Whether a list asked for with a bearer token instead of `x-api-key` is the same list."""
    if not survey.api.key or survey.api.auth == "bearer":
        return False
    return survey.alike(*plain_and_varied(OTHER_KEY_HEADER, survey))


def model(survey: Survey) -> str | None:
    """The model that variants ask for: the first whose id needs no encoding, if there is one."""
    plain = filter(plan.PLAIN_ID.fullmatch, survey.sample)
    return next(plain, next(iter(survey.sample), None))


def _judge_list(variant: Arguments, survey: Survey, check: Check) -> None:
    def unlike(pair: tuple[Reply, Reply]) -> Finding | None:
        plain, varied = pair
        if survey.alike(plain, varied):
            return None
        page, other = page_of(varied), page_of(plain)
        mild = page and other and page.ids == other.ids and not problem(varied, survey.revision)
        seen, expected = contrast(varied, plain, survey.revision)
        level: Level | None = "should" if mild else None
        return varied.finding(seen, f"{expected}, as in the plain list", level=level)

    both = plain_and_varied(variant, survey)
    check.judge([both], unlike, what="answers", otherwise="", compares=True)


def judge_retrieved(variant: Arguments, survey: Survey, check: Check) -> None:
    """A model is answered to the variant as to the plain request, where that gets the listed model."""

    def unlike(found: str) -> Finding | None:
        plain, varied = survey.api.retrieve(found), survey.api.retrieve(found, **variant)
        if not varied.ok or model_id(varied.json) != found:
            return varied.finding(varied.told, "the model, as when asked plainly", found)
        if agree([plain.json], [varied.json], survey.revision):
            return None
        valid = survey.revision.validator("model_info#").is_valid(varied.json)
        seen, expected = difference(varied.json, plain.json, survey.revision)
        return varied.finding(seen, expected, found, level="should" if valid else None)

    asked = model(survey)
    found = [asked] if asked and _is_found(asked, survey) else []
    check.judge(found, unlike, what="model", otherwise=_NOT_FOUND, compares=True)


def _is_found(asked: str, survey: Survey) -> bool:
    """Whether the plain request gets the model as it is listed."""
    reply = survey.api.retrieve(asked)
    return reply.ok and survey.same(asked, reply.json)


def problem(reply: Reply, revision: Revision) -> str:
    """Why the answer is no list that keeps the schema, or the empty string."""
    page = page_of(reply)
    if page is None or reply.status != 200:
        return reply.told + (" without a page" if reply.ok and not page else "")
    broken = next(iter(revision.validator("model_list#").iter_errors(reply.json)), None)
    return (
        f"/{'/'.join(map(str, broken.absolute_path))} is not as the schema has it" if broken else ""
    )
