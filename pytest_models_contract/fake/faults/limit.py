"""Lies about the page size."""

from __future__ import annotations

import re
from collections.abc import Callable

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
)

FEWEST, MOST = 1, 1000
OUT_OF_RANGE = {"0": "0", "-1": "-1", "1001": "1001", "huge": str(2**64 + 5)}
NO_INTEGER = {"word": "abc", "fraction": "1.5", "tail": "5abc", "empty": ""}
# What int() of Python, or Number() of JavaScript, takes for a number.
LENIENT = {"plus": "+5", "arabic": "\u0665", "exponent": "1e2", "point-zero": "5.0"}


@family({"1": 1, "10": 10, "19": 19, "21": 21, "50": 50, "100": 100, "1000": 1000})
@lists
def default_limit_is(ask: Ask, question: Question, limit: int) -> Answer:
    """Without a limit a page has another size than 20."""
    return ask(question if question.get("limit") is not None else with_query(question, limit=limit))


@fault
@lists
def default_limit_differs_with_a_cursor(ask: Ask, question: Question) -> Answer:
    """Without a limit, but with a cursor, a page has three models at most."""
    if question.get("limit") or not has_cursor(question):
        return ask(question)
    return ask(with_query(question, limit=3))


@family({"after_id": "after_id", "before_id": "before_id"})
@lists
def default_limit_is_ten_with(ask: Ask, question: Question, cursor: str) -> Answer:
    """Without a limit a page after, or before, a cursor has ten models."""
    told = not question.get("limit") and question.get(cursor) is not None
    return ask(with_query(question, limit=10) if told else question)


@family({"after_id": "after_id", "before_id": "before_id"})
@lists
def limit_ignored_with(ask: Ask, question: Question, cursor: str) -> Answer:
    """A page after, or before, a cursor has 20 models whatever the limit."""
    told = _is_right(question) and question.get(cursor) is not None
    return ask(with_query(question, limit=20) if told else question)


@family({"without-a-cursor": lambda question: not has_cursor(question), "always": lambda _: True})
@lists
def small_limit_serves_six(
    ask: Ask, question: Question, told: Callable[[Question], bool]
) -> Answer:
    """A limit from 2 to 5 is served as 6."""
    small = question.get("limit") in {"2", "3", "4", "5"} and told(question)
    return ask(with_query(question, limit=6) if small else question)


@fault
@lists
def limit_ignored(ask: Ask, question: Question) -> Answer:
    """A page has 20 models whatever the limit."""
    return ask(with_query(question, limit=20)) if _is_right(question) else ask(question)


@fault
@lists
def limit_ignored_with_a_cursor(ask: Ask, question: Question) -> Answer:
    """A page after or before a cursor has 20 models whatever the limit."""
    ignored = _is_right(question) and has_cursor(question)
    return ask(with_query(question, limit=20)) if ignored else ask(question)


@fault
@lists
def limit_unchecked_after_a_cursor(ask: Ask, question: Question) -> Answer:
    """After a cursor a limit out of range is served as the largest."""
    above = has_cursor(question) and question.get("limit") == str(MOST + 1)
    return ask(with_query(question, limit=MOST) if above else question)


@family({"more": 1, "less": -1})
@lists
def limit_is_one(ask: Ask, question: Question, off: int) -> Answer:
    """A page has one model more, or one less, than its limit."""
    if not _is_right(question):
        return ask(question)
    limit = int(question.get("limit") or 20) + off
    return ask(with_query(question, limit=min(MOST, max(FEWEST, limit))))


@family({"5": 5, "20": 20, "25": 25, "100": 100, "500": 500, "999": 999})
@lists
def limit_capped_silently_at(ask: Ask, question: Question, cap: int) -> Answer:
    """A greater limit is served as a smaller one, without a word."""
    if not _is_right(question) or int(question.get("limit") or 0) <= cap:
        return ask(question)
    return ask(with_query(question, limit=cap))


@fault
@lists
def limit_1_serves_two(ask: Ask, question: Question) -> Answer:
    """A limit of 1 is not honoured: two models come."""
    return ask(with_query(question, limit=2)) if question.get("limit") == "1" else ask(question)


@family({"1": 1, "101": 101, "1000": 1000})
@lists
def limit_refused_from(ask: Ask, question: Question, first: int) -> Answer:
    """A limit that is in range is refused."""
    answer = ask(question)
    if not _is_right(question) or not first <= int(question.get("limit") or 0) <= first + 899:
        return answer
    return refusal(question, answer, 400, "invalid_request_error", f"limit: {first} is too many")


@family(
    {
        "always": lambda _: True,
        "with-a-cursor": has_cursor,
        "with-before_id": backwards,
        "without-a-cursor": lambda question: not has_cursor(question),
    }
)
@lists
def page_falls_short(ask: Ask, question: Question, told: object) -> Answer:
    """A page that has more after it is one model shorter than its limit."""
    answer = ask(question)
    lies = callable(told) and told(question) and is_page(answer) and answer.body["has_more"]
    if not lies or len(answer.body["data"]) < 2:
        return answer
    data = answer.body["data"]
    return with_data(answer, data[1:] if backwards(question) else data[:-1])


@family(OUT_OF_RANGE)
@lists
def limit_clamped(ask: Ask, question: Question, limit: str) -> Answer:
    """A limit out of range is moved to the nearest one in range."""
    if question.get("limit") != limit:
        return ask(question)
    return ask(with_query(question, limit=min(MOST, max(FEWEST, int(limit)))))


@family(OUT_OF_RANGE | NO_INTEGER | LENIENT)
@lists
def limit_served_as_default(ask: Ask, question: Question, limit: str) -> Answer:
    """A limit out of range, or no integer at all, is served as if none was sent."""
    if question.get("limit") != limit:
        return ask(question)
    return ask(with_query(question, limit=None))


@family(OUT_OF_RANGE | NO_INTEGER)
@lists
def limit_crashes(ask: Ask, question: Question, limit: str) -> Answer:
    """A limit out of range, or no integer at all, gets 500."""
    answer = ask(question)
    if question.get("limit") != limit:
        return answer
    return refusal(question, answer, 500, "api_error", "internal error")


@family({"fraction": "1.5", "tail": "5abc"})
@lists
def limit_read_up_to_the_first_letter(ask: Ask, question: Question, limit: str) -> Answer:
    """A limit that begins like an integer is served as that integer."""
    if question.get("limit") != limit:
        return ask(question)
    return ask(with_query(question, limit=re.findall("[0-9]+", limit)[0]))


@fault
@lists
def limit_0_serves_an_empty_page(ask: Ask, question: Question) -> Answer:
    """A limit of 0 gets a page without models."""
    if question.get("limit") != "0":
        return ask(question)
    return with_page(with_data(ask(with_query(question, limit=1)), []), has_more=True)


@fault
@lists
def limit_above_1000_serves_everything(ask: Ask, question: Question) -> Answer:
    """A limit above 1000 serves that many models."""
    limit = question.get("limit") or ""
    if not limit.isdecimal() or int(limit) <= MOST:
        return ask(question)
    models = everything(ask, question)[: int(limit)]
    return with_page(with_data(ask(with_query(question, limit=1)), models), has_more=False)


@fault
@lists
def no_limit_serves_everything(ask: Ask, question: Question) -> Answer:
    """Without a limit all models come on one page."""
    if question.get("limit") or has_cursor(question):
        return ask(question)
    return with_page(with_data(ask(question), everything(ask, question)), has_more=False)


def _is_right(question: Question) -> bool:
    limit = question.get("limit")
    return limit is None or (bool(re.fullmatch("[1-9][0-9]{0,3}", limit)) and int(limit) <= MOST)
