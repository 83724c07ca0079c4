"""Lies about questions that make little sense: a server error where a refusal, or a page, is due."""

from __future__ import annotations

from collections.abc import Callable

from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    everything,
    family,
    fault,
    has_unknown_cursor,
    lists,
    name_asked,
    refusal,
    retrieves,
)

KNOWN = {"limit", "after_id", "before_id", "beta", "lifecycle[]"}


def _broken(question: Question, answer: Answer) -> Answer:
    return refusal(question, answer, 500, "api_error", "internal error")


@family(
    {
        "slash": lambda name: "/" in name,
        "colon": lambda name: ":" in name,
        "unicode": lambda name: not name.isascii(),
        "percent": lambda name: "%" in name,
        "quote": lambda name: "'" in name,
    }
)
@retrieves
def odd_unknown_id_crashes(ask: Ask, question: Question, odd: Callable[[str], bool]) -> Answer:
    """An unknown id with a certain character in it gets 500, a plain one 404."""
    answer = ask(question)
    crashes = answer.status == 404 and odd(name_asked(question))
    return _broken(question, answer) if crashes else answer


@fault
@lists
def empty_cursor_crashes(ask: Ask, question: Question) -> Answer:
    """A cursor without a value gets 500."""
    answer = ask(question)
    empty = "" in {question.get("after_id"), question.get("before_id")}
    return _broken(question, answer) if empty else answer


@fault
@lists
def unknown_cursor_with_a_limit_crashes(ask: Ask, question: Question) -> Answer:
    """A cursor that names no model gets 500 when a limit comes with it."""
    answer = ask(question)
    limited = answer.status == 400 and question.get("limit") is not None
    odd = limited and has_unknown_cursor(ask, question)
    return _broken(question, answer) if odd else answer


@family({"quote": "'", "backslash": "\\", "unicode": "\u00e9"})
@lists
def unknown_cursor_with_a_sign_crashes(ask: Ask, question: Question, sign: str) -> Answer:
    """A cursor that names no model gets 500 when a certain sign is in it."""
    answer = ask(question)
    cursor = question.get("after_id") or question.get("before_id") or ""
    odd = answer.status == 400 and sign in cursor and has_unknown_cursor(ask, question)
    return _broken(question, answer) if odd else answer


@fault
@lists
def crossed_cursors_crash(ask: Ask, question: Question) -> Answer:
    """Two cursors get 500 where after_id names a model behind that of before_id."""
    answer = ask(question)
    ids = [model["id"] for model in everything(ask, question)]
    after, before = question.get("after_id"), question.get("before_id")
    crossed = after in ids and before in ids and ids.index(after) > ids.index(before)
    return _broken(question, answer) if crossed else answer


@fault
@lists
def unknown_parameter_crashes(ask: Ask, question: Question) -> Answer:
    """A query parameter that nobody knows gets 500."""
    answer = ask(question)
    strange = any(name not in KNOWN for name, _ in question.query)
    return _broken(question, answer) if strange else answer


@fault
def missing_version_crashes(ask: Ask, question: Question) -> Answer:
    """A question without anthropic-version gets 500."""
    answer = ask(question)
    return answer if "anthropic-version" in question.headers else _broken(question, answer)


@fault
@lists
def unknown_beta_crashes(ask: Ask, question: Question) -> Answer:
    """A beta value that the reference does not list gets 500."""
    answer = ask(question)
    refused = answer.status == 400 and "anthropic-beta" in answer.body["error"]["message"]
    return _broken(question, answer) if refused else answer
