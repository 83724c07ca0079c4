"""Lies that show beside certain cursors alone: odd ids, equal dates, large pages."""

from __future__ import annotations

from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    backwards,
    everything,
    family,
    fault,
    is_page,
    lists,
    refusal,
    with_data,
    with_page,
    with_query,
)


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


@family({"ascending": True, "descending": False})
@lists
def cursor_breaks_ties_by_id(ask: Ask, question: Question, rising: bool) -> Answer:
    """After a cursor models of one date go by their ids, which the list does not."""
    answer, models = ask(question), everything(ask, question)
    cursor = next((own for own in models if own["id"] == question.get("after_id")), None)
    if cursor is None or not is_page(answer):
        return answer
    day, name = cursor["created_at"], cursor["id"]
    left = [
        own
        for own in models
        if own["created_at"] < day
        or (own["created_at"] == day and (own["id"] > name if rising else own["id"] < name))
    ]
    size = int(question.get("limit") or 20)
    return with_page(with_data(answer, left[:size]), has_more=len(left) > size)


@fault
@lists
def full_page_after_a_cursor_is_the_last(ask: Ask, question: Question) -> Answer:
    """After a cursor a page of 1000 models says that none is left, as one more was never read."""
    answer = ask(question)
    full = question.get("after_id") is not None and is_page(answer)
    return (
        with_page(answer, has_more=False) if full and len(answer.body["data"]) == 1000 else answer
    )


@fault
@lists
def limit_is_less_after_a_cursor(ask: Ask, question: Question) -> Answer:
    """After a cursor no page holds more than 500 models."""
    lowered = question.get("after_id") is not None and int(question.get("limit") or 0) > 500
    return ask(with_query(question, limit=500) if lowered and not backwards(question) else question)
