"""Slips of a single line: refusals that crash, ranges that are off by one, a list that is used up."""

from __future__ import annotations

from dataclasses import replace

from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    everything,
    has_cursor,
    is_list,
    is_page,
    lists,
    retrieves,
    with_body,
    with_data,
    with_headers,
    with_page,
    with_query,
)
from pytest_models_contract.spec.revision import Revision
from wrong_servers.kit import PLAIN, shows, size_of

NEWEST = Revision.known()[-1]


def _failed() -> Response:
    """The response of a framework to an exception that nobody catches."""
    return Response(500, {"content-type": PLAIN}, None, b"Internal Server Error")


@shows("whatever should be refused makes the server fail", hint="turn the exception into a 4xx")
def refusals_fail(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return response if response.status == 200 else _failed()


@shows("an illegal `limit`, a cursor that names no model and a request with both cursors make the")
def refusals_with_400_fail(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return _failed() if response.status == 400 else response


@shows("no model is retrieved: 27 listed ids and 5 unknown ones get the same 500")
@retrieves
def retrieve_fails(_: Ask, __: Request) -> Response:
    return _failed()


@shows("listed models cannot be retrieved")
@retrieves
def models_cannot_be_written(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return _failed() if response.status == 200 else response


@shows("illegal values of `limit` get 302 and a redirect to /, no refusal", hint="`Accept:")
@lists
def failed_validation_redirects(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if response.status == 400 and request.get("limit") is not None:
        return with_headers(replace(response, status=302), location="/")
    return response


@shows("errors with 404 have an empty type, not not_found_error")
def error_without_a_type(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if response.status != 404:
        return response
    return with_body(response, {**response.body, "error": {**response.body["error"], "type": ""}})


@shows("a list without a cursor lacks its first models", hint="starts too late")
@lists
def first_page_starts_late(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response) or request.get("after_id") or request.get("before_id"):
        return response
    size = size_of(request)
    models = everything(ask, request)[1:]
    return with_page(with_data(response, models[:size]), has_more=len(models) > size)


@shows("`has_more` is true on pages that are not full, and false on full ones")
@lists
def has_more_where_the_page_is_short(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response):
        return response
    size = size_of(request)
    return with_page(response, has_more=len(response.body["data"]) < size)


@shows(
    "pages never hold the model at the end of the list with `before_id`",
    hint="ends one place too early",
)
@lists
def range_ends_too_early(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response) or request.get("before_id") is None:
        return response
    newest = everything(ask, request)[0]
    models = [model for model in response.body["data"] if model["id"] != newest["id"]]
    return with_data(response, models)


@shows("the list is used up: 27 models at first, none in", hint="`splice`")
@lists
def served_models_are_removed(ask: Ask, request: Request) -> Response:
    response, left = ask(request), everything(ask, request)
    for earlier in filter(is_list, list(request.asked)[:-1]):
        limit = earlier.get("limit") or ""
        left = left[int(limit) if limit.isdecimal() else 20 :]
    return with_data(response, left) if is_page(response) else response


# --- with the filter by stage --------------------------------------------------------------------


@shows("pages with a cursor are refused with 400", revision=NEWEST)
@lists
def no_cursor_is_known(ask: Ask, request: Request) -> Response:
    if not has_cursor(request):
        return ask(request)
    return ask(with_query(request, after_id="no-such-model", before_id=None))


@shows("past the ends of the list comes 500, not an empty page", revision=NEWEST)
@lists
def empty_page_fails(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return _failed() if is_page(response) and not response.body["data"] else response


@shows("`lifecycle[]` is ignored", revision=NEWEST)
@lists
def filter_is_not_known(ask: Ask, request: Request) -> Response:
    query = [pair for pair in request.query if pair[0] != "lifecycle[]"]
    every = [("lifecycle[]", stage) for stage in ("active", "deprecated", "retired")]
    return ask(replace(request, query=(*query, *every)))
