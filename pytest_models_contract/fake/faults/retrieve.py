"""Lies about a single model: another one, another shape, or none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    asks_for,
    dropped,
    everything,
    family,
    fault,
    is_list,
    is_model,
    late_model,
    name_asked,
    not_found,
    put,
    refusal,
    retrieves,
    with_body,
    with_headers,
)


@family(
    {
        "21st": lambda ids, name: name in ids[20:21],
        "after-the-20th": lambda ids, name: name in ids[20:],
        "first": lambda ids, name: name in ids[:1],
        "last": lambda ids, name: name in ids[-1:],
        "all": lambda ids, name: name in ids,
    }
)
@retrieves
def listed_model_is_unknown(ask: Ask, question: Question, hit: Any) -> Answer:
    """Retrieve does not know models that are listed."""
    answer, name = ask(question), name_asked(question)
    ids = [model["id"] for model in everything(ask, question)]
    return not_found(question, answer) if hit(ids, name) else answer


@fault
@retrieves
def late_model_crashes(ask: Ask, question: Question) -> Answer:
    """Retrieve of one late model gets 500."""
    answer = ask(question)
    if name_asked(question) != late_model(ask, question):
        return answer
    return refusal(question, answer, 500, "api_error", "internal error")


@family({"any": lambda _: True, "listed": lambda answer: answer.status == 200})
@retrieves
def retrieve_gives_the_newest(ask: Ask, question: Question, told: Any) -> Answer:
    """Retrieve answers with the newest model, whichever was asked for."""
    answer, models = ask(question), everything(ask, question)
    return replace(answer, status=200, body=models[0]) if models and told(answer) else answer


@fault
@retrieves
def retrieve_gives_the_neighbour(ask: Ask, question: Question) -> Answer:
    """Retrieve of one late model answers with the one listed before it."""
    late, ids = late_model(ask, question), [model["id"] for model in everything(ask, question)]
    if name_asked(question) != late or len(ids) < 2:
        return ask(question)
    return ask(asks_for(question, quote(ids[ids.index(late) - 1], safe="")))


@fault
@retrieves
def retrieve_echoes_any_id(ask: Ask, question: Question) -> Answer:
    """Retrieve knows every id: what it does not know it makes up."""
    answer, models = ask(question), everything(ask, question)
    if answer.status != 404 or not models:
        return answer
    return replace(answer, status=200, body=models[0] | {"id": name_asked(question)})


@family(
    {
        "data": lambda model: {"data": model},
        "model": lambda model: {"model": model},
        "result": lambda model: {"result": model, "success": True},
        "list": lambda model: [model],
        "page": lambda model: {"data": [model], "has_more": False},
        "id": lambda model: model["id"],
        "null": lambda _: None,
        "empty": lambda _: {},
        "openai": lambda model: {"id": model["id"], "object": "model", "owned_by": "anthropic"},
    }
)
@retrieves
def model_shape_is(ask: Ask, question: Question, reshaped: Any) -> Answer:
    """A single model is wrapped, or has the shape of another API."""
    answer = ask(question)
    return with_body(answer, reshaped(answer.body)) if is_model(answer) else answer


@family(
    {
        "display_name": lambda model: put(model, "display_name", model["display_name"].upper()),
        "created_at": lambda model: put(model, "created_at", "1970-01-02T00:00:00Z"),
        "capabilities-null": lambda model: put(model, "capabilities", None),
        "max_tokens": lambda model: put(model, "max_tokens", 1),
        "max_input_tokens-null": lambda model: put(model, "max_input_tokens", None),
        "batch": lambda model: put(model, "capabilities.batch.supported", False),
        "type-absent": lambda model: dropped(model, "type"),
        "display_name-absent": lambda model: dropped(model, "display_name"),
        "created_at-absent": lambda model: dropped(model, "created_at"),
        "id-case": lambda model: put(model, "id", model["id"].upper()),
    }
)
@retrieves
def retrieved_differs_in(ask: Ask, question: Question, edit: Any) -> Answer:
    """One late model is not the same under retrieve as in the list."""
    answer = ask(question)
    late = is_model(answer) and answer.body["id"] == late_model(
        ask, question, "capabilities.batch.supported"
    )
    return with_body(answer, edit(answer.body)) if late else answer


@fault
@retrieves
def retrieved_models_are_short(ask: Ask, question: Question) -> Answer:
    """Retrieve gives the fields of 2024 only, the list all of them."""
    answer = ask(question)
    names = ("id", "type", "display_name", "created_at")
    if not is_model(answer):
        return answer
    return with_body(answer, {name: answer.body[name] for name in names})


@family({"slash": "/", "colon": ":", "at": "@", "space": " "})
@retrieves
def id_is_unreachable_with(ask: Ask, question: Question, character: str) -> Answer:
    """Retrieve does not find ids that have a certain character."""
    answer = ask(question)
    if character not in name_asked(question):
        return answer
    return not_found(question, answer)


@family({"slash": "/", "colon": ":", "at": "@", "space": " "})
@retrieves
def id_is_cut_at(ask: Ask, question: Question, character: str) -> Answer:
    """Retrieve reads an id only up to a certain character."""
    name = name_asked(question)
    return ask(asks_for(question, quote(name.partition(character)[0], safe="")))


@fault
@retrieves
def id_is_not_decoded(ask: Ask, question: Question) -> Answer:
    """Retrieve compares the percent-encoded id, as it stands in the path."""
    return ask(replace(question, path=question.path.replace("%", "%25")))


@fault
@retrieves
def ids_match_by_their_beginning(ask: Ask, question: Question) -> Answer:
    """Retrieve answers an unknown id with the model whose id it begins with."""
    answer, name = ask(question), name_asked(question)
    near = [m for m in everything(ask, question) if name.startswith(m["id"])]
    return replace(answer, status=200, body=near[0]) if answer.status == 404 and near else answer


@family(
    {
        "200": (200, None),
        "200-null": (200, "null"),
        "200-empty": (200, "{}"),
        "204": (204, ""),
        "302": (302, ""),
        "400": (400, None),
        "422": (422, None),
        "500": (500, None),
        "501": (501, None),
    }
)
@retrieves
def unknown_model_gets(ask: Ask, question: Question, case: tuple[int, str | None]) -> Answer:
    """An unknown model gets another status than 404; the body may still be an error."""
    status, text = case
    answer = ask(question)
    if answer.status != 404:
        return answer
    moved = with_headers(answer, location="/v1/models") if status == 302 else answer
    return replace(moved, status=status, text=None if text is None else text.encode())


@family({"html": "text/html", "plain": "text/plain", "missing": None})
@retrieves
def model_content_type_is(ask: Ask, question: Question, content_type: str | None) -> Answer:
    """A single model is not declared to be JSON."""
    answer = ask(question)
    return with_headers(answer, content_type=content_type) if is_model(answer) else answer


@family(
    {
        "duplicate-key": lambda text: b'{"type":"model",' + text[1:],
        "nan": lambda text: text[:-1] + b',"score":NaN}',
        "trailing-garbage": lambda text: text + b";",
        "bom": lambda text: b"\xef\xbb\xbf" + text,
        "invalid-utf8": lambda text: text.replace(b"Claude", b"Cl\xe4ude", 1),
        "empty": lambda _: b"",
    }
)
@retrieves
def model_body_is(ask: Ask, question: Question, spoil: Any) -> Answer:
    """The body of a single model is not strict JSON."""
    answer = ask(question)
    return replace(answer, text=spoil(answer.encoded())) if is_model(answer) else answer


@family({"201": 201, "202": 202, "500": 500})
@retrieves
def model_status_is(ask: Ask, question: Question, status: int) -> Answer:
    """A single model comes with another status than 200."""
    answer = ask(question)
    return replace(answer, status=status) if is_model(answer) else answer


@family({"301": 301, "307": 307})
def retrieve_redirects(ask: Ask, question: Question, status: int) -> Answer:
    """A single model is found only behind a redirect to the path with a slash."""
    if question.path.endswith("/"):
        return ask(replace(question, path=question.path[:-1]))
    answer = ask(question)
    if is_list(question) or not is_model(answer):
        return answer
    return replace(with_headers(answer, location=f"{question.path}/"), status=status, text=b"")


@family({"prefix": str.startswith, "substring": str.__contains__})
@retrieves
def retrieve_goes_by(ask: Ask, question: Question, like: Any) -> Answer:
    """A name that no model has is answered with the first one whose id begins with it, or has it inside."""
    answer, name = ask(question), name_asked(question)
    found = [own for own in everything(ask, question) if name and like(own["id"], name)]
    if answer.status != 404 or not found:
        return answer
    return replace(with_body(answer, found[0]), status=200)


@fault
@retrieves
def odd_model_is_unknown(ask: Ask, question: Question) -> Answer:
    """Retrieve does not know a model whose id has signs beyond ASCII."""
    answer = ask(question)
    return answer if name_asked(question).isascii() else not_found(question, answer)


@fault
@retrieves
def object_property_is_a_model(ask: Ask, question: Question) -> Answer:
    """A name that every object of JavaScript has is answered with an empty object."""
    answer = ask(question)
    found = name_asked(question) in {"constructor", "toString", "__proto__"}
    return replace(with_body(answer, {}), status=200) if found else answer
