"""What gateways and mocks in public do beside the list: catch-all routes, other formats, merged lists."""

from __future__ import annotations

from dataclasses import replace

from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    LIST,
    is_list,
    is_model,
    is_page,
    lists,
    name_asked,
    retrieves,
    with_body,
    with_data,
    with_headers,
    with_page,
)
from wrong_servers.kit import HTML, PLAIN, Body, many, said, shows

NO_ROUTE = "there is no route for one model"
STRANGERS = "requests without a key, with a wrong key or with a wrong bearer token"


def _openai(name: str) -> Body:
    return {"id": name, "object": "model", "created": 1700000000, "owned_by": "x"}


def _openai_list(response: Response) -> Response:
    models = [_openai(model["id"]) for model in response.body["data"]]
    return with_body(response, {"object": "list", "data": models})


# --- routes --------------------------------------------------------------------------------------


@shows("retrieve answers with the list", hint="also matches the paths below it")
@retrieves
def route_by_its_beginning(ask: Ask, request: Request) -> Response:
    return ask(replace(request, path=LIST))


@shows(NO_ROUTE)
@retrieves
def no_route_quotes_the_path(_: Ask, request: Request) -> Response:
    message = f"Route GET:/v1/models/{name_asked(request)} not found"
    return said(request, 404, {"message": message, "error": "Not Found", "statusCode": 404})


@shows("no model is retrieved: 27 listed ids and 5 unknown ones get the same 403")
@retrieves
def path_of_no_stage(_: Ask, request: Request) -> Response:
    return said(request, 403, {"message": "Missing Authentication Token"})


@shows("errors come with status 200")
@retrieves
def unexpected_endpoint(_: Ask, request: Request) -> Response:
    return said(request, 200, {"error": f"Unexpected endpoint (GET {request.path})"})


@shows("pages with a query are refused with 404", "errors with a query are text", models=many(5))
@lists
def stub_of_the_bare_path(ask: Ask, request: Request) -> Response:
    refused = said(request, 404, "Request was not matched", PLAIN)
    return refused if request.query else ask(request)


@shows("pages with `before_id` are refused with 400", "`beta=true` is not accepted on the list")
@lists
def two_parameters_refused(ask: Ask, request: Request) -> Response:
    error = {"type": "invalid_request_error", "message": "invalid query"}
    refused = request.get("before_id") is not None or request.get("beta") is not None
    body = {"type": "error", "error": error, "request_id": None}
    return said(request, 400, body) if refused else ask(request)


@shows(f"{STRANGERS} get an error with status 200", hint="refuse them with 401")
def refusals_with_200(ask: Ask, request: Request) -> Response:
    response = ask(request)
    body = {"success": False, "message": "invalid token"}
    return said(request, 200, body) if response.status == 401 else response


@shows("the list is answered with 404", hint="without /v1")
def another_prefix(_: Ask, request: Request) -> Response:
    return said(request, 404, {"detail": "Not Found"})


@shows("the list redirects to https://gateway.example with 301")
def moved_to_https(_: Ask, request: Request) -> Response:
    page = said(request, 301, "<html><title>301 Moved Permanently</title></html>", HTML)
    return with_headers(page, location="https://gateway.example")


@shows(f"{NO_ROUTE}: 27 listed ids and 5 unknown ones get the same web page with 200")
@retrieves
def dashboard_for_other_paths(_: Ask, request: Request) -> Response:
    return said(request, 200, "<!doctype html><html><title>Dashboard</title></html>", HTML)


@shows("only the first request is answered: each of ", hint="to answer once")
def stub_that_answers_once(ask: Ask, request: Request) -> Response:
    body = {"type": "error", "error": {"type": "api_error", "message": "no more stubs"}}
    return ask(request) if request.number == 1 else said(request, 500, body)


@shows("the key is not checked: " + STRANGERS + " get a success", "`data` is missing")
def health_check_for_every_path(_: Ask, request: Request) -> Response:
    return said(request, 200, {"status": "ok"})


# --- formats -------------------------------------------------------------------------------------


@shows("retrieve answers in OpenAI's format")
def openai_object_and_an_openai_list(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if is_model(response):
        return with_body(response, _openai(response.body["id"]))
    other = is_page(response) and "anthropic-version" not in request.headers
    return _openai_list(response) if other else response


@shows("the list with the key as bearer token comes in OpenAI's format: the only such response has")
@lists
def openai_list_for_others(ask: Ask, request: Request) -> Response:
    response = ask(request)
    native = {"x-api-key", "anthropic-version"} <= request.headers.keys()
    return response if native or not is_page(response) else _openai_list(response)


@shows(NO_ROUTE, "the list comes in OpenAI's format")
def openai_list_alone(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_list(request):
        return said(request, 404, {"detail": "Not Found"})
    return _openai_list(response) if is_page(response) else response


@shows("the list comes in OpenAI's format")
@lists
def openai_list_with_another_beside_it(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response):
        return response
    both = _openai_list(response)
    models = [{"name": model["id"], "digest": ""} for model in both.body["data"]]
    return with_body(both, {**both.body, "models": models})


# --- merged lists --------------------------------------------------------------------------------


def _of_providers() -> list[Body]:
    return [{**model, "id": f"anthropic/{model['id']}"} for model in many(27)]


@shows("`first_id` and `last_id` are ids without their beginning", models=_of_providers())
@lists
def cursors_of_the_provider(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response) or not response.body["data"]:
        return response
    ids = [model["id"].removeprefix("anthropic/") for model in response.body["data"]]
    return with_page(response, first_id=ids[0], last_id=ids[-1])


@shows("claude-opus-4-7 is twice on a page", models=many(5))
@lists
def one_model_of_two_providers(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response) or request.query:
        return response
    models = response.body["data"]
    return with_data(response, [*models, {**models[-1], "display_name": "of another provider"}])


@shows("`has_more` is left out where no more models follow", hint="`omitempty`")
@lists
def false_is_left_out(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response) or response.body["has_more"]:
        return response
    kept = {key: own for key, own in response.body.items() if key != "has_more"}
    return with_body(response, kept)


# --- now and then --------------------------------------------------------------------------------


@shows("an error page of cloudflare comes instead of JSON", hint="a gateway in front")
def challenge_now_and_then(ask: Ask, request: Request) -> Response:
    page = said(request, 403, "<!DOCTYPE html><title>Just a moment...</title>", HTML)
    asked = ask(request)
    return asked if request.number % 7 else with_headers(page, server="cloudflare")


@shows("requests fail now and then, with 403: ")
def refused_now_and_then(ask: Ask, request: Request) -> Response:
    asked = ask(request)
    if request.number % 3 or asked.status != 200:
        return asked
    problem = {"type": "permission_error", "message": "not now"}
    return said(request, 403, {"type": "error", "error": problem, "request_id": None})
