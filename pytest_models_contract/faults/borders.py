"""Lies that show beside certain cursors alone: odd ids, large pages."""

from __future__ import annotations

from pytest_models_contract.faults.kit import (
    backwards,
    family,
    fault,
    lists,
    refusal,
    with_query,
)
from pytest_models_contract.question import Answer, Ask, Question


@family(
    {
        f"{name}-{cursor}": (sign, cursor)
        for name, sign in {"slash": "/", "blank": " "}.items()
        for cursor in ("after_id", "before_id")
    }
)
@lists
def odd_cursor_refused(ask: Ask, question: Question, case: tuple[str, str]) -> Answer:
    """A cursor with an odd sign in it is refused, though a listed model is called so."""
    answer, (sign, cursor) = ask(question), case
    if sign not in (question.get(cursor) or ""):
        return answer
    return refusal(question, answer, 400, "invalid_request_error", "not a cursor")


@fault
@lists
def limit_is_less_after_a_cursor(ask: Ask, question: Question) -> Answer:
    """After a cursor no page holds more than 500 models."""
    lowered = question.get("after_id") is not None and int(question.get("limit") or 0) > 500
    return ask(with_query(question, limit=500) if lowered and not backwards(question) else question)
