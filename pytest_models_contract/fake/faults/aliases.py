"""Lies about a model that is asked for by its alias."""

from __future__ import annotations

import json

from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    everything,
    fault,
    is_model,
    name_asked,
    not_found,
    retrieves,
    with_body,
)


@fault
@retrieves
def alias_is_unknown(ask: Ask, question: Question) -> Answer:
    """Retrieve does not resolve an alias."""
    answer = ask(question)
    return not_found(question, answer) if _is_alias(question, answer) else answer


@fault
@retrieves
def alias_comes_back_as_id(ask: Ask, question: Question) -> Answer:
    """A model that was asked for by its alias has the alias as its id."""
    answer = ask(question)
    if not _is_alias(question, answer):
        return answer
    return with_body(answer, answer.body | {"id": name_asked(question)})


@fault
@retrieves
def alias_leads_elsewhere(ask: Ask, question: Question) -> Answer:
    """An alias resolves to the newest model."""
    answer = ask(question)
    return (
        with_body(answer, everything(ask, question)[0]) if _is_alias(question, answer) else answer
    )


@fault
@retrieves
def alias_gives_less(ask: Ask, question: Question) -> Answer:
    """A model that was asked for by its alias has another display_name."""
    answer = ask(question)
    if not _is_alias(question, answer):
        return answer
    return with_body(answer, answer.body | {"display_name": json.dumps(name_asked(question))})


def _is_alias(question: Question, answer: Answer) -> bool:
    return is_model(answer) and answer.body["id"] != name_asked(question)
