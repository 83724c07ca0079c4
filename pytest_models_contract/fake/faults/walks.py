"""Lies that lead a walk through the pages astray: has_more, and the two ends of the list."""

from __future__ import annotations

from typing import Any

from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    backwards,
    everything,
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


@family(
    {
        "true": (True, lambda _: True),
        "false": (False, lambda _: True),
        "true-backwards": (True, backwards),
        "false-backwards": (False, backwards),
        "true-with-after_id": (True, lambda question: question.get("after_id") is not None),
        "false-with-after_id": (False, lambda question: question.get("after_id") is not None),
        "true-with-a-limit": (True, lambda question: question.get("limit") is not None),
        "false-with-a-limit": (False, lambda question: question.get("limit") is not None),
        "true-without-a-limit": (True, lambda question: question.get("limit") is None),
        "false-without-a-limit": (False, lambda question: question.get("limit") is None),
        "false-without-a-cursor": (False, lambda question: not has_cursor(question)),
    }
)
@lists
def has_more_is(ask: Ask, question: Question, case: tuple[bool, Any]) -> Answer:
    """has_more is the same whether more models follow or not."""
    value, told = case
    answer = ask(question)
    return with_page(answer, has_more=value) if told(question) else answer


@family(
    {
        "forwards": lambda question: not backwards(question),
        "backwards": backwards,
        "with-after_id": lambda question: question.get("after_id") is not None,
        "without-a-cursor": lambda question: not has_cursor(question),
    }
)
@lists
def has_more_wrong_at_exact_multiples(ask: Ask, question: Question, told: Any) -> Answer:
    """has_more is true for every full page, also when that page is the last one."""
    answer = ask(question)
    if not is_page(answer) or not told(question):
        return answer
    limit = int(question.get("limit") or 20)
    return with_page(answer, has_more=len(answer.body["data"]) == limit)


@family(
    {
        "forwards": lambda question: not backwards(question),
        "backwards": backwards,
        "with-after_id": lambda question: question.get("after_id") is not None,
        "without-a-cursor": lambda question: not has_cursor(question),
    }
)
@lists
def has_more_needs_two_more(ask: Ask, question: Question, told: Any) -> Answer:
    """has_more is false when just one model is left in the direction asked for."""
    answer = ask(question)
    if not is_page(answer) or not told(question) or not answer.body["data"]:
        return answer
    before, behind = _around(ask, question, answer)
    return with_page(answer, has_more=(before if backwards(question) else behind) > 1)


@fault
@lists
def has_more_of_the_other_direction(ask: Ask, question: Question) -> Answer:
    """Backward, has_more says whether models follow, not whether they precede."""
    answer = ask(question)
    if not is_page(answer) or not backwards(question) or not answer.body["data"]:
        return answer
    return with_page(answer, has_more=_around(ask, question, answer)[1] > 0)


@fault
@lists
def has_more_false_on_page_two(ask: Ask, question: Question) -> Answer:
    """The second page says that it is the last."""
    answer = ask(question)
    if not is_page(answer) or backwards(question) or not answer.body["data"]:
        return answer
    before, _ = _around(ask, question, answer)
    limit = int(question.get("limit") or 20)
    return with_page(answer, has_more=False) if before == limit else answer


@fault
@lists
def has_more_counts_the_whole_list(ask: Ask, question: Question) -> Answer:
    """has_more is true on every page when the whole list does not fit on one."""
    answer = ask(question)
    if not is_page(answer):
        return answer
    limit = int(question.get("limit") or 20)
    return with_page(answer, has_more=len(everything(ask, question)) > limit)


@fault
@lists
def more_forever_and_no_cursor(ask: Ask, question: Question) -> Answer:
    """No cursor is heeded, and has_more is always true."""
    return with_page(ask(without_cursor(question)), has_more=True)


@family({"last_id": "last_id", "first_id": "first_id"})
@lists
def more_but_no(ask: Ask, question: Question, cursor: str) -> Answer:
    """There is more, and the cursor to go on with is null."""
    answer = ask(question)
    if not is_page(answer) or not answer.body["has_more"]:
        return answer
    return with_page(answer, **{cursor: None})


@family(
    {
        f"{end}-{name}": (end, case)
        for end in ("after-last", "before-first")
        for name, case in {
            "400": (400, "invalid_request_error"),
            "404": (404, "not_found_error"),
            "500": (500, "api_error"),
        }.items()
    }
)
@lists
def beyond_the_end(ask: Ask, question: Question, case: tuple[str, tuple[int, str]]) -> Answer:
    """The page after the last model, or before the first, is an error."""
    end, (status, kind) = case
    answer = ask(question)
    if not _is_beyond(question, answer, end):
        return answer
    return refusal(question, answer, status, kind, "there is nothing more")


@family({"after-last": "after-last", "before-first": "before-first"})
@lists
def first_page_again(ask: Ask, question: Question, end: str) -> Answer:
    """After the last model, or before the first, the list starts anew."""
    answer = ask(question)
    if not _is_beyond(question, answer, end):
        return answer
    return ask(without_cursor(question))


@family({"after-last": "after-last", "before-first": "before-first"})
@lists
def last_page_again(ask: Ask, question: Question, end: str) -> Answer:
    """After the last model, or before the first, the model of the cursor itself comes once more."""
    answer = ask(question)
    if not _is_beyond(question, answer, end):
        return answer
    models = everything(ask, question)
    return with_data(answer, models[:1] if end == "before-first" else models[-1:])


@family({"after-last": "after-last", "before-first": "before-first"})
@lists
def empty_page_has_more(ask: Ask, question: Question, end: str) -> Answer:
    """The empty page after the last model, or before the first, says that there is more."""
    answer = ask(question)
    return with_page(answer, has_more=True) if _is_beyond(question, answer, end) else answer


@family({"after-last": "after-last", "before-first": "before-first"})
@lists
def empty_page_keeps_the_cursor(ask: Ask, question: Question, end: str) -> Answer:
    """The empty page after the last model, or before the first, repeats the cursor."""
    answer = ask(question)
    if not _is_beyond(question, answer, end):
        return answer
    cursor = question.get("before_id" if end == "before-first" else "after_id")
    return with_page(answer, first_id=cursor, last_id=cursor)


@family({"after": "after_id", "before": "before_id"})
@lists
def late_cursor_is_forgotten(ask: Ask, question: Question, name: str) -> Answer:
    """A cursor among the last five models leads to the first page."""
    late = [model["id"] for model in everything(ask, question)[-5:-1]]
    return ask(with_query(question, **{name: None}) if question.get(name) in late else question)


def _is_beyond(question: Question, answer: Answer, end: str) -> bool:
    """Whether the honest answer is the empty page beyond that end of the list."""
    here = backwards(question) == (end == "before-first")
    return is_page(answer) and not answer.body["data"] and has_cursor(question) and here


def _around(ask: Ask, question: Question, answer: Answer) -> tuple[int, int]:
    """How many models of the list stand before the page, and how many behind it."""
    ids = [model["id"] for model in everything(ask, question)]
    data = answer.body["data"]
    return ids.index(data[0]["id"]), len(ids) - 1 - ids.index(data[-1]["id"])
