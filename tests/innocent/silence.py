"""Odd ids, and what servers do where the reference is silent."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from judging import ALIASES

from innocent.kit import (
    answering,
    both_cursors,
    empty_page,
    family,
    innocent,
    models_of,
    names_no_model,
    odd,
    on_copy,
    refused,
    with_models,
    without,
)
from pytest_models_contract.fake import Answer, Ask, Fake, Question

IDS = (
    "anthropic/claude-opus-5",
    "us.anthropic.claude-opus-4-20250514-v1:0",
    "claude-opus-4@20250514",
    "models with blanks",
    "a/b/c/d",
    "модель",
    "モデル",
    "100%",
    "50%25",
    "a+b",
    "a&b=c",
    "what?",
    "number#1",
    "semi;colon",
    "quote'd",
    'double"quoted',
    "back\\slash",
    "~tilde!*()",
    "UPPER",
    "upper",
    "0",
    "null",
    "x" * 300,
    "[brackets]",
    "a,b",
    "e\u0301",
    "\u00e9",
)


@innocent
def ids_of_every_kind() -> Fake:
    return with_models(lambda n, model: {**model, "id": IDS[n]}, models=len(IDS))


@family([1, 2, 3])
def slashed_ids_only(count: int) -> Fake:
    return with_models(lambda n, model: {**model, "id": f"vendor/{n}:latest"}, models=count)


@innocent
def ids_that_begin_alike() -> Fake:
    return with_models(lambda n, model: {**model, "id": "m" * (n + 1)}, models=25)


@family([400, 404, 409, 410, 418, 422])
def unknown_cursor_refused_with(status: int) -> Fake:
    return odd(answering(names_no_model, lambda: refused(status)))


@innocent
def unknown_cursor_gets_the_first_page() -> Fake:
    def ignore(ask: Ask, question: Question) -> Answer:
        if names_no_model(question):
            question = without(question, "after_id", "before_id")
        return ask(question)

    return odd(ignore)


@innocent
def unknown_cursor_gets_an_empty_page() -> Fake:
    return odd(answering(names_no_model, empty_page))


@family(["after_id", "before_id"])
def both_cursors_read_as(kept: str) -> Fake:
    dropped = {"after_id": "before_id", "before_id": "after_id"}[kept]

    def choose(ask: Ask, question: Question) -> Answer:
        return ask(without(question, dropped) if both_cursors(question) else question)

    return odd(choose)


@innocent
def both_cursors_get_an_empty_page() -> Fake:
    return odd(answering(both_cursors, empty_page))


@family([404, 409, 413, 422])
def limits_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return refused(status) if answer.status == 400 and question.get("limit") else answer

    return odd(refuse)


@family(["1.5", "5abc", ""])
def malformed_limit_is_served(value: str) -> Fake:
    def serve(ask: Ask, question: Question) -> Answer:
        return ask(without(question, "limit") if question.get("limit") == value else question)

    return odd(serve)


@family([400, 403, 405, 410, 422])
def unknown_model_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return refused(status) if answer.status == 404 else answer

    return odd(refuse)


@family(["plain", "html", "openai", "fastapi", "empty"])
def errors_in_another_dress(dress: str) -> Fake:
    bodies = {
        "plain": b"no",
        "html": b"<html><h1>No</h1></html>",
        "openai": b'{"error":{"message":"no","type":"invalid_request_error","code":null}}',
        "fastapi": b'{"detail":"no"}',
        "empty": b"",
    }

    def dressed(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return replace(answer, text=bodies[dress]) if answer.status >= 400 else answer

    return odd(dressed)


@innocent
def anybody_is_let_in() -> Fake:
    return Fake(aliases=ALIASES)


@family([403, 407, 404, 400])
def no_key_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return refused(status) if answer.status == 401 else answer

    return odd(refuse)


@innocent
def unlisted_betas_accepted() -> Fake:
    def ignore(ask: Ask, question: Question) -> Answer:
        headers = {
            name: value for name, value in question.headers.items() if name != "anthropic-beta"
        }
        return ask(replace(question, headers=headers))

    return odd(ignore)


@innocent
def query_parameters_nobody_knows_are_refused() -> Fake:
    known = {"limit", "after_id", "before_id", "beta", "lifecycle[]"}

    def strict(ask: Ask, question: Question) -> Answer:
        strange = any(name not in known for name, _ in question.query)
        return refused(400) if strange else ask(question)

    return odd(strict)


@innocent
def beta_query_ignored() -> Fake:
    return odd(lambda ask, question: ask(without(question, "beta")))


@innocent
def beta_query_adds_fields() -> Fake:
    def add(question: Question, answer: Answer) -> None:
        if question.get("beta"):
            for model in models_of(answer):
                model["allowed_fallback_models"] = ["claude-opus-5"]
                model["beta_only"] = True

    return odd(on_copy(add))


@innocent
def retrieve_says_more_than_the_list() -> Fake:
    def add(question: Question, answer: Answer) -> None:
        if question.path != "/v1/models":
            for model in models_of(answer):
                model["description"] = "only here"

    return odd(on_copy(add))


@innocent
def unlisted_models_can_be_retrieved() -> Fake:
    def resolve(ask: Ask, question: Question) -> Answer:
        hidden = question.path == "/v1/models/hidden"
        return ask(replace(question, path="/v1/models/claude-opus-5") if hidden else question)

    return odd(resolve)


@innocent
def ids_of_dots() -> Fake:
    return with_models(lambda n, model: {**model, "id": (".", "..", "...")[n]}, models=3)


@innocent
def aliases_without_the_date() -> Fake:
    """A name without its date leads to the model."""

    def resolved(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        if answer.status != 404:
            return answer
        form = re.compile(re.escape(question.path.rpartition("/")[2]) + "-[0-9]{8}")
        own = (model["id"] for model in Fake().models)
        full = next((found for found in own if form.fullmatch(found)), "")
        return ask(replace(question, path=f"/v1/models/{full}")) if full else answer

    return odd(resolved)


@innocent
def ids_may_be_abbreviated() -> Fake:
    """What only one id begins with is an alias of it."""

    def resolved(ask: Ask, question: Question) -> Answer:
        answer, short = ask(question), question.path.removeprefix("/v1/models/")
        meant = [model["id"] for model in Fake().models if model["id"].startswith(short)]
        whole = len(meant) == 1 and answer.status == 404
        return ask(replace(question, path=f"/v1/models/{meant[0]}")) if whole else answer

    return odd(resolved)


@innocent
def null_in_the_list_is_absent_alone() -> Fake:
    """A capability that nobody has is null in the list and left out of the single model."""

    def nothing(question: Question, answer: Answer) -> None:
        for model in models_of(answer):
            parts = (model.get("capabilities") or {}).get("context_management") or {}
            parts["compact_20260112"] = None
            if not question.path.endswith("/models"):
                del parts["compact_20260112"]

    return odd(on_copy(nothing))


@innocent
def released_this_very_second() -> Fake:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return with_models(lambda _, model: {**model, "created_at": now})
