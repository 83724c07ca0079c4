"""What lies are made of: how one is registered, and the handles by which it grips an answer.

No lie may change an object that the honest fake handed out, beyond the answer itself: models are
shared between fakes. The helpers here copy what they alter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import unquote

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import LIST, Answer, Ask, Fault, Question

FAULTS: dict[str, Fault] = {}

Case = TypeVar("Case")
Told = ParamSpec("Told")
Edit = Callable[[Model], Any]


def fault(lie: Fault) -> Fault:
    """Register a lie under its own name."""
    return _register(getattr(lie, "__name__", ""), lie)


def family(
    cases: Mapping[str, Case],
) -> Callable[[Callable[[Ask, Question, Case], Answer]], Callable[[Ask, Question, Case], Answer]]:
    """Register a lie once for each case, as `lie[case]`; the lie gets the case's value as well."""

    def registered(
        lie: Callable[[Ask, Question, Case], Answer],
    ) -> Callable[[Ask, Question, Case], Answer]:
        for name, case in cases.items():
            _register(f"{lie.__name__}[{name}]", _with(lie, case))
        return lie

    return registered


def named(*names: str) -> dict[str, str]:
    """Cases that are their own names."""
    return {name: name for name in names}


def _with(lie: Callable[[Ask, Question, Case], Answer], case: Case) -> Fault:
    @wraps(lie)
    def told(ask: Ask, question: Question) -> Answer:
        return lie(ask, question, case)

    return told


def _register(name: str, lie: Fault) -> Fault:
    if name in FAULTS:
        raise ValueError(f"two faults are called {name}")
    FAULTS[name] = lie
    return lie


def lists(lie: Callable[Told, Answer]) -> Callable[Told, Answer]:
    """The lie is told about lists only."""
    return _only_when(lie, is_list)


def retrieves(lie: Callable[Told, Answer]) -> Callable[Told, Answer]:
    """The lie is told about single models only."""
    return _only_when(lie, lambda question: not is_list(question))


def _only_when(
    lie: Callable[Told, Answer], told_about: Callable[[Question], bool]
) -> Callable[Told, Answer]:
    @wraps(lie)
    def told(*spoken: Told.args, **named: Told.kwargs) -> Answer:
        ask, question = cast("tuple[Ask, Question]", spoken[:2])
        return lie(*spoken, **named) if told_about(question) else ask(question)

    return told


def is_list(question: Question) -> bool:
    """Whether the question asks for a page."""
    return question.path.endswith(LIST)


def name_asked(question: Question) -> str:
    """The model id or alias that a retrieve asks for."""
    return unquote(question.path.partition(f"{LIST}/")[2])


def asks_for(question: Question, name: str) -> Question:
    """The question turned into a retrieve of `name`, already percent-encoded."""
    return replace(question, path=f"{_list_path(question)}/{name}")


def with_query(question: Question, **changes: object) -> Question:
    """The question with query parameters set anew; None takes one away."""
    kept = [(name, value) for name, value in question.query if name not in changes]
    new = [(name, str(value)) for name, value in changes.items() if value is not None]
    return replace(question, query=(*kept, *new))


def without_cursor(question: Question) -> Question:
    """The same list question from the start."""
    return with_query(question, after_id=None, before_id=None)


def backwards(question: Question) -> bool:
    """Whether the page before a cursor is asked for."""
    return question.get("before_id") is not None


def has_cursor(question: Question) -> bool:
    """Whether a cursor was sent."""
    return backwards(question) or question.get("after_id") is not None


def has_unknown_cursor(ask: Ask, question: Question) -> bool:
    """Whether one cursor was sent, and no listed model is called so."""
    cursors = [question.get(name) for name in ("after_id", "before_id")]
    sent = [cursor for cursor in cursors if cursor is not None]
    return len(sent) == 1 and sent[0] not in [own["id"] for own in everything(ask, question)]


def is_page(answer: Answer) -> bool:
    """Whether the answer is a page, not a single model and no error."""
    return isinstance(answer.body, dict) and isinstance(answer.body.get("data"), list)


def is_model(answer: Answer) -> bool:
    """Whether the answer is a single model."""
    return isinstance(answer.body, dict) and "id" in answer.body


def with_body(answer: Answer, body: Any) -> Answer:
    """The answer with another body."""
    return replace(answer, body=body, text=None)


def with_page(answer: Answer, **members: Any) -> Answer:
    """A page with other members of the envelope; any other answer as it is."""
    return with_body(answer, answer.body | members) if is_page(answer) else answer


def with_data(answer: Answer, data: Iterable[Any]) -> Answer:
    """A page with other models, its cursors agreeing; any other answer as it is."""
    models = list(data)
    ids = [model["id"] for model in models] or [None]
    return with_page(answer, data=models, first_id=ids[0], last_id=ids[-1])


def with_headers(answer: Answer, **headers: str | None) -> Answer:
    """The answer with headers set anew; None takes one away, `_` stands for `-`."""
    new = {name.replace("_", "-"): value for name, value in headers.items()}
    merged = answer.headers | new
    return replace(
        answer, headers={name: text for name, text in merged.items() if text is not None}
    )


def without_headers(question: Question, *names: str) -> Question:
    """The question without some of its headers."""
    kept = {name: text for name, text in question.headers.items() if name not in names}
    return replace(question, headers=kept)


def refusal(question: Question, answer: Answer, status: int, kind: str, message: str) -> Answer:
    """An error with a well-formed body instead of the answer."""
    problem = {"type": kind, "message": message}
    body = {"type": "error", "error": problem, "request_id": f"req_{question.number:024d}"}
    return replace(answer, status=status, body=body, text=None)


def not_found(question: Question, answer: Answer) -> Answer:
    """The model that is asked for is not there."""
    message = f"model: {name_asked(question)}"
    return refusal(question, answer, 404, "not_found_error", message)


def everything(ask: Ask, question: Question) -> list[Model]:
    """All listed models, asked for as the question was (same headers, same stages)."""
    found: list[Model] = []
    start = without_cursor(replace(question, method="GET", path=_list_path(question)))
    after = None
    while True:
        answer = ask(with_query(start, limit=1000, after_id=after))
        if not is_page(answer):
            return found
        found += answer.body["data"]
        after = answer.body["last_id"]
        if not answer.body["has_more"]:
            return found


def cut_from(ask: Ask, question: Question, choice: Callable[[list[Model]], list[Model]]) -> Answer:
    """The page that an honest server would cut from other models, or from another order of them."""
    answer = ask(question)
    if not is_page(answer):
        return answer
    models = choice(everything(ask, question))
    ids = [model["id"] for model in models]
    limit = int(question.get("limit") or 20)
    before, after = question.get("before_id"), question.get("after_id")
    if not {before, after} - {None} <= set(ids):
        return answer
    if before is not None:
        end = ids.index(before)
        start, more = max(0, end - limit), end > limit
    else:
        start = 0 if after is None else ids.index(after) + 1
        end, more = start + limit, len(ids) > start + limit
    changed = with_data(answer, models[start:end])
    changed.body["has_more"] = more
    return changed


def late_model(ask: Ask, question: Question, path: str = "id") -> str | None:
    """The id of the model that a lie about one model is told about.

    The third last one, so that it hides on a late page; or an earlier one, when that has no
    property at `path`. None when no model has it.
    """
    models = everything(ask, replace(question, query=()))
    candidates = models[: max(1, len(models) - 2)]
    return next((model["id"] for model in reversed(candidates) if has_path(model, path)), None)


def edited(ask: Ask, question: Question, edit: Edit, of: str | None = None) -> Answer:
    """The answer with `edit` applied to each model in it, or to the one with the id `of` alone."""
    answer = ask(question)
    if is_page(answer):
        data = [
            edit(model) if of in (None, model["id"]) else model for model in answer.body["data"]
        ]
        return with_body(answer, answer.body | {"data": data})
    if is_model(answer) and of in (None, answer.body["id"]):
        return with_body(answer, edit(answer.body))
    return answer


def edited_late(ask: Ask, question: Question, path: str, edit: Edit) -> Answer:
    """The answer with `edit` applied to one late model alone, which has a property at `path`."""
    late = late_model(ask, question, path)
    return ask(question) if late is None else edited(ask, question, edit, late)


def has_path(model: Model, path: str) -> bool:
    """Whether the model has a property at the dotted path (null counts)."""
    node: Any = model
    for step in path.split("."):
        if not isinstance(node, dict) or step not in node:
            return False
        node = node[step]
    return True


def put(model: Model, path: str, value: Any) -> Model:
    """A copy of the model with another value at the dotted path."""
    step, _, below = path.partition(".")
    return model | {step: put(model[step], below, value) if below else value}


def dropped(model: Model, path: str) -> Model:
    """A copy of the model without the property at the dotted path."""
    step, _, below = path.partition(".")
    if below:
        return model | {step: dropped(model[step], below)}
    return {name: value for name, value in model.items() if name != step}


def _list_path(question: Question) -> str:
    return question.path.partition(LIST)[0] + LIST
