"""Lies about the lifecycle of models; they show in revisions from 2026-10-07 on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Answer, Ask, Question
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
    with_data,
    with_page,
    with_query,
)

FILTER = "lifecycle[]"
SOME_DAY = "2026-01-01T00:00:00Z"


def with_stages(question: Question, *stages: str) -> Question:
    """The list question with another filter."""
    kept = [(name, value) for name, value in question.query if name != FILTER]
    return replace(question, query=(*kept, *((FILTER, stage) for stage in stages)))


def stages_of(question: Question) -> list[str]:
    """The stages that a list question asks for."""
    return [value for name, value in question.query if name == FILTER]


@fault
@lists
def lifecycle_ignored(ask: Ask, question: Question) -> Answer:
    """The filter is ignored: active and deprecated models come."""
    return ask(with_stages(question))


@fault
@lists
def lifecycle_of_two_gives_the_first(ask: Ask, question: Question) -> Answer:
    """Of several stages only the first is heeded."""
    return ask(with_stages(question, *stages_of(question)[:1]))


@fault
@lists
def lifecycle_of_two_gives_the_last(ask: Ask, question: Question) -> Answer:
    """Of several stages only the last is heeded."""
    return ask(with_stages(question, *stages_of(question)[-1:]))


@fault
@lists
def lifecycle_of_two_is_refused(ask: Ask, question: Question) -> Answer:
    """More than one stage at a time is refused."""
    answer = ask(question)
    if len(stages_of(question)) < 2:
        return answer
    return refusal(question, answer, 400, "invalid_request_error", "lifecycle[]: one at a time")


@fault
@lists
def lifecycle_filter_adds(ask: Ask, question: Question) -> Answer:
    """A filter adds its stage to the active models instead of selecting it."""
    stages = stages_of(question)
    return ask(with_stages(question, "active", *stages[:2]) if stages else question)


@family({"active": "active", "deprecated": "deprecated", "retired": "retired"})
@lists
def lifecycle_filter_crashes(ask: Ask, question: Question, stage: str) -> Answer:
    """One of the stages gets 500 as a filter."""
    answer = ask(question)
    if stage not in stages_of(question):
        return answer
    return refusal(question, answer, 500, "api_error", "internal error")


@family({"active": "active", "deprecated": "deprecated", "retired": "retired"})
@lists
def lifecycle_filter_gives_all_for(ask: Ask, question: Question, stage: str) -> Answer:
    """A filter by this one stage gives models of all stages."""
    if stages_of(question) != [stage]:
        return ask(question)
    return ask(with_stages(question, "active", "deprecated", "retired"))


@fault
@lists
def retired_models_listed(ask: Ask, question: Question) -> Answer:
    """Without a filter retired models are listed too."""
    stages = stages_of(question) or ["active", "deprecated", "retired"]
    return ask(with_stages(question, *stages))


@fault
@lists
def deprecated_models_not_listed(ask: Ask, question: Question) -> Answer:
    """Without a filter only active models are listed."""
    return ask(with_stages(question, *(stages_of(question) or ["active"])))


@family(
    {
        "active-with-deprecated_at": ("active", {"deprecated_at": SOME_DAY}),
        "active-with-retires_at": ("active", {"retires_at": SOME_DAY}),
        "deprecated-without-deprecated_at": ("deprecated", {"deprecated_at": None}),
        "retired-without-deprecated_at": ("retired", {"deprecated_at": None}),
    }
)
def dates_disagree(ask: Ask, question: Question, case: tuple[str, Any]) -> Answer:
    """The models of a stage have dates that do not go with it."""
    stage, dates = case

    def edit(model: Model) -> Model:
        return model | dates if model.get("lifecycle") == stage else model

    return edited(ask, question, edit)


FORGOTTEN: dict[str, Any] = {
    "limit": {"limit": 1000},
    "cursor": {"after_id": None, "before_id": None},
    "before_id": {"before_id": None},
}


@family(FORGOTTEN)
@lists
def filter_forgets_the(ask: Ask, question: Question, changes: Any) -> Answer:
    """Under a filter a page has no limit, or starts at the newest model whatever the cursor."""
    return ask(with_query(question, **changes) if stages_of(question) else question)


@fault
@lists
def cursor_forgets_the_filter(ask: Ask, question: Question) -> Answer:
    """Behind a cursor the filter is forgotten: active and deprecated models come."""
    return ask(with_stages(question) if has_cursor(question) else question)


@fault
@lists
def limit_counts_before_the_filter(ask: Ask, question: Question) -> Answer:
    """The limit cuts the list of all stages, and the filter takes its share of what is left."""
    answer, stages = ask(question), stages_of(question)
    if not is_page(answer) or not stages:
        return answer
    all_stages = ask(with_stages(question, "active", "deprecated", "retired"))
    models = all_stages.body["data"] if is_page(all_stages) else []
    return with_data(answer, [model for model in models if model.get("lifecycle") in stages])


@family(
    {
        "always-more": {"has_more": True},
        "never-more": {"has_more": False},
        "null-cursors": {"first_id": None, "last_id": None},
    }
)
@lists
def filtered_page_is(ask: Ask, question: Question, members: Any) -> Answer:
    """A page under a filter has a wrong envelope."""
    answer = ask(question)
    return with_page(answer, **members) if stages_of(question) else answer


@fault
@lists
def filtered_page_is_oldest_first(ask: Ask, question: Question) -> Answer:
    """The models stand oldest first under a filter."""
    answer = ask(question)
    if not is_page(answer) or not stages_of(question):
        return answer
    return with_data(answer, reversed(answer.body["data"]))


@family({name: name for name in ("type", "created_at", "line")})
@lists
def retired_models_lack(ask: Ask, question: Question, name: str) -> Answer:
    """The models that the filter alone shows, the retired ones, lack a property."""
    if "retired" not in stages_of(question):
        return ask(question)
    return edited(
        ask, question, lambda m: dropped(m, name) if m.get("lifecycle") == "retired" else m
    )


@family({"refused": (400, "invalid_request_error"), "crash": (500, "api_error")})
@lists
def three_stages_are(ask: Ask, question: Question, case: tuple[int, str]) -> Answer:
    """Three stages at once, which is the most there are, are refused or get 500."""
    answer = ask(question)
    if len(stages_of(question)) != 3:
        return answer
    return refusal(question, answer, *case, "lifecycle[]: too many")


@family({"active": "active", "retired": "retired"})
def late_model_claims_to_be(ask: Ask, question: Question, stage: str) -> Answer:
    """One late model, deprecated, shows another stage than the one it is listed under."""
    return edited_late(ask, question, "lifecycle", lambda model: model | {"lifecycle": stage})


@fault
@lists
def retired_models_come_oldest_first(ask: Ask, question: Question) -> Answer:
    """Of the retired models the oldest comes first."""
    if stages_of(question) != ["retired"]:
        return ask(question)
    return cut_from(ask, question, lambda models: models[::-1])


@fault
@lists
def filtered_models_differ(ask: Ask, question: Question) -> Answer:
    """With a filter models have another display_name."""
    if not stages_of(question):
        return ask(question)
    return edited(ask, question, lambda model: put(model, "display_name", "Claude"))


@fault
@lists
def filter_has_no_default_limit(ask: Ask, question: Question) -> Answer:
    """With a filter and without a limit all models come on one page."""
    told = stages_of(question) and question.get("limit") is None
    return ask(with_query(question, limit=1000) if told else question)
