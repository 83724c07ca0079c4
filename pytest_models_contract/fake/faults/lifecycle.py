"""Faults of the lifecycle of models; they need a revision from 2026-10-07 on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    cut_from,
    dropped,
    edited,
    edited_late,
    family,
    fault,
    has_cursor,
    is_page,
    lists,
    put,
    refusal,
    retrieves,
    with_data,
    with_page,
    with_query,
)

FILTER = "lifecycle[]"
SOME_DAY = "2026-01-01T00:00:00Z"


def with_stages(request: Request, *stages: str) -> Request:
    """The list request with another filter."""
    kept = [(name, value) for name, value in request.query if name != FILTER]
    return replace(request, query=(*kept, *((FILTER, stage) for stage in stages)))


def stages_of(request: Request) -> list[str]:
    """The stages in the filter of a list request."""
    return [value for name, value in request.query if name == FILTER]


@fault
@lists
def lifecycle_ignored(ask: Ask, request: Request) -> Response:
    """The filter is ignored: active and deprecated models are listed."""
    return ask(with_stages(request))


@fault
@lists
def lifecycle_of_two_gives_the_first(ask: Ask, request: Request) -> Response:
    """Only the first of several stages counts."""
    return ask(with_stages(request, *stages_of(request)[:1]))


@fault
@lists
def lifecycle_of_two_gives_the_last(ask: Ask, request: Request) -> Response:
    """Only the last of several stages counts."""
    return ask(with_stages(request, *stages_of(request)[-1:]))


@fault
@lists
def lifecycle_of_two_is_refused(ask: Ask, request: Request) -> Response:
    """A filter by more than one stage is refused."""
    response = ask(request)
    if len(stages_of(request)) < 2:
        return response
    return refusal(request, response, 400, "invalid_request_error", "lifecycle[]: one at a time")


@fault
@lists
def lifecycle_filter_adds(ask: Ask, request: Request) -> Response:
    """A filter adds models of its stage to the active ones instead of selecting them."""
    stages = stages_of(request)
    return ask(with_stages(request, "active", *stages[:2]) if stages else request)


@family({"active": "active", "deprecated": "deprecated", "retired": "retired"})
@lists
def lifecycle_filter_crashes(ask: Ask, request: Request, stage: str) -> Response:
    """A filter by one of the stages gets 500."""
    response = ask(request)
    if stage not in stages_of(request):
        return response
    return refusal(request, response, 500, "api_error", "internal error")


@family({"active": "active", "deprecated": "deprecated", "retired": "retired"})
@lists
def lifecycle_filter_gives_all_for(ask: Ask, request: Request, stage: str) -> Response:
    """A filter by this one stage gives models of all stages."""
    if stages_of(request) != [stage]:
        return ask(request)
    return ask(with_stages(request, "active", "deprecated", "retired"))


@fault
@lists
def retired_models_listed(ask: Ask, request: Request) -> Response:
    """Without a filter, retired models are listed too."""
    stages = stages_of(request) or ["active", "deprecated", "retired"]
    return ask(with_stages(request, *stages))


@fault
@lists
def deprecated_models_not_listed(ask: Ask, request: Request) -> Response:
    """Without a filter, only active models are listed."""
    return ask(with_stages(request, *(stages_of(request) or ["active"])))


@family(
    {
        "active-with-deprecated_at": ("active", {"deprecated_at": SOME_DAY}),
        "active-with-retires_at": ("active", {"retires_at": SOME_DAY}),
        "deprecated-without-deprecated_at": ("deprecated", {"deprecated_at": None}),
        "retired-without-deprecated_at": ("retired", {"deprecated_at": None}),
    }
)
def dates_disagree(ask: Ask, request: Request, case: tuple[str, Any]) -> Response:
    """The models of a stage have dates that contradict it."""
    stage, dates = case

    def edit(model: Model) -> Model:
        return model | dates if model.get("lifecycle") == stage else model

    return edited(ask, request, edit)


DROPPED: dict[str, Any] = {
    "limit": {"limit": 1000},
    "cursor": {"after_id": None, "before_id": None},
    "before_id": {"before_id": None},
}


@family(DROPPED)
@lists
def filter_forgets_the(ask: Ask, request: Request, changes: Any) -> Response:
    """With a filter, the limit or a cursor is ignored."""
    return ask(with_query(request, **changes) if stages_of(request) else request)


@fault
@lists
def cursor_forgets_the_filter(ask: Ask, request: Request) -> Response:
    """With a cursor, the filter is ignored: active and deprecated models are listed."""
    return ask(with_stages(request) if has_cursor(request) else request)


@fault
@lists
def limit_counts_before_the_filter(ask: Ask, request: Request) -> Response:
    """The limit applies to the list of all stages, and the filter to the result."""
    response, stages = ask(request), stages_of(request)
    if not is_page(response) or not stages:
        return response
    all_stages = ask(with_stages(request, "active", "deprecated", "retired"))
    models = all_stages.body["data"] if is_page(all_stages) else []
    return with_data(response, [model for model in models if model.get("lifecycle") in stages])


@family(
    {
        "always-more": {"has_more": True},
        "never-more": {"has_more": False},
        "null-cursors": {"first_id": None, "last_id": None},
    }
)
@lists
def filtered_page_is(ask: Ask, request: Request, members: Any) -> Response:
    """A filtered page has a wrong envelope."""
    response = ask(request)
    return with_page(response, **members) if stages_of(request) else response


@fault
@lists
def filtered_page_is_oldest_first(ask: Ask, request: Request) -> Response:
    """With a filter, the oldest models come first."""
    response = ask(request)
    if not is_page(response) or not stages_of(request):
        return response
    return with_data(response, reversed(response.body["data"]))


@family({name: name for name in ("type", "created_at", "line")})
@lists
def retired_models_lack(ask: Ask, request: Request, name: str) -> Response:
    """The retired models, which only a filter lists, lack a property."""
    if "retired" not in stages_of(request):
        return ask(request)
    return edited(
        ask, request, lambda m: dropped(m, name) if m.get("lifecycle") == "retired" else m
    )


@family({"active": ("lifecycle", "active"), "no-date": ("deprecated_at", None)})
@retrieves
def retired_model_alone_says(ask: Ask, request: Request, case: tuple[str, str | None]) -> Response:
    """A retired model that is retrieved has another value than in the list."""
    return edited(ask, request, lambda m: put(m, *case) if m.get("lifecycle") == "retired" else m)


@family({"refused": (400, "invalid_request_error"), "crash": (500, "api_error")})
@lists
def three_stages_are(ask: Ask, request: Request, case: tuple[int, str]) -> Response:
    """A filter by all three stages is refused or gets 500."""
    response = ask(request)
    if len(stages_of(request)) != 3:
        return response
    return refusal(request, response, *case, "lifecycle[]: too many")


@family({"active": "active", "retired": "retired"})
def late_model_claims_to_be(ask: Ask, request: Request, stage: str) -> Response:
    """One late model, which is deprecated, says that it is in another stage."""
    return edited_late(ask, request, "lifecycle", lambda model: model | {"lifecycle": stage})


@fault
@lists
def retired_models_come_oldest_first(ask: Ask, request: Request) -> Response:
    """The list of retired models has the oldest model first."""
    if stages_of(request) != ["retired"]:
        return ask(request)
    return cut_from(ask, request, lambda models: models[::-1])


@fault
@lists
def filtered_models_differ(ask: Ask, request: Request) -> Response:
    """With a filter, models have another display_name."""
    if not stages_of(request):
        return ask(request)
    return edited(ask, request, lambda model: put(model, "display_name", "Claude"))


@fault
@lists
def filter_has_no_default_limit(ask: Ask, request: Request) -> Response:
    """With a filter and without a limit, one page has all models."""
    applies = stages_of(request) and request.get("limit") is None
    return ask(with_query(request, limit=1000) if applies else request)
