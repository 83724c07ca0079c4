"""Lifecycle stages, from revision 2026-10-07 on: the filter and the dates."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pytest_models_contract.api import ModelsAPI
from pytest_models_contract.exchange import Page, Reply, page_of, shown
from pytest_models_contract.suite.test_limit import server_error
from pytest_models_contract.survey import Occurrence, Survey
from pytest_models_contract.verdict import Check, Finding, Unexercised

cites = pytest.mark.models_cites
LIFECYCLE = "list_params#/properties/lifecycle"


@cites(LIFECYCLE)
@pytest.mark.parametrize("models_stage", ["active", "deprecated", "retired"])
def test_stage_lists_its_models_alone(
    models_stage: str, models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """`lifecycle[]` with one stage lists the models of that stage, all of them and no others."""
    listed = [model["id"] for model in models_survey.models if _stage(model) == models_stage]

    def unlike(reply: Reply) -> Finding | None:
        page = page_of(reply)
        if page is None:
            return reply.finding(f"status {reply.status}", f"the {models_stage} models")
        others = [model for model in page.data if _stage(model) != models_stage]
        if others:
            return reply.finding(
                f"{len(others)} models of another stage",
                f"{models_stage} models alone",
                _named(others[0]),
            )
        lost = set(listed) - set(page.ids) if page.has_more is False else set()
        return (
            reply.finding(f"without {sorted(lost)[0]}", f"every {models_stage} model")
            if lost
            else None
        )

    models_check.judge(
        [_filtered([models_stage], models_survey, models_api)],
        unlike,
        what="answer",
        otherwise="",
        compares=True,
    )


@cites(LIFECYCLE)
def test_two_stages_list_the_models_of_both(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """`lifecycle[]` given twice lists the models of either stage."""
    stages = ["active", "retired"]
    single = [page_of(_filtered([stage], models_survey, models_api)) for stage in stages]
    wanted = {found for page in single if page for found in page.ids}

    def unlike(reply: Reply) -> Finding | None:
        page = page_of(reply)
        if page is None:
            return reply.finding(f"status {reply.status}", "the active and the retired models")
        if set(page.ids) == wanted or _cut(page):
            return None
        return reply.finding(f"{len(page)} models", f"{len(wanted)} models, those of either stage")

    models_check.judge(
        [_filtered(stages, models_survey, models_api)]
        if all(single) and not any(map(_cut, single))
        else [],
        unlike,
        what="answer",
        otherwise="the stages one by one could not be listed whole",
        compares=True,
    )


@cites(LIFECYCLE)
def test_active_and_deprecated_models_are_listed_unasked(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """Without `lifecycle[]` every active and every deprecated model is listed."""
    page = page_of(_filtered(["active", "deprecated"], models_survey, models_api))

    def unlisted(found: str) -> Finding | None:
        if page is None or found in models_survey.position:
            return None
        return page.reply.finding(
            "a model that the plain list lacks", "the same models there", found
        )

    models_check.judge(
        page.ids if page else [],
        unlisted,
        what="models",
        otherwise="the active and deprecated models could not be listed",
        compares=True,
    )


@cites(LIFECYCLE)
def test_retired_models_are_not_listed_unasked(models_survey: Survey, models_check: Check) -> None:
    """Without `lifecycle[]` no retired model is listed."""

    def retired(occurrence: Occurrence) -> Finding | None:
        if _stage(occurrence.model) != "retired":
            return None
        return occurrence.reply.finding(
            "a retired model", "active and deprecated ones", occurrence.where("lifecycle")
        )

    models_check.judge(
        models_survey.occurrences, retired, what="models", otherwise=models_survey.nothing
    )


@cites(LIFECYCLE)
def test_unknown_stage_is_no_server_error(models_api: ModelsAPI, models_check: Check) -> None:
    """A stage that does not exist may be refused or ignored, never answered with a 5xx."""
    reply = models_api.list(extra=[("lifecycle[]", "asleep")])
    models_check.judge([reply], server_error, what="answer", otherwise="")


@cites("model_info#/$defs/lifecycle_dates")
def test_dates_agree_with_the_stage(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """`deprecated_at` and `retires_at` are null while a model is active; later `deprecated_at` is set."""
    page = page_of(_filtered(["retired"], models_survey, models_api))
    retired = (
        [Occurrence(page.reply, f"/data/{n}", model) for n, model in enumerate(page.data)]
        if page
        else []
    )

    def disagree(occurrence: Occurrence) -> Finding | None:
        stage = _stage(occurrence.model)
        for name in ("deprecated_at", "retires_at"):
            value = occurrence.model.get(name)
            if stage == "active" and value is not None:
                return occurrence.reply.finding(
                    shown(value), "null: the model is active", occurrence.where(name)
                )
        if stage in {"deprecated", "retired"} and occurrence.model.get("deprecated_at", "") is None:
            return occurrence.reply.finding(
                "null", f"a date: the model is {stage}", occurrence.where("deprecated_at")
            )
        return None

    models_check.judge(
        [
            occurrence
            for occurrence in (*models_survey.occurrences, *retired)
            if _stage(occurrence.model)
        ],
        disagree,
        what="models",
        otherwise="no model has a lifecycle"
        if models_survey.occurrences
        else models_survey.nothing,
    )


def _filtered(stages: Sequence[str], survey: Survey, api: ModelsAPI) -> Reply:
    if not survey.crawl:
        raise Unexercised(survey.nothing)
    largest = survey.revision.limit.maximum
    return api.list(limit=largest, extra=[("lifecycle[]", stage) for stage in stages])


def _cut(page: Page | None) -> bool:
    return page is not None and page.has_more is not False


def _stage(model: object) -> str | None:
    stage = model.get("lifecycle") if isinstance(model, dict) else None
    return stage if isinstance(stage, str) else None


def _named(model: object) -> str:
    return str(model.get("id")) if isinstance(model, dict) else "(no object)"
