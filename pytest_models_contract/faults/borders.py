"""Lies that show beside certain cursors alone: one model from the end, odd ids, large pages."""

from __future__ import annotations

from pytest_models_contract.faults.kit import (
    backwards,
    family,
    fault,
    is_page,
    lists,
    refusal,
    with_page,
    with_query,
)
from pytest_models_contract.question import Answer, Ask, Question


@fault
@lists
def has_more_ends_one_early(ask: Ask, question: Question) -> Answer:
    """After a cursor has_more is false when a single model is left: an index is off by one."""
    answer = ask(question)
    if question.get("after_id") is None or not is_page(answer) or not answer.body["data"]:
        return answer
    rest = ask(with_query(question, after_id=answer.body["last_id"], limit=2)).body["data"]
    return with_page(answer, has_more=False) if len(rest) == 1 else answer


@family({"slash": "/", "blank": " "})
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
