"""Faults of filtered pages; they need a revision from 2026-10-07 on."""

from __future__ import annotations

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    backwards,
    cut_from,
    family,
    fault,
    has_cursor,
    is_page,
    lists,
    refusal,
    with_data,
    with_page,
    with_query,
    without_cursor,
)
from pytest_models_contract.fake.faults.lifecycle import stages_of, with_stages


@fault
@lists
def filtered_has_more_of_the_whole_list(ask: Ask, request: Request) -> Response:
    """With a filter, has_more is that of the list without the filter."""
    response = ask(request)
    if not is_page(response) or not stages_of(request) or has_cursor(request):
        return response
    plain = ask(with_stages(request))
    return with_page(response, has_more=plain.body["has_more"]) if is_page(plain) else response


@fault
@lists
def several_stages_come_one_by_one(ask: Ask, request: Request) -> Response:
    """With several stages, the models of the first stage come first, whatever their dates."""
    stages = stages_of(request)
    if len(stages) < 2:
        return ask(request)
    return cut_from(ask, request, lambda found: sorted(found, key=lambda own: _place(own, stages)))


@fault
@lists
def several_stages_ignore_the_cursor(ask: Ask, request: Request) -> Response:
    """With several stages, the cursor is ignored."""
    return ask(without_cursor(request) if len(stages_of(request)) > 1 else request)


@fault
@lists
def filtered_pages_before_a_cursor_are_turned(ask: Ask, request: Request) -> Response:
    """With a filter, a page before a cursor has the oldest model first."""
    response = ask(request)
    if not is_page(response) or not stages_of(request) or not backwards(request):
        return response
    return with_data(response, reversed(response.body["data"]))


@family({"404": (404, "not_found_error"), "400": (400, "invalid_request_error")})
@lists
def end_of_a_filtered_list_is(ask: Ask, request: Request, case: tuple[int, str]) -> Response:
    """With a filter, the page after the last model is an error, not an empty page."""
    response = ask(request)
    if not is_page(response) or not stages_of(request) or response.body["data"]:
        return response
    return refusal(request, response, *case, "after_id: no model comes after it")


@fault
@lists
def two_stages_lack_the_deprecated(ask: Ask, request: Request) -> Response:
    """A filter by active and deprecated lists only the active models."""
    both = stages_of(request) == ["active", "deprecated"]
    return ask(with_stages(request, "active") if both else request)


@fault
@lists
def three_stages_list_twenty(ask: Ask, request: Request) -> Response:
    """A filter by all three stages lists at most 20 models on a page, whatever the limit."""
    return ask(with_query(request, limit=20) if len(stages_of(request)) == 3 else request)


@fault
@lists
def unknown_stage_gets_ids(ask: Ask, request: Request) -> Response:
    """A filter by a stage that does not exist is ignored, and the models have only an id."""
    if stages_of(request) != ["asleep"]:
        return ask(request)
    page = ask(with_stages(request))
    return with_page(page, data=[{"id": own["id"]} for own in page.body["data"]])


def _place(model: Model, stages: list[str]) -> int:
    stage = model.get("lifecycle")
    return stages.index(stage) if stage in stages else 0
