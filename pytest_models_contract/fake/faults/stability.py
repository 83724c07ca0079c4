"""Lies about sameness: the same question, or the same model, comes out otherwise another time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    backwards,
    dropped,
    edited,
    family,
    fault,
    has_cursor,
    is_model,
    is_page,
    lists,
    put,
    refusal,
    retrieves,
    with_body,
    with_data,
    with_page,
)

Models = list[Any]


def _nothing(models: Models) -> Models:
    return models[:0]


@family(
    {
        "empty": _nothing,
        "reversed": lambda models: models[::-1],
        "one-less": lambda models: models[1:],
        "rotated": lambda models: [*models[1:], *models[:1]],
    }
)
@lists
def second_answer_is(ask: Ask, question: Question, edit: Callable[[Models], Models]) -> Answer:
    """The same question asked again gets other models, every other time."""
    answer = ask(question)
    if not is_page(answer) or question.count % 2 == 1 or len(answer.body["data"]) < 2:
        return answer
    return with_data(answer, edit(answer.body["data"]))


@family({"second": lambda count: count == 2, "later": lambda count: count > 1})
@lists
def one_model_less_in_the(ask: Ask, question: Question, told: Callable[[int], bool]) -> Answer:
    """The same question asked again gets its last model no more, once or ever after."""
    answer = ask(question)
    if not is_page(answer) or not told(question.count) or len(answer.body["data"]) < 2:
        return answer
    return with_data(answer, answer.body["data"][:-1])


@fault
@lists
def second_answer_turns_has_more(ask: Ask, question: Question) -> Answer:
    """The same question asked again says the opposite of has_more, every other time."""
    answer = ask(question)
    if not is_page(answer) or question.count % 2 == 1:
        return answer
    return with_page(answer, has_more=not answer.body["has_more"])


@fault
@lists
def second_answer_is_refused(ask: Ask, question: Question) -> Answer:
    """The same list question asked again is refused, every other time."""
    answer = ask(question)
    if question.count % 2 == 1 or answer.status != 200:
        return answer
    return refusal(question, answer, 400, "invalid_request_error", "asked already")


@family({"renamed": False, "unknown": True})
@retrieves
def second_retrieve_is(ask: Ask, question: Question, lost: bool) -> Answer:
    """A model asked for again has another display_name, or is not found, every other time."""
    answer = ask(question)
    if question.count % 2 == 1 or not is_model(answer):
        return answer
    if lost:
        return refusal(question, answer, 404, "not_found_error", "model: gone")
    return with_body(answer, put(answer.body, "display_name", "Claude"))


@fault
def concurrent_answers_mixed_up(ask: Ask, question: Question) -> Answer:
    """Of two questions asked at the same time, the first gets the second's answer."""
    time.sleep(0.003)
    return ask(question.asked[-1])


@family(
    {
        "limit-under-5": lambda question: 0 < int(question.get("limit") or 20) < 5,
        "limit-over-99": lambda question: int(question.get("limit") or 20) > 99,
        "after_id": lambda question: question.get("after_id") is not None,
        "before_id": backwards,
        "no-limit": lambda question: question.get("limit") is None,
    }
)
@lists
def model_differs_with(ask: Ask, question: Question, told: Any) -> Answer:
    """The same model has another display_name on some pages than on others."""
    answer = ask(question)
    if not is_page(answer) or not told(question):
        return answer
    return with_data(
        answer, [put(model, "display_name", "Claude") for model in answer.body["data"]]
    )


@family({name: name for name in ("type", "created_at", "capabilities")})
@lists
def models_beyond_a_cursor_lack(ask: Ask, question: Question, name: str) -> Answer:
    """The models of a page after or before a cursor lack a property; those of the first page have it."""
    if not has_cursor(question):
        return ask(question)
    return edited(ask, question, lambda model: dropped(model, name))


@fault
def created_at_is_now(ask: Ask, question: Question) -> Answer:
    """Every model was created this very second."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return edited(ask, question, lambda model: put(model, "created_at", now))


@fault
@retrieves
def concurrent_retrieves_mixed_up(ask: Ask, question: Question) -> Answer:
    """Of two models asked for at the same time, the first is answered with the second."""
    time.sleep(0.003)
    return ask(question.asked[-1])
