"""What innocents are made of: how one is registered, and the oddities of an honest answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from judging import ALIASES, KEY

from pytest_models_contract.fake import Answer, Ask, Fake, Question, error

Model = dict[str, Any]
INNOCENTS: dict[str, Callable[[], Any]] = {}


def innocent(make: Callable[[], Any]) -> Callable[[], Any]:
    INNOCENTS[make.__name__] = make
    return make


def family(cases: Iterable[Any]) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    def add(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
        for case in cases:
            INNOCENTS[f"{make.__name__}[{case}]"[:60]] = partial(make, case)
        return make

    return add


def aliases_of(app: Any) -> Mapping[str, str]:
    """The aliases that `judging` asks for, as far as the innocent has models for them."""
    served = {model["id"] for model in app.models}
    return {alias: own for alias, own in ALIASES.items() if own in served}


def odd(*oddities: Any, models: Any = 27, revision: str = "2026-04-16") -> Fake:
    known = aliases_of(Fake(models, revision))
    return Fake(models=models, revision=revision, key=KEY, faults=oddities, aliases=known)


def with_models(change: Callable[[int, Model], Model], models: int = 27) -> Fake:
    """A fake whose models are changed one by one, each served the same everywhere."""
    own = [change(place, dict(model)) for place, model in enumerate(Fake(models=models).models)]
    return odd(models=own)


def on_copy(change: Callable[[Question, Answer], None]) -> Any:
    """An oddity that changes a copy of the honest answer's body."""

    def oddity(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        answer = replace(answer, body=json.loads(json.dumps(answer.body)))
        change(question, answer)
        return answer

    return oddity


def respelled(write: Callable[[Any], str]) -> Any:
    def oddity(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return replace(answer, text=write(answer.body).encode())

    return oddity


def headed(headers: Mapping[str, str]) -> Any:
    def oddity(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return replace(answer, headers={**answer.headers, **headers})

    return oddity


def answering(when: Callable[[Question], bool], make: Callable[[], Answer]) -> Any:
    return lambda ask, question: make() if when(question) else ask(question)


def hash_of(text: str) -> int:
    return sum(text.encode())


def models_of(answer: Answer) -> list[Model]:
    body = answer.body
    if answer.status != 200 or not isinstance(body, dict):
        return []
    return body.get("data", [body])  # type: ignore[no-any-return]


def refused(status: int) -> Answer:
    return Answer(
        status,
        {"content-type": "application/json", "request-id": "req_x"},
        error(400, "no", "req_x"),
    )


def empty_page() -> Answer:
    body: Model = {"data": [], "first_id": None, "last_id": None, "has_more": False}
    return Answer(200, {"content-type": "application/json"}, body)


def both_cursors(question: Question) -> bool:
    return bool(question.get("after_id") and question.get("before_id"))


def names_no_model(question: Question) -> bool:
    return any("no-such-model" in (question.get(name) or "") for name in ("after_id", "before_id"))


def without(question: Question, *names: str) -> Question:
    return replace(question, query=tuple(pair for pair in question.query if pair[0] not in names))
