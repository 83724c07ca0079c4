"""Faults with undefined or malformed requests: status 500 instead of a refusal or a page."""

from __future__ import annotations

from collections.abc import Callable

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    everything,
    family,
    fault,
    has_unknown_cursor,
    lists,
    name_asked,
    refusal,
    retrieves,
)

KNOWN = {"limit", "after_id", "before_id", "beta", "lifecycle[]"}


def _broken(request: Request, response: Response) -> Response:
    return refusal(request, response, 500, "api_error", "internal error")


@family(
    {
        "slash": lambda name: "/" in name,
        "colon": lambda name: ":" in name,
        "unicode": lambda name: not name.isascii(),
        "percent": lambda name: "%" in name,
        "quote": lambda name: "'" in name,
    }
)
@retrieves
def odd_unknown_id_crashes(ask: Ask, request: Request, applies: Callable[[str], bool]) -> Response:
    """An unknown id with a certain character gets 500; a plain unknown id gets 404."""
    response = ask(request)
    crashes = response.status == 404 and applies(name_asked(request))
    return _broken(request, response) if crashes else response


@fault
@lists
def empty_cursor_crashes(ask: Ask, request: Request) -> Response:
    """A cursor without a value gets 500."""
    response = ask(request)
    empty = "" in {request.get("after_id"), request.get("before_id")}
    return _broken(request, response) if empty else response


@fault
@lists
def unknown_cursor_with_a_limit_crashes(ask: Ask, request: Request) -> Response:
    """A cursor that names no model gets 500 in a request with a limit."""
    response = ask(request)
    limited = response.status == 400 and request.get("limit") is not None
    crashes = limited and has_unknown_cursor(ask, request)
    return _broken(request, response) if crashes else response


@family({"quote": "'", "backslash": "\\", "unicode": "\u00e9"})
@lists
def unknown_cursor_with_a_sign_crashes(ask: Ask, request: Request, character: str) -> Response:
    """A cursor that names no model gets 500 if it has a certain character."""
    response = ask(request)
    cursor = request.get("after_id") or request.get("before_id") or ""
    crashes = response.status == 400 and character in cursor and has_unknown_cursor(ask, request)
    return _broken(request, response) if crashes else response


@fault
@lists
def crossed_cursors_crash(ask: Ask, request: Request) -> Response:
    """Two cursors get 500 if the model of after_id comes after the model of before_id."""
    response = ask(request)
    ids = [model["id"] for model in everything(ask, request)]
    after, before = request.get("after_id"), request.get("before_id")
    crossed = after in ids and before in ids and ids.index(after) > ids.index(before)
    return _broken(request, response) if crossed else response


@fault
@lists
def unknown_parameter_crashes(ask: Ask, request: Request) -> Response:
    """An unknown query parameter gets 500."""
    response = ask(request)
    unknown = any(name not in KNOWN for name, _ in request.query)
    return _broken(request, response) if unknown else response


@fault
def missing_version_crashes(ask: Ask, request: Request) -> Response:
    """A request without anthropic-version gets 500."""
    response = ask(request)
    return response if "anthropic-version" in request.headers else _broken(request, response)


@fault
@lists
def unknown_beta_crashes(ask: Ask, request: Request) -> Response:
    """A beta value that the reference does not list gets 500."""
    response = ask(request)
    refused = response.status == 400 and "anthropic-beta" in response.body["error"]["message"]
    return _broken(request, response) if refused else response


@family({"empty": lambda sent: sent == "", "malformed": lambda sent: '"' in sent})
@lists
def beta_header_crashes(ask: Ask, request: Request, odd: Callable[[str], bool]) -> Response:
    """A list request with an anthropic-beta header that names no beta gets 500."""
    sent = request.headers.get("anthropic-beta")
    response = ask(request)
    return _broken(request, response) if sent is not None and odd(sent) else response


@family({"unknown": lambda sent: "no-such" in sent, "malformed": lambda sent: '"' in sent})
@retrieves
def beta_header_crashes_on_retrieve(
    ask: Ask, request: Request, odd: Callable[[str], bool]
) -> Response:
    """A retrieve with an anthropic-beta header that names no beta gets 500."""
    response = ask(request)
    return (
        _broken(request, response) if odd(request.headers.get("anthropic-beta", "")) else response
    )


def _names_workspace(request: Request) -> bool:
    return "anthropic-workspace-id" in request.headers


@fault
@lists
def unknown_workspace_crashes(ask: Ask, request: Request) -> Response:
    """A list request with a workspace in `anthropic-workspace-id` gets 500."""
    response = ask(request)
    return _broken(request, response) if _names_workspace(request) else response


@fault
@retrieves
def unknown_workspace_crashes_on_retrieve(ask: Ask, request: Request) -> Response:
    """A retrieve with a workspace in `anthropic-workspace-id` gets 500."""
    response = ask(request)
    return _broken(request, response) if _names_workspace(request) else response
