"""Faults of a single model: another model, another response format, or none."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from pytest_models_contract.fake.exchange import Ask, Request, Response
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
def listed_model_is_unknown(ask: Ask, request: Request, applies: Any) -> Response:
    """Retrieve does not find models that are listed."""
    response, name = ask(request), name_asked(request)
    ids = [model["id"] for model in everything(ask, request)]
    return not_found(request, response) if applies(ids, name) else response


@fault
@retrieves
def late_model_crashes(ask: Ask, request: Request) -> Response:
    """Retrieve of one late model gets 500."""
    response = ask(request)
    if name_asked(request) != late_model(ask, request):
        return response
    return refusal(request, response, 500, "api_error", "internal error")


@family({"any": lambda _: True, "listed": lambda response: response.status == 200})
@retrieves
def retrieve_gives_the_newest(ask: Ask, request: Request, applies: Any) -> Response:
    """Retrieve returns the newest model for any id."""
    response, models = ask(request), everything(ask, request)
    return (
        replace(response, status=200, body=models[0]) if models and applies(response) else response
    )


@fault
@retrieves
def retrieve_gives_the_neighbour(ask: Ask, request: Request) -> Response:
    """Retrieve of one late model returns the one listed before it."""
    late, ids = late_model(ask, request), [model["id"] for model in everything(ask, request)]
    if name_asked(request) != late or len(ids) < 2:
        return ask(request)
    return ask(asks_for(request, quote(ids[ids.index(late) - 1], safe="")))


@fault
@retrieves
def retrieve_echoes_any_id(ask: Ask, request: Request) -> Response:
    """Retrieve returns an invented model for an unknown id."""
    response, models = ask(request), everything(ask, request)
    if response.status != 404 or not models:
        return response
    return replace(response, status=200, body=models[0] | {"id": name_asked(request)})


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
def model_shape_is(ask: Ask, request: Request, converted: Any) -> Response:
    """A single model is wrapped, or has the format of another API."""
    response = ask(request)
    return with_body(response, converted(response.body)) if is_model(response) else response


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
def retrieved_differs_in(ask: Ask, request: Request, edit: Any) -> Response:
    """One late model differs between retrieve and the list."""
    response = ask(request)
    late = is_model(response) and response.body["id"] == late_model(
        ask, request, "capabilities.batch.supported"
    )
    return with_body(response, edit(response.body)) if late else response


@fault
@retrieves
def retrieved_models_are_short(ask: Ask, request: Request) -> Response:
    """Retrieve returns only the fields of revision 2024-12-17; the list has all fields."""
    response = ask(request)
    names = ("id", "type", "display_name", "created_at")
    if not is_model(response):
        return response
    return with_body(response, {name: response.body[name] for name in names})


@family({"slash": "/", "colon": ":", "at": "@", "space": " "})
@retrieves
def id_is_unreachable_with(ask: Ask, request: Request, character: str) -> Response:
    """Retrieve does not find ids that have a certain character."""
    response = ask(request)
    if character not in name_asked(request):
        return response
    return not_found(request, response)


@family({"slash": "/", "colon": ":", "at": "@", "space": " "})
@retrieves
def id_is_cut_at(ask: Ask, request: Request, character: str) -> Response:
    """Retrieve reads an id only up to a certain character."""
    name = name_asked(request)
    return ask(asks_for(request, quote(name.partition(character)[0], safe="")))


@fault
@retrieves
def id_is_not_decoded(ask: Ask, request: Request) -> Response:
    """Retrieve does not decode the percent-encoded id of the path."""
    return ask(replace(request, path=request.path.replace("%", "%25")))


@fault
@retrieves
def ids_match_by_their_beginning(ask: Ask, request: Request) -> Response:
    """Retrieve returns, for an unknown id, the model whose id is the beginning of this id."""
    response, name = ask(request), name_asked(request)
    found = [m for m in everything(ask, request) if name.startswith(m["id"])]
    if response.status != 404 or not found:
        return response
    return replace(response, status=200, body=found[0])


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
def unknown_model_gets(ask: Ask, request: Request, case: tuple[int, str | None]) -> Response:
    """An unknown model gets another status than 404; the body may still be an error."""
    status, text = case
    response = ask(request)
    if response.status != 404:
        return response
    moved = with_headers(response, location="/v1/models") if status == 302 else response
    return replace(moved, status=status, text=None if text is None else text.encode())


@family({"html": "text/html", "plain": "text/plain", "missing": None})
@retrieves
def model_content_type_is(ask: Ask, request: Request, content_type: str | None) -> Response:
    """A single model is not declared to be JSON."""
    response = ask(request)
    return with_headers(response, content_type=content_type) if is_model(response) else response


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
def model_body_is(ask: Ask, request: Request, spoil: Any) -> Response:
    """The body of a single model is not strict JSON."""
    response = ask(request)
    return replace(response, text=spoil(response.encoded())) if is_model(response) else response


@family({"201": 201, "202": 202, "500": 500})
@retrieves
def model_status_is(ask: Ask, request: Request, status: int) -> Response:
    """A single model has another status than 200."""
    response = ask(request)
    return replace(response, status=status) if is_model(response) else response


@family({"301": 301, "307": 307})
def retrieve_redirects(ask: Ask, request: Request, status: int) -> Response:
    """A request for a single model is redirected to the path with a slash."""
    if request.path.endswith("/"):
        return ask(replace(request, path=request.path[:-1]))
    response = ask(request)
    if is_list(request) or not is_model(response):
        return response
    return replace(with_headers(response, location=f"{request.path}/"), status=status, text=b"")


@family(
    {
        "prefix": str.startswith,
        "substring": str.__contains__,
        "last-segment": lambda found, name: found == name.rpartition("/")[2],
    }
)
@retrieves
def retrieve_goes_by(ask: Ask, request: Request, like: Any) -> Response:
    """Retrieve returns, for an unknown name, the model whose id begins with it, contains it or ends it."""
    response, name = ask(request), name_asked(request)
    found = [own for own in everything(ask, request) if name and like(own["id"], name)]
    if response.status != 404 or not found:
        return response
    return replace(with_body(response, found[0]), status=200)


@fault
@retrieves
def odd_model_is_unknown(ask: Ask, request: Request) -> Response:
    """Retrieve does not find a model whose id has characters beyond ASCII."""
    response = ask(request)
    return response if name_asked(request).isascii() else not_found(request, response)


@fault
@retrieves
def retrieve_reads_patterns(ask: Ask, request: Request) -> Response:
    """Retrieve looks an id up with SQL's LIKE: `%` stands for any text."""
    response, name = ask(request), name_asked(request)
    if response.status != 404 or "%" not in name:
        return response
    pattern = ".*".join(map(re.escape, name.split("%")))
    found = (own for own in everything(ask, request) if re.fullmatch(pattern, own["id"], re.DOTALL))
    model = next(found, None)
    return replace(with_body(response, model), status=200) if model else response


@fault
@retrieves
def object_property_is_a_model(ask: Ask, request: Request) -> Response:
    """Retrieve of an id such as `constructor`, a property of JavaScript objects, gets `{}` with 200."""
    response = ask(request)
    found = name_asked(request) in {"constructor", "toString", "__proto__"}
    return replace(with_body(response, {}), status=200) if found else response
