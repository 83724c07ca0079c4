"""Lies about the lifecycle of models; they show in revisions from 2026-10-07 on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_models_contract.catalogue import Model
from pytest_models_contract.faults.kit import edited, edited_late, family, fault, lists, refusal
from pytest_models_contract.question import Answer, Ask, Question

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


@family({"active": "active", "retired": "retired"})
def late_model_claims_to_be(ask: Ask, question: Question, stage: str) -> Answer:
    """One late model, deprecated, shows another stage than the one it is listed under."""
    return edited_late(ask, question, "lifecycle", lambda model: model | {"lifecycle": stage})
