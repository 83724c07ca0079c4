"""Single models and errors: no route, another format, another model, errors of a framework."""

from __future__ import annotations

from dataclasses import replace

from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    edited,
    everything,
    is_list,
    is_model,
    is_page,
    lists,
    name_asked,
    retrieves,
    with_body,
    with_data,
    with_query,
    without_headers,
)
from wrong_servers.kit import HTML, PLAIN, many, said, shows


def _accented(number: int) -> list[dict[str, object]]:
    """A catalogue whose ids have characters beyond ASCII."""
    return [{**model, "id": f"modèle-{n}"} for n, model in enumerate(many(number))]


NO_ROUTE = "there is no route for one model"


@shows(NO_ROUTE, hint="answer GET /v1/models/{id}")
@retrieves
def no_route(_: Ask, request: Request) -> Response:
    return said(request, 404, "404 page not found", PLAIN)


@shows(NO_ROUTE)
@retrieves
def no_route_of_fastapi(_: Ask, request: Request) -> Response:
    return said(request, 404, {"detail": "Not Found"})


@shows(NO_ROUTE)
@retrieves
def no_route_of_express(_: Ask, request: Request) -> Response:
    text = f"<!DOCTYPE html><html><body><pre>Cannot GET {request.path}</pre></body></html>"
    return said(request, 404, text, HTML)


@shows(NO_ROUTE)
@retrieves
def wrong_method(_: Ask, request: Request) -> Response:
    return said(request, 405, {"detail": "Method Not Allowed"})


@shows("retrieve answers in OpenAI's format", hint="`anthropic-version`")
@retrieves
def openai_object(ask: Ask, request: Request) -> Response:
    own = {"id": name_asked(request), "object": "model", "created": 1700000000, "owned_by": "x"}
    response = ask(request)
    return with_body(response, own) if is_model(response) else response


@shows("retrieve always responds with the same model, claude-opus-5")
@retrieves
def always_the_first(ask: Ask, request: Request) -> Response:
    response = ask(request)
    first = everything(ask, replace(request, headers={}, trusted=True))[0]
    return said(request, 200, first) if response.status in (200, 404) else response


@shows("retrieve answers with the model claude-opus-5 for every unknown id", hint="refuse it")
@retrieves
def the_newest_by_default(ask: Ask, request: Request) -> Response:
    response = ask(request)
    first = everything(ask, replace(request, headers={}, trusted=True))[0]
    return said(request, 200, first) if response.status == 404 else response


@shows("no listed model can be retrieved", hint="the server says", models=_accented(5))
@retrieves
def ids_read_as_latin_1(ask: Ask, request: Request) -> Response:
    name = name_asked(request).encode().decode("latin-1")
    problem = {"type": "not_found_error", "message": f"model: {name}"}
    response = ask(request)
    plain = name.isascii() or response.status == 401
    error = {"type": "error", "error": problem, "request_id": None}
    return response if plain else said(request, 404, error)


@shows("models after the 20th of the list cannot be retrieved", models=many(40))
@retrieves
def only_the_first_page(ask: Ask, request: Request) -> Response:
    known = [model["id"] for model in everything(ask, request)[:20]]
    listed = name_asked(request) in known
    return ask(request) if listed else ask(replace(request, path="/v1/models/nothing"))


@shows("ids with a slash cannot be retrieved")
@retrieves
def slashes(ask: Ask, request: Request) -> Response:
    return (
        said(request, 404, {"detail": "Not Found"}) if "/" in name_asked(request) else ask(request)
    )


def _capitals(number: int) -> list[dict[str, object]]:
    """A catalogue where every third id has a capital letter."""
    return [
        {**model, "id": f"Model-{n}" if n % 3 == 1 else f"model-{n}"}
        for n, model in enumerate(many(number))
    ]


@shows("ids with a capital letter cannot be retrieved", models=_capitals(9))
@retrieves
def paths_in_lower_case(ask: Ask, request: Request) -> Response:
    return ask(replace(request, path=request.path.lower()))


@shows("pages for cursors with a capital letter are refused with 400", models=_capitals(9))
@lists
def cursors_in_lower_case(ask: Ask, request: Request) -> Response:
    sent = {name: request.get(name) for name in ("after_id", "before_id")}
    return ask(with_query(request, **{name: own and own.lower() for name, own in sent.items()}))


@shows("errors with 404 are problem details (RFC 9457)")
@retrieves
def problem_details(ask: Ask, request: Request) -> Response:
    response = ask(request)
    problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no model"}
    return said(request, 404, problem) if response.status == 404 else response


@shows("an unknown id is answered with 500, not refused")
@retrieves
def unknown_model_fails(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return said(request, 500, {"error": "KeyError"}) if response.status == 404 else response


@shows("an unknown id is answered with 200 and an empty array", hint="refuse it")
@retrieves
def unknown_model_is_an_empty_array(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return said(request, 200, []) if response.status == 404 else response


@shows("errors have an empty body: each of")
def errors_are_empty(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return said(request, response.status, "", HTML) if response.status >= 400 else response


@shows("errors with 404 and 422 have `detail` in place of `error`, as FastAPI")
def errors_of_fastapi(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if response.status == 400 and request.get("limit") is not None:
        problem = {"type": "less_than_equal", "loc": ["query", "limit"], "msg": "Input"}
        return said(request, 422, {"detail": [problem]})
    return said(request, 404, {"detail": "Model not found"}) if response.status == 404 else response


@shows("errors are in OpenAI's format, without `type` beside `error`")
def errors_of_openai(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if response.status < 400:
        return response
    error = {"message": "m", "type": "invalid_request_error", "param": None, "code": None}
    return with_body(response, {"error": error})


@shows("errors with 404 are web pages, not JSON")
@retrieves
def error_as_web_page(ask: Ask, request: Request) -> Response:
    response = ask(request)
    page = "<html><body>Gone</body></html>"
    return said(request, 404, page, HTML) if response.status == 404 else response


@shows("the key is not checked")
def any_key(ask: Ask, request: Request) -> Response:
    return ask(replace(request, trusted=True))


@shows("the key as bearer token is not accepted")
def only_x_api_key(ask: Ask, request: Request) -> Response:
    return ask(without_headers(request, "authorization"))


@shows("`anthropic-version: 2026-10-21` is not accepted")
def one_version_only(ask: Ask, request: Request) -> Response:
    if request.headers.get("anthropic-version", "2023-06-01") == "2023-06-01":
        return ask(request)
    return said(
        request, 400, {"type": "error", "error": {"type": "invalid_request_error", "message": "v"}}
    )


def _without_a_name(ask: Ask, request: Request) -> Response:
    def nameless(model: dict[str, object]) -> dict[str, object]:
        return {key: own for key, own in model.items() if key != "display_name"}

    return edited(ask, request, nameless, "claude-2.1")


@shows(
    "an unknown id is answered with 200 and `null`",
    "`after_id` is ignored",
    "`display_name` is missing",
)
def gateway_with_three_bugs(ask: Ask, request: Request) -> Response:
    if is_list(request):
        return _without_a_name(ask, with_query(request, after_id=None))
    response = _without_a_name(ask, request)
    return response if is_model(response) or response.status != 404 else said(request, 200, None)


@shows("`data` is null, not an array on empty pages")
def null_for_nothing(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if is_page(response) and not response.body["data"]:
        return with_body(response, {**response.body, "data": None})
    return response if not is_page(response) else with_data(response, response.body["data"])
