"""Headers and the betas: what real clients send along, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_models_contract.api import ModelsAPI
from pytest_models_contract.exchange import Occurrence, Page, Reply, Variant, page_of, shown
from pytest_models_contract.revision import Revision
from pytest_models_contract.suite.test_errors import refusals
from pytest_models_contract.survey import Survey
from pytest_models_contract.verdict import Check, Finding, Level, Unexercised
from pytest_models_contract.words import contrast, difference, some

cites = pytest.mark.models_cites
NEWER_VERSION = Variant(version="2026-10-21")
OTHER_WAY = Variant(auth="other-way")
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
    plain = models_api.list()

    def refused(betas: tuple[str, ...]) -> Finding | None:
        reply = models_api.list(variant=Variant(betas=betas))
        if (reply.status, reply.packed) == (plain.status, plain.packed):
            return None
        problem = _problem(reply, models_revision)
        if not problem or problem == _problem(plain, models_revision):
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
    varied = Variant(betas=models_revision.betas)
    _judge_retrieved(
        lambda found: models_api.retrieve(found, variant=varied), models_survey, models_check
    )


@cites("betas#", level="should")
def test_betas_keep_the_list(
    models_survey: Survey, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """With every beta the list holds the same models in the same order."""
    plain = models_api.list()
    reply = models_api.list(variant=Variant(betas=models_revision.betas))

    def reordered(pages: tuple[Page, Page]) -> Finding | None:
        if pages[0].ids == pages[1].ids:
            return None
        return reply.finding(some(pages[1].ids), f"{some(pages[0].ids)}, as without the header")

    pages = page_of(plain), page_of(reply)
    models_check.judge(
        [(pages[0], pages[1])] if pages[0] and pages[1] and models_survey.crawl else [],
        reordered,
        what="answer",
        otherwise="see headers/betas_are_accepted",
        compares=True,
    )


@cites("list_params#/$defs/version_header", level="should")
@pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])
def test_newer_version_is_answered_the_same(
    models_endpoint: str, models_survey: Survey, models_check: Check
) -> None:
    """`anthropic-version: 2026-10-21`, which the newest SDKs send, is answered as 2023-06-01 is."""
    _judge_varied(models_endpoint, {"variant": NEWER_VERSION}, models_survey, models_check)


@cites("list_params#/$defs/key_header", level="should")
@pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])
def test_key_is_taken_either_way(
    models_endpoint: str, models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """The key gets the same answer as `x-api-key` and as `Authorization: Bearer`."""
    if not models_api.key:
        raise Unexercised(models_survey.no_key)
    _judge_varied(models_endpoint, {"variant": OTHER_WAY}, models_survey, models_check)


@cites("list_params#/$defs/beta_query")
@pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])
def test_beta_query_is_accepted(
    models_endpoint: str, models_survey: Survey, models_check: Check
) -> None:
    """`?beta=true`, which the SDKs' beta namespace sends, is accepted and changes no model."""
    _judge_varied(models_endpoint, {"extra": BETA}, models_survey, models_check)
    if models_endpoint == "list" and len(models_survey.ids) > 1 and not models_survey.muddled:
        second = {"limit": 1, "after_id": models_survey.ids[-3:][0]}
        _judge_list(second, {"extra": BETA}, models_survey, models_check)


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
    # A second look at an answer has no request id of its own in a recording.
    return [reply for reply in api.exchanges if reply.question.again >= 0]


def _problem(reply: Reply, revision: Revision) -> str:
    """Why the answer is no list that keeps the schema, or the empty string."""
    page = page_of(reply)
    if page is None or reply.status != 200:
        return f"status {reply.status}" + (" without a page" if reply.ok and not page else "")
    broken = next(iter(revision.validator("model_list#").iter_errors(reply.json)), None)
    return (
        f"/{'/'.join(map(str, broken.absolute_path))} is not as the schema has it" if broken else ""
    )


def _judge_varied(endpoint: str, varied: dict[str, Any], survey: Survey, check: Check) -> None:
    """The varied question is answered as the plain one: the same list, or the same model."""
    if endpoint == "list":
        _judge_list({}, varied, survey, check)
    else:
        _judge_retrieved(lambda found: survey.api.retrieve(found, **varied), survey, check)


def _judge_list(
    window: dict[str, Any], varied: dict[str, Any], survey: Survey, check: Check
) -> None:
    _require_list(survey)
    plain, reply = survey.api.list(**window), survey.api.list(**window, **varied)

    def unlike(reply: Reply) -> Finding | None:
        if survey.alike(plain, reply):
            return None
        page, other = page_of(reply), page_of(plain)
        mild = page and other and page.ids == other.ids and not _problem(reply, survey.revision)
        seen, expected = contrast(reply, plain, survey.revision)
        level: Level | None = "should" if mild else None
        return reply.finding(seen, f"{expected}, as in the plain list", level=level)

    check.judge([reply], unlike, what="answer", otherwise="", compares=True)


def _judge_retrieved(retrieve: Callable[[str], Reply], survey: Survey, check: Check) -> None:
    def unlike(model: str) -> Finding | None:
        reply = retrieve(model)
        if not reply.ok or _id(reply) != model:
            return reply.finding(
                f"status {reply.status}", "the model, as when asked plainly", model
            )
        if survey.same(model, reply.json):
            return None
        listed = survey.models[survey.position[model]]
        valid = survey.revision.validator("model_info#").is_valid(reply.json)
        seen, expected = difference(reply.json, listed, survey.revision)
        return reply.finding(seen, expected, model, level="should" if valid else None)

    found = _first_found(survey)
    check.judge(found, unlike, what="model", otherwise=_NOT_FOUND, compares=True)


def _require_list(survey: Survey) -> None:
    if not survey.crawl:
        raise Unexercised(survey.nothing)


def _id(reply: Reply) -> Any:
    return reply.json.get("id") if isinstance(reply.json, dict) else None


def _beta_list(api: ModelsAPI) -> Reply:
    return api.list(extra=BETA)


_NOT_FOUND = "no listed model could be retrieved: see retrieve/listed_models_are_found"


def _first_found(survey: Survey) -> list[str]:
    """The first listed model, where it can be retrieved at all, as it is listed."""
    first = [(found, survey.api.retrieve(found)) for found in survey.ids[:1]]
    return [found for found, reply in first if reply.ok and survey.same(found, reply.json)]


def _beta_model(survey: Survey, api: ModelsAPI) -> list[Reply]:
    return [api.retrieve(found, extra=BETA) for found in survey.ids[:1]]


def _everywhere(survey: Survey, api: ModelsAPI) -> Iterator[Occurrence]:
    yield from survey.occurrences
    if page := page_of(_beta_list(api)):
        yield from page.occurrences
    yield from (Occurrence(reply, "", reply.json) for reply in _beta_model(survey, api) if reply.ok)
