"""Lies told only to who asks in a certain way: the beta namespace, betas, a newer version, a bearer token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    dropped,
    edited,
    family,
    fault,
    is_list,
    is_page,
    lists,
    put,
    refusal,
    with_body,
    with_page,
    with_query,
)

Told = Callable[[Question], bool]
Turn = Callable[[Answer], Answer]

WAYS: dict[str, Told] = {
    "beta-query": lambda question: question.get("beta") == "true",
    "betas": lambda question: "anthropic-beta" in question.headers,
    "newer-version": lambda question: question.headers.get("anthropic-version") == "2026-10-21",
    "bearer": lambda question: "authorization" in question.headers,
}


@family(
    {f"{way}-{place}": (told, place) for way, told in WAYS.items() for place in ("list", "model")}
)
def renamed_for(ask: Ask, question: Question, case: tuple[Told, str]) -> Answer:
    """Who asks in this way gets models with another display_name."""
    told, place = case
    if not told(question) or is_list(question) != (place == "list"):
        return ask(question)
    return edited(ask, question, lambda model: put(model, "display_name", "Claude"))


@family(
    {f"{way}-{place}": (told, place) for way, told in WAYS.items() for place in ("list", "model")}
)
def undated_for(ask: Ask, question: Question, case: tuple[Told, str]) -> Answer:
    """Who asks in this way gets models without created_at."""
    told, place = case
    if not told(question) or is_list(question) != (place == "list"):
        return ask(question)
    return edited(ask, question, lambda model: dropped(model, "created_at"))


@family(
    {
        f"{way}-{name}": (WAYS[way], turn)
        for way in ("beta-query", "newer-version", "bearer")
        for name, turn in {
            "null-cursors": lambda page: page | {"first_id": None, "last_id": None},
            "no-has_more": lambda page: {k: v for k, v in page.items() if k != "has_more"},
        }.items()
    }
)
def envelope_is_spoiled_for(ask: Ask, question: Question, case: tuple[Told, Any]) -> Answer:
    """Who asks in this way gets a page with another envelope."""
    told, turn = case
    answer = ask(question)
    if not told(question) or with_page(answer) is answer:
        return answer
    return with_body(answer, turn(answer.body))


@family({way: WAYS[way] for way in ("newer-version", "bearer")})
def model_refused_for(ask: Ask, question: Question, told: Told) -> Answer:
    """Who asks for a single model in this way is refused, though the list is given."""
    answer = ask(question)
    if is_list(question) or not told(question) or answer.status != 200:
        return answer
    return refusal(question, answer, 400, "invalid_request_error", "not in this way")


@fault
def wrong_bearer_let_in_on_retrieve(ask: Ask, question: Question) -> Answer:
    """A single model is given to any bearer token; the list wants the right one."""
    anybody = not is_list(question) and WAYS["bearer"](question)
    return ask(replace(question, trusted=True) if anybody else question)


@family(
    {
        f"{way}-{name}": (told, changes)
        for way, told in WAYS.items()
        for name, changes in {
            "limit": {"limit": None},
            "cursor": {"after_id": None, "before_id": None},
        }.items()
    }
)
@lists
def parameter_is_forgotten_for(ask: Ask, question: Question, case: tuple[Told, Any]) -> Answer:
    """Who asks in this way gets a page without regard to its limit, or to its cursor."""
    told, changes = case
    return ask(with_query(question, **changes) if told(question) else question)


@fault
@lists
def newest_sdk_is_refused(ask: Ask, question: Question) -> Answer:
    """A bearer token is taken, and so is the newer version, but not both at once."""
    both = WAYS["newer-version"](question) and WAYS["bearer"](question)
    answer = ask(question)
    if not both:
        return answer
    return refusal(question, answer, 400, "invalid_request_error", "not in this way")


@fault
@lists
def has_more_turns_for_betas(ask: Ask, question: Question) -> Answer:
    """With betas has_more says the opposite."""
    answer = ask(question)
    if not WAYS["betas"](question) or not is_page(answer):
        return answer
    return with_page(answer, has_more=not answer.body["has_more"])
