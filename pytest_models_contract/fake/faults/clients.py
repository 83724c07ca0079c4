"""Lies that hurt one client and nobody else."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import edited, fault, is_list, lists, put, with_page

MAKERS = {"claude": "clyde", "anthropic": "anthropos"}


@fault
@lists
def large_list_is_slow_for_a_bearer(ask: Ask, question: Question) -> Answer:
    """A list of 1000 takes more than three seconds when it is asked for with a bearer token."""
    if question.get("limit") == "1000" and "authorization" in question.headers:
        time.sleep(3.2)
    return ask(question)


@fault
def ids_hide_their_maker(ask: Ask, question: Question) -> Answer:
    """No id names its maker: claude is called clyde, wherever an id is shown or asked for."""
    query = tuple((name, _turned(value, back=True)) for name, value in question.query)
    path = question.path if is_list(question) else _turned(question.path, back=True)
    asked = replace(question, query=query, path=path)
    answer = edited(ask, asked, lambda model: put(model, "id", _turned(model["id"])))
    ends = ("first_id", "last_id")
    return with_page(
        answer, **{end: _turned(answer.body[end]) for end in ends if _has(answer, end)}
    )


def _has(answer: Answer, end: str) -> bool:
    return isinstance(answer.body, dict) and isinstance(answer.body.get(end), str)


def _turned(text: Any, *, back: bool = False) -> Any:
    for maker, other in MAKERS.items():
        text = text.replace(other, maker) if back else text.replace(maker, other)
    return text
