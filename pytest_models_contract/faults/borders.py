"""Lies that show beside certain cursors alone: one model from the end, equal dates, odd ids."""

from __future__ import annotations

from pytest_models_contract.catalogue import Model
from pytest_models_contract.faults.kit import (
    backwards,
    cut_from,
    everything,
    family,
    fault,
    is_page,
    lists,
    refusal,
    with_page,
    with_query,
)
from pytest_models_contract.question import Answer, Ask, Question

CURSORS = {"after_id": "after_id", "before_id": "before_id"}


@family(CURSORS)
@lists
def has_more_ends_one_early(ask: Ask, question: Question, cursor: str) -> Answer:
    """Beyond a cursor has_more is false when a single model is left: an index is off by one."""
    answer, asked = ask(question), question.get(cursor)
    if asked is None or not is_page(answer) or not answer.body["data"]:
        return answer
    end = answer.body["first_id" if cursor == "before_id" else "last_id"]
    rest = ask(with_query(question, **{cursor: end, "limit": 2})).body["data"]
    return with_page(answer, has_more=False) if len(rest) == 1 else answer


@family(CURSORS)
@lists
def cursor_goes_by_date(ask: Ask, question: Question, cursor: str) -> Answer:
    """A page holds what is older (or newer) than the cursor: models of the same day are lost."""
    asked = question.get(cursor)
    dates = {model["id"]: model["created_at"] for model in everything(ask, question)}

    def without_ties(models: list[Model]) -> list[Model]:
        return [
            own
            for own in models
            if own["id"] == asked or own["created_at"] != dates.get(asked or "")
        ]

    return cut_from(ask, question, without_ties) if asked else ask(question)


@family({"slash": "/", "blank": " ", "plus": "+"})
@lists
def odd_cursor_refused(ask: Ask, question: Question, sign: str) -> Answer:
    """A cursor with an odd sign in it is refused, though a listed model is called so."""
    answer = ask(question)
    if sign not in (question.get("after_id") or question.get("before_id") or ""):
        return answer
    return refusal(question, answer, 400, "invalid_request_error", "not a cursor")


@fault
@lists
def limit_is_less_after_a_cursor(ask: Ask, question: Question) -> Answer:
    """After a cursor no page holds more than 500 models."""
    lowered = question.get("after_id") is not None and int(question.get("limit") or 0) > 500
    return ask(with_query(question, limit=500) if lowered and not backwards(question) else question)
