"""Lifecycle stages, from revision 2026-10-07 on: the filter and the dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import (
    Finding,
    Occurrence,
    Page,
    Response,
    counted,
    model_id,
    page_of,
    shown,
)
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.odd_responses import broken_page, unlike_the_list
from pytest_models_contract.evidence.stages import (
    STAGES,
    by_stage,
    filtered,
    odd_filters,
    stage_of,
)
from pytest_models_contract.evidence.wording import against, contents, differing
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.test_limit import server_error
from pytest_models_contract.suite.test_order import out_of_order

cites = pytest.mark.models_cites
LIFECYCLE = "list_params#/properties/lifecycle"


@cites(LIFECYCLE)
@pytest.mark.parametrize("models_stage", list(STAGES))
def test_stage_lists_its_models_alone(
    models_stage: str, models_evidence: Evidence, models_check: Check
) -> None:
    """`lifecycle[]` with one stage lists all models of that stage and no others."""
    staged = [model for model in models_evidence.models if stage_of(model) == models_stage]
    listed = [found for model in staged if (found := model_id(model))]

    def unlike(response: Response) -> Finding | None:
        page = page_of(response)
        if page is None:
            return response.finding(response.status_text, f"the {models_stage} models")
        others = [model for model in page.data if stage_of(model) != models_stage]
        if others:
            return response.finding(
                f"{counted(len(others))} of another stage",
                f"only {models_stage} models",
                _named(others[0]),
            )
        lost = sorted(set(listed) - set(page.ids)) if page.has_more is False else []
        if not lost:
            return None
        return response.finding(f"without {lost[0]}", f"every {models_stage} model")

    models_check.judge(
        [filtered([models_stage], models_evidence)],
        unlike,
        what="response",
        if_none="",
        compares=True,
    )


@cites(LIFECYCLE)
@pytest.mark.parametrize("models_stages", ["active+retired", "active+deprecated+retired"])
def test_several_stages_list_the_models_of_each(
    models_stages: str, models_evidence: Evidence, models_check: Check
) -> None:
    """`lifecycle[]` with two or three stages lists the models of all of them, newest first."""
    stages = models_stages.split("+")
    single = [page_of(filtered([stage], models_evidence)) for stage in stages]
    wanted = {found for page in single if page for found in page.ids}

    def unlike(response: Response) -> Finding | None:
        page = page_of(response)
        if page and (set(page.ids) == wanted or _fills_its_page(page, models_evidence)):
            return out_of_order(list(page.occurrences))
        return response.finding(
            contents(page, response), f"{counted(len(wanted))}, those of all stages"
        )

    complete = all(single) and not any(map(_cut, single))
    models_check.judge(
        [filtered(stages, models_evidence)] if complete else [],
        unlike,
        what="response",
        if_none="there is no complete list of each stage",
        compares=True,
    )


@cites(LIFECYCLE)
def test_filtered_pages_keep_the_schema(
    models_evidence: Evidence, models_revision: Revision, models_check: Check
) -> None:
    """The page of each stage meets the schema, newest first, and has `has_more` false: it is complete."""

    def broken(response: Response) -> Finding | None:
        if found := broken_page(response, models_evidence):
            return found
        page = page_of(response)
        if page and page.has_more and not _fills_its_page(page, models_evidence):
            return response.finding(
                f"has_more true after {counted(len(page))}", "false: all are here"
            )
        if page is None:
            return None
        return unlike_the_list(page, models_evidence) or out_of_order(list(page.occurrences))

    plain = models_evidence.all_values.meets(models_revision)
    responses = [filtered([stage], models_evidence) for stage in STAGES]
    models_check.judge(
        [response for response in responses if page_of(response)] if plain else [],
        broken,
        what="pages",
        if_none="the plain list breaks the schema as well",
        compares=True,
    )


@cites(LIFECYCLE)
def test_filtered_pages_follow_limit_and_cursor(
    models_evidence: Evidence, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """With a filter, `limit`, its default and the cursors apply only to the filtered models."""

    def wrong_walk(filtered: tuple[Sequence[str], Page]) -> Finding | None:
        stages, page = filtered
        extra = by_stage(stages)
        for window, place, more in _steps(page.ids, models_revision.limit.default):
            response = models_api.list(**window, extra=extra)
            step, wanted = page_of(response), page.ids[place]
            if step is None or step.ids != wanted:
                return response.finding(*against(step, response, wanted))
            if step.has_more is not more:
                return response.finding(f"has_more {shown(step.has_more)}", shown(more))
            if found := broken_page(response, models_evidence, [page.response]):
                return found
            if found := _another_model(step, page.data[place], models_evidence):
                return found
        return None

    filters = [*([stage] for stage in STAGES), ["active", "deprecated"]]
    pages = [(stages, page_of(filtered(stages, models_evidence))) for stages in filters]
    models_check.judge(
        [
            (stages, page)
            for stages, page in pages
            if page and page.data and not _cut(page) and {*map(stage_of, page.data)} <= {*stages}
        ],
        wrong_walk,
        what="filters",
        if_none="there is no complete list of a stage",
        compares=True,
    )


def _another_model(step: Page, wanted: Sequence[Any], evidence: Evidence) -> Finding | None:
    """A model that differs from itself on the page of the whole filtered list."""
    for occurrence, model in zip(step.occurrences, wanted, strict=True):
        if found := differing(occurrence.model, model, evidence.comparable):
            seen, expected = found
            wanted_there = f"{expected}, as on the page of all filtered models"
            return step.response.finding(seen, wanted_there, occurrence.where())
    return None


def _steps(ids: Sequence[str], default: int) -> Iterator[tuple[dict[str, Any], slice, bool]]:
    """Pages of a filtered list: the parameters, the place of the expected models, and `has_more`."""
    last = len(ids) - 1
    yield {"limit": 1}, slice(0, 1), last > 0
    yield {"limit": len(ids)}, slice(None), False
    yield {"limit": 1, "after_id": ids[0]}, slice(1, 2), last > 1
    yield {"limit": 1, "after_id": ids[-1]}, slice(0, 0), False
    yield {"limit": 2, "before_id": ids[-1]}, slice(max(0, last - 2), last), last > 2
    if last >= default:
        yield {}, slice(0, default), True


@cites(LIFECYCLE)
def test_active_and_deprecated_models_are_listed_unasked(
    models_evidence: Evidence, models_check: Check
) -> None:
    """Without `lifecycle[]` all active and all deprecated models are listed."""
    if models_evidence.unfinished:
        raise Unexercised(models_evidence.unfinished)
    page = page_of(filtered(["active", "deprecated"], models_evidence))
    plain = [
        model for model in models_evidence.models if stage_of(model) in {"active", "deprecated"}
    ]
    listed = [found for model in plain if (found := model_id(model))]

    def not_in_both(found: str) -> Finding | None:
        if page is None or (found in models_evidence.position and found in page.ids):
            return None
        seen = (
            "a model that the plain list lacks"
            if found in page.ids
            else "a model that only the plain list has"
        )
        return page.response.finding(seen, "the same models in both", found)

    models_check.judge(
        list(dict.fromkeys([*page.ids, *(listed if not _cut(page) else [])])) if page else [],
        not_in_both,
        what="models",
        if_none="the active and deprecated models could not be listed",
        compares=True,
    )


@cites(LIFECYCLE)
def test_retired_models_are_not_listed_unasked(
    models_evidence: Evidence, models_check: Check
) -> None:
    """Without `lifecycle[]` no retired model is listed."""

    def retired(occurrence: Occurrence) -> Finding | None:
        if stage_of(occurrence.model) != "retired":
            return None
        return occurrence.response.finding(
            "a retired model", "active and deprecated ones", occurrence.where("lifecycle")
        )

    models_check.judge(
        models_evidence.occurrences, retired, what="models", if_none=models_evidence.why_no_models
    )


@cites(LIFECYCLE)
def test_odd_stages_are_no_server_error(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Stages that do not exist, or too many of them, may be refused or ignored, but never get a 5xx."""
    models_check.judge(
        [models_api.ask(request) for request in odd_filters(models_evidence)],
        lambda response: server_error(response) or broken_page(response, models_evidence),
        what="responses",
        if_none="",
    )


@cites("model_info#/$defs/lifecycle_dates")
def test_dates_agree_with_the_stage(models_evidence: Evidence, models_check: Check) -> None:
    """`deprecated_at` and `retires_at` are null for an active model; for others `deprecated_at` is set."""
    page = page_of(filtered(["retired"], models_evidence))
    retired = list(page.occurrences) if page else []

    def disagree(occurrence: Occurrence) -> Finding | None:
        stage = stage_of(occurrence.model)
        for name in ("deprecated_at", "retires_at"):
            value = occurrence.model.get(name)
            if stage == "active" and value is not None:
                return occurrence.response.finding(
                    shown(value), "null: the model is active", occurrence.where(name)
                )
        if stage in {"deprecated", "retired"} and occurrence.model.get("deprecated_at", "") is None:
            return occurrence.response.finding(
                "null", f"a date: the model is {stage}", occurrence.where("deprecated_at")
            )
        return None

    every = (*models_evidence.occurrences, *retired)
    staged = [occurrence for occurrence in every if stage_of(occurrence.model)]
    why = "no model has a lifecycle" if every else models_evidence.why_no_models
    models_check.judge(staged, disagree, what="models", if_none=why)


def _fills_its_page(page: Page, evidence: Evidence) -> bool:
    """Whether more models than these do not fit on the page."""
    return _cut(page) and len(page) >= evidence.revision.limit.maximum


def _cut(page: Page | None) -> bool:
    return page is not None and page.has_more is not False


def _named(model: object) -> str:
    return str(model.get("id")) if isinstance(model, dict) else "(no object)"
