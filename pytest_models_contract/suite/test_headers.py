"""Headers and the betas: what real clients send along, and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_models_contract.api import ModelsAPI
from pytest_models_contract.exchange import Page, Reply, Variant, counted, page_of, shown
from pytest_models_contract.revision import Revision
from pytest_models_contract.suite.test_errors import refusals
from pytest_models_contract.survey import Occurrence, Survey
from pytest_models_contract.verdict import Check, Finding, Unexercised

cites = pytest.mark.models_cites
NEWER_VERSION = Variant(version="2026-10-21")
BETA = (("beta", "true"),)


@cites("model_list#/$defs/request_id", level="should")
def test_request_id_on_every_answer(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """Every answer, good or bad, carries the header `request-id`."""

    def nameless(reply: Reply) -> Finding | None:
        if reply.header("request-id"):
            return None
        hint = "`x-request-id` is another header" if reply.header("x-request-id") else ""
        return reply.finding("no request-id", "a request-id", hint=hint)

    models_check.judge(
        _told(models_survey, models_api), nameless, what="answers", otherwise=_SCRUBBED
    )


@cites("model_list#/$defs/request_id", level="should")
def test_request_id_is_never_the_same(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """No two answers carry the same `request-id`."""
    seen: set[str | None] = set()

    def repeated(reply: Reply) -> Finding | None:
        found = reply.header("request-id")
        if found not in seen:
            seen.add(found)
            return None
        return reply.finding(f"request-id {found} again", "a request-id of its own")

    models_check.judge(
        [reply for reply in _told(models_survey, models_api) if reply.header("request-id")],
        repeated,
        what="answers",
        otherwise="no answer carries a request-id",
    )


@cites("betas#")
def test_betas_are_accepted(
    models_survey: Survey, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """Every value of `anthropic-beta` that the revision lists is accepted, and the list stays right."""
    _require_list(models_survey)
    plain = _problem(models_api.list(), models_revision)

    def refused(betas: tuple[str, ...]) -> Finding | None:
        reply = models_api.list(variant=Variant(betas=betas))
        problem = _problem(reply, models_revision)
        if not problem or problem == plain:
            return None
        return reply.finding(problem, "the list, as without the header", ",".join(betas[:3]))

    together = models_revision.betas
    culprits = [(beta,) for beta in together if refused((beta,))] if refused(together) else []
    models_check.judge(culprits or [together], refused, what="questions", otherwise="")


@cites("betas#")
def test_betas_are_accepted_on_retrieve(
    models_survey: Survey, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """A model asked for with every beta that the revision lists is answered as without."""
    found = _first_found(models_survey, models_api)

    def refused(model: str) -> Finding | None:
        reply = models_api.retrieve(model, variant=Variant(betas=models_revision.betas))
        if reply.ok and _id(reply) == model:
            return None
        return reply.finding(f"status {reply.status}", "the model, as without the header", model)

    models_check.judge(found, refused, what="model", otherwise=_NOT_FOUND)


@cites("betas#", level="should")
def test_betas_keep_the_list(
    models_survey: Survey, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """With every beta the list holds the same models in the same order."""
    reply = models_api.list(variant=Variant(betas=models_revision.betas))
    _judge_same_ids([reply], models_survey, models_api, models_check)


@cites("list_params#/$defs/version_header", level="should")
def test_newer_version_gets_the_same_list(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """`anthropic-version: 2026-10-21`, which the newest SDKs send, gets the same list."""
    _judge_same_ids(
        [models_api.list(variant=NEWER_VERSION)],
        models_survey,
        models_api,
        models_check,
        refused=True,
    )


@cites("list_params#/$defs/key_header", level="should")
def test_key_is_taken_either_way(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """The key gets the same list as `x-api-key` and as `Authorization: Bearer`."""
    if not models_api.key:
        raise Unexercised("no key was sent: set MODELS_CONTRACT_API_KEY")
    reply = models_api.list(variant=Variant(auth="other-way"))
    _judge_same_ids([reply], models_survey, models_api, models_check, refused=True)


@cites("list_params#/$defs/beta_query")
@pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])
def test_beta_query_is_accepted(
    models_endpoint: str, models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """`?beta=true`, which the SDKs' beta namespace sends, is accepted and changes no model."""
    _require_list(models_survey)
    if models_endpoint == "list":
        return _judge_same_ids(
            [_beta_list(models_api)], models_survey, models_api, models_check, refused=True
        )

    def unlike(model: str) -> Finding | None:
        reply = models_api.retrieve(model, extra=BETA)
        if reply.ok and _id(reply) == model:
            return None
        return reply.finding(f"status {reply.status}", "the model, as without ?beta=true", model)

    found = _first_found(models_survey, models_api)
    return models_check.judge(found, unlike, what="answer", otherwise=_NOT_FOUND)


@cites("model_info#/$defs/allowed_fallback_models")
def test_allowed_fallback_models(
    models_survey: Survey, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """`allowed_fallback_models`, where a model has it, is an array of ids or null."""
    valid = models_revision.validator("model_info#/$defs/allowed_fallback_models").is_valid

    def malformed(occurrence: Occurrence) -> Finding | None:
        value = occurrence.model["allowed_fallback_models"]
        if valid(value):
            return None
        where = occurrence.where("allowed_fallback_models")
        return occurrence.reply.finding(shown(value), "an array of ids, or null", where)

    models_check.judge(
        [
            occurrence
            for occurrence in _everywhere(models_survey, models_api)
            if isinstance(occurrence.model, dict) and "allowed_fallback_models" in occurrence.model
        ],
        malformed,
        what="models",
        otherwise="no model has `allowed_fallback_models`",
    )


_SCRUBBED = "a cassette recorded elsewhere may have lost its headers"


def _told(survey: Survey, api: ModelsAPI) -> list[Reply]:
    """Every answer so far, unless a recording of somebody else's may have lost its headers."""
    if survey.scrubbed or not survey.replies:
        return []
    refusals(survey, api)
    return list(api.exchanges)


def _problem(reply: Reply, revision: Revision) -> str:
    """Why the answer is no list that keeps the schema, or the empty string."""
    page = page_of(reply)
    if page is None or reply.status != 200:
        return f"status {reply.status}" + (" without a page" if reply.ok and not page else "")
    broken = next(iter(revision.validator("model_list#").iter_errors(reply.json)), None)
    return (
        f"/{'/'.join(map(str, broken.absolute_path))} is not as the schema has it" if broken else ""
    )


def _judge_same_ids(
    replies: list[Reply], survey: Survey, api: ModelsAPI, check: Check, *, refused: bool = False
) -> None:
    """The answers list what the plain one lists; `refused` says that a refusal is this check's too."""
    _require_list(survey)
    plain = page_of(api.list())

    def unlike(reply: Reply) -> Finding | None:
        page = page_of(reply)
        if page and plain and page.ids == plain.ids:
            return None
        return reply.finding(_said(page, reply), _said(plain, reply))

    judged = [reply for reply in replies if refused or page_of(reply)]
    check.judge(
        judged, unlike, what="answer", otherwise="see headers/betas_are_accepted", compares=True
    )


def _said(page: Page | None, reply: Reply) -> str:
    if page is None:
        return f"status {reply.status}" + (" without a page" if reply.ok else "")
    return f"{counted(len(page))}: {', '.join(page.ids[:3])}{', …' if len(page) > 3 else ''}"


def _require_list(survey: Survey) -> None:
    if not survey.crawl:
        raise Unexercised(survey.nothing)


def _id(reply: Reply) -> Any:
    return reply.json.get("id") if isinstance(reply.json, dict) else None


def _beta_list(api: ModelsAPI) -> Reply:
    return api.list(extra=BETA)


_NOT_FOUND = "no listed model could be retrieved: see retrieve/listed_models_are_found"


def _first_found(survey: Survey, api: ModelsAPI) -> list[str]:
    """The first listed model, where it can be retrieved at all."""
    return [found for found in survey.ids[:1] if _id(api.retrieve(found)) == found]


def _beta_model(survey: Survey, api: ModelsAPI) -> list[Reply]:
    return [api.retrieve(found, extra=BETA) for found in survey.ids[:1]]


def _everywhere(survey: Survey, api: ModelsAPI) -> Iterator[Occurrence]:
    yield from survey.occurrences
    if page := page_of(_beta_list(api)):
        yield from (
            Occurrence(page.reply, f"/data/{n}", model) for n, model in enumerate(page.data)
        )
    yield from (Occurrence(reply, "", reply.json) for reply in _beta_model(survey, api) if reply.ok)
