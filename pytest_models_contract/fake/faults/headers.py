"""Faults of headers: request ids, beta values, versions, the two headers for a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    edited,
    family,
    fault,
    is_list,
    is_model,
    is_page,
    put,
    refusal,
    with_body,
    with_data,
    with_headers,
    with_page,
    without_headers,
)

NEWER, OLDER = "2026-10-21", "2023-06-01"
ONE_BETA = "token-counting-2024-11-01"
Applies = Callable[[Request], bool]


@family(
    {
        "always": lambda _: True,
        "errors": lambda response: response.status >= 400,
        "404": lambda response: response.status == 404,
        "lists": is_page,
        "models": is_model,
    }
)
def request_id_absent_on(ask: Ask, request: Request, applies: Any) -> Response:
    """Responses lack the request-id header."""
    response = ask(request)
    return with_headers(response, request_id=None) if applies(response) else response


@fault
def request_id_absent_with_the_beta_query(ask: Ask, request: Request) -> Response:
    """Responses to `?beta=true` lack the request-id header."""
    response = ask(request)
    return with_headers(response, request_id=None) if request.get("beta") else response


@family({"constant": "req_0", "empty": ""})
def request_id_is(ask: Ask, request: Request, request_id: str) -> Response:
    """The request-id header is always the same."""
    return with_headers(ask(request), request_id=request_id)


@fault
def request_id_of_the_path(ask: Ask, request: Request) -> Response:
    """The request-id header is the same for the same path."""
    return with_headers(ask(request), request_id=f"req_{len(request.path):06d}")


@fault
def request_id_comes_in_pairs(ask: Ask, request: Request) -> Response:
    """Each request-id is used twice."""
    return with_headers(ask(request), request_id=f"req_{request.number // 2:06d}")


@fault
def request_id_has_another_name(ask: Ask, request: Request) -> Response:
    """The id of the request is only in the header x-request-id."""
    response = ask(request)
    return with_headers(response, request_id=None, x_request_id=response.headers["request-id"])


@fault
def request_id_differs_in_the_body(ask: Ask, request: Request) -> Response:
    """The body of an error has another request id than its header."""
    response = ask(request)
    if response.status < 400:
        return response
    return with_body(response, put(response.body, "request_id", f"req_x{request.number}"))


def betas_of(request: Request) -> str:
    """The beta values that were sent, as they came."""
    return request.headers.get("anthropic-beta", "")


BETA_CASES: dict[str, Applies] = {
    "any": lambda request: bool(betas_of(request)),
    "one-value": lambda request: ONE_BETA in betas_of(request),
    "joined": lambda request: "," in betas_of(request),
    "many": lambda request: betas_of(request).count(",") > 9,
    "on-retrieve": lambda request: bool(betas_of(request)) and not is_list(request),
}


@family(BETA_CASES)
def beta_refused(ask: Ask, request: Request, applies: Applies) -> Response:
    """A beta value that the reference lists is refused with 400."""
    response = ask(request)
    if not applies(request):
        return response
    return refusal(request, response, 400, "invalid_request_error", "anthropic-beta: not known")


@family(BETA_CASES)
def beta_crashes(ask: Ask, request: Request, applies: Applies) -> Response:
    """A beta value that the reference lists gets 500."""
    response = ask(request)
    return refusal(request, response, 500, "api_error", "no") if applies(request) else response


@family(
    {
        "null-cursors": lambda response: with_page(response, first_id=None, last_id=None),
        "string-has_more": lambda response: with_page(response, has_more="false"),
        "bare-array": lambda response: with_body(response, response.body["data"]),
        "reordered": lambda response: with_data(response, response.body["data"][::-1]),
        "one-less": lambda response: with_data(response, response.body["data"][:-1]),
        "empty": lambda response: with_page(with_data(response, []), has_more=False),
    }
)
def beta_list_is(ask: Ask, request: Request, edit: Callable[[Response], Response]) -> Response:
    """A request with a beta value gets another list than a request without it."""
    response = ask(request)
    return edit(response) if betas_of(request) and is_page(response) else response


@family({"type": "type", "created_at": "created_at", "display_name": "display_name"})
def beta_models_lack(ask: Ask, request: Request, name: str) -> Response:
    """A request with a beta value gets models without a property."""
    if not betas_of(request):
        return ask(request)
    return edited(ask, request, lambda m: {k: v for k, v in m.items() if k != name})


@family({NEWER: NEWER, OLDER: OLDER})
def version_refused(ask: Ask, request: Request, version: str) -> Response:
    """One of the two versions that clients send is refused."""
    response = ask(request)
    if request.headers.get("anthropic-version") != version:
        return response
    return refusal(request, response, 400, "invalid_request_error", f"version {version} not known")


@family({NEWER: NEWER, OLDER: OLDER})
def version_crashes(ask: Ask, request: Request, version: str) -> Response:
    """One of the two versions that clients send gets 500."""
    response = ask(request)
    if request.headers.get("anthropic-version") != version:
        return response
    return refusal(request, response, 500, "api_error", "internal error")


@family(
    {
        f"{version}-{name}": (version, edit)
        for version in (NEWER, OLDER)
        for name, edit in {
            "one-less": lambda page: page | {"data": page["data"][:-1]},
            "reordered": lambda page: page | {"data": page["data"][::-1]},
            "openai": lambda page: {"object": "list", "data": [_openai(m) for m in page["data"]]},
        }.items()
    }
)
def version_list_is(ask: Ask, request: Request, case: tuple[str, Any]) -> Response:
    """One of the two versions that clients send gets another list."""
    version, edit = case
    response = ask(request)
    if not is_page(response) or request.headers.get("anthropic-version") != version:
        return response
    page = edit(response.body)
    changed = with_body(response, page)
    return with_data(changed, page["data"]) if "has_more" in page else changed


def _openai(model: Any) -> Any:
    return {"id": model["id"], "object": "model", "created": 0, "owned_by": "anthropic"}


@family(
    {
        f"{place}-{status}": (place, status, kind)
        for place in ("list", "model")
        for status, kind in {
            400: "invalid_request_error",
            404: "not_found_error",
            500: "api_error",
        }.items()
    }
)
def beta_namespace_gets(ask: Ask, request: Request, case: tuple[str, int, str]) -> Response:
    """`?beta=true`, which the SDKs' beta namespace sends, is not accepted."""
    place, status, kind = case
    response = ask(request)
    here = is_list(request) == (place == "list")
    if request.get("beta") is None or not here or response.status != 200:
        return response
    return refusal(request, response, status, kind, "beta: not known")


@family(
    {
        "string": "claude-opus-5",
        "ints": [1, 2],
        "objects": [{"id": "claude-opus-5"}],
        "null-inside": [None],
        "object": {"claude-opus-5": True},
        "false": False,
        "empty-string": "",
    }
)
def allowed_fallback_models_is(ask: Ask, request: Request, value: Any) -> Response:
    """`?beta=true` gives models an `allowed_fallback_models` that is not a list of ids."""
    if request.get("beta") is None:
        return ask(request)
    return edited(ask, request, lambda model: model | {"allowed_fallback_models": value})


@fault
def retrieved_fallbacks_are_no_list(ask: Ask, request: Request) -> Response:
    """`?beta=true` gives a single model an `allowed_fallback_models` that is not a list of ids."""
    response = ask(request)
    if request.get("beta") is None or not is_model(response):
        return response
    return with_body(response, response.body | {"allowed_fallback_models": "claude-opus-5"})


SUPPORT = {"supported": True}


@family(
    {
        "true": True,
        "without-summarize": SUPPORT,
        "without-supported": {"summarize": SUPPORT},
        "flat": {"summarize": True, "supported": True},
        "null-inside": {"summarize": None, "supported": True},
    }
)
def compaction_is(ask: Ask, request: Request, value: Any) -> Response:
    """`?beta=true` gives `capabilities.compaction` in another format than the SDKs describe."""
    if request.get("beta") is None:
        return ask(request)
    return edited(
        ask,
        request,
        lambda model: (
            put(model, "capabilities.compaction", value) if model.get("capabilities") else model
        ),
    )


@fault
def beta_namespace_lists_less(ask: Ask, request: Request) -> Response:
    """`?beta=true` removes the last model of a page."""
    response = ask(request)
    if request.get("beta") is None or not is_page(response):
        return response
    return with_data(response, response.body["data"][:-1])


@family({"bearer": "authorization", "x-api-key": "x-api-key"})
def key_not_taken_as(ask: Ask, request: Request, header: str) -> Response:
    """The server needs a key and ignores it in one of the two headers."""
    return ask(without_headers(request, header))


@family({"bearer": "authorization", "x-api-key": "x-api-key"})
def other_list_for(ask: Ask, request: Request, header: str) -> Response:
    """A request with the key in one of the two headers gets a list without its first model."""
    response = ask(request)
    if header not in request.headers or not is_page(response):
        return response
    return with_data(response, response.body["data"][1:])


@fault
def lower_case_bearer_only(ask: Ask, request: Request) -> Response:
    """The scheme `Bearer` is accepted only in lower case."""
    if request.headers.get("authorization", "").startswith("Bearer"):
        request = without_headers(request, "authorization")
    return ask(request)
