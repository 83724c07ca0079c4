"""Lies about pages under a filter; they show in revisions from 2026-10-07 on."""

from __future__ import annotations

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Answer, Ask, Question
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
    without_cursor,
)
from pytest_models_contract.fake.faults.lifecycle import stages_of, with_stages


@fault
@lists
def filtered_has_more_of_the_whole_list(ask: Ask, question: Question) -> Answer:
    """Under a filter has_more is true where more models than the page are in the whole list."""
    answer = ask(question)
    if not is_page(answer) or not stages_of(question) or has_cursor(question):
        return answer
    plain = ask(with_stages(question))
    return with_page(answer, has_more=plain.body["has_more"]) if is_page(plain) else answer


@fault
@lists
def several_stages_come_one_by_one(ask: Ask, question: Question) -> Answer:
    """Of several stages the models of the first come first, however old."""
    stages = stages_of(question)
    if len(stages) < 2:
        return ask(question)
    return cut_from(ask, question, lambda found: sorted(found, key=lambda own: _turn(own, stages)))


@fault
@lists
def several_stages_ignore_the_cursor(ask: Ask, question: Question) -> Answer:
    """With more than one stage the list starts at the newest model whatever the cursor."""
    return ask(without_cursor(question) if len(stages_of(question)) > 1 else question)


@fault
@lists
def filtered_pages_before_a_cursor_are_turned(ask: Ask, question: Question) -> Answer:
    """Under a filter the models before a cursor come oldest first."""
    answer = ask(question)
    if not is_page(answer) or not stages_of(question) or not backwards(question):
        return answer
    return with_data(answer, reversed(answer.body["data"]))


@family({"404": (404, "not_found_error"), "400": (400, "invalid_request_error")})
@lists
def end_of_a_filtered_list_is(ask: Ask, question: Question, case: tuple[int, str]) -> Answer:
    """After the last model under a filter comes a refusal, not an empty page."""
    answer = ask(question)
    if not is_page(answer) or not stages_of(question) or answer.body["data"]:
        return answer
    return refusal(question, answer, *case, "after_id: nothing comes after it")


@fault
@lists
def two_stages_lack_the_deprecated(ask: Ask, question: Question) -> Answer:
    """Active and deprecated models asked for at once come without the deprecated ones."""
    both = stages_of(question) == ["active", "deprecated"]
    return ask(with_stages(question, "active") if both else question)


def _turn(model: Model, stages: list[str]) -> int:
    stage = model.get("lifecycle")
    return stages.index(stage) if stage in stages else 0
