"""Errors: their format, their types, and the status that they come with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pytest_models_contract.client.exchange import ABSENT, Finding, Response, shown
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import joined, share
from pytest_models_contract.evidence.diagnoses.list_responses import is_web_page
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    error_type,
    is_list,
    once,
)
from pytest_models_contract.evidence.diagnoses.scope import scope
from pytest_models_contract.evidence.diagnoses.windows import legal

BODY = "errors/body_is_an_error_object"
_STATUS = (
    "errors/unknown_model",
    "errors/limit_out_of_range",
    "errors/list_wants",
    "errors/retrieve_wants",
)


def _format(response: Response) -> str:
    """How an error is written, in words that go on after "errors"; empty where it is right."""
    body = response.json
    if is_web_page(response):
        return "are web pages, not JSON"
    if not response.body.strip():
        return "have an empty body"
    if body is None and response.json_problem:
        return f"are {visible(response.media_type or 'bytes without a content-type', 40)}, not JSON"
    if not isinstance(body, dict):
        kinds = {str: "are bare strings", list: "are arrays", type(None): "are `null`"}
        return kinds.get(type(body), "are no objects")
    return _object(body) or _declared(response)


def _object(body: dict[str, object]) -> str:
    error = body.get("error", ABSENT)
    if "detail" in body and error is ABSENT:
        return "are in FastAPI's own format, with `detail`"
    if {"title", "status"} <= body.keys() and error is ABSENT:
        return "are problem details (RFC 9457)"
    if error is ABSENT:
        return "lack `error`"
    if not isinstance(error, dict):
        return (
            "have a string under `error`, not an object"
            if isinstance(error, str)
            else "have no object under `error`"
        )
    for name in ("type", "message"):
        if not isinstance(error.get(name), str):
            says = "lack" if name not in error else f"have {shown(error[name], 20)} under"
            return f"{says} `error.{name}`"
    if "type" not in body:
        openai = "are in OpenAI's format, without" if {"code", "param"} & error.keys() else "lack"
        return f"{openai} `type` beside `error`"
    return "" if body["type"] == "error" else f'have `type` {shown(body["type"], 30)}, not "error"'


def _declared(response: Response) -> str:
    if response.media_type == "application/json":
        return ""
    return f"come as {visible(response.media_type or 'bytes without a content-type', 40)}"


def formats(seen: Observed) -> Iterator[Cause]:
    """Errors in another format than `{"type": "error", "error": {"type", "message"}}`."""
    asked = [response for response in seen.refusals if not _is_fatal(response, seen)]
    for says, inside in _kinds(asked, _format).items():
        title = f"errors{_which(inside, asked, seen)} {says}: {_share(inside, asked, seen)}"
        yield Cause(f"errors {says}", title, _of_format(inside))


def _is_fatal(response: Response, seen: Observed) -> bool:
    return bool(seen.bare and not seen.bare.ok and once(response.request) == seen.bare.request)


def _of_format(inside: Sequence[Response]) -> Follows:
    """What checks find of the body; not of the status, nor of a type where the body has a right one."""
    bodies = among(inside, "errors/", "clients/")

    def follows(check: str, found: Finding) -> bool:
        if not bodies(check, found):
            return False
        status = found.response.status
        if status == 422 and _is_fastapi(found.response):
            return True  # the framework's own status goes with its own format
        return not check.startswith(_STATUS) or found.expected.startswith(f"{status} ")

    return follows


def _is_fastapi(response: Response) -> bool:
    return isinstance(response.json, dict) and "detail" in response.json


def types(seen: Observed) -> Iterator[Cause]:
    """Error types that are not those of the status."""
    known = seen.revision.error_types
    typed = [
        response for response in seen.refusals if error_type(response) and response.status in known
    ]
    wrong = [response for response in typed if error_type(response) != known[response.status]]
    for (kind, status), inside in _pairs(wrong).items():
        alike = [response for response in typed if response.status == status]
        title = (
            f"errors with {status} have the type {visible(kind, 60)}, not {known[status]}:"
            f" {share(len(inside), len(alike), 'such error')}"
        )
        yield Cause(f"error type {kind} {status}", title, _of_format(inside))


def _pairs(wrong: Sequence[Response]) -> dict[tuple[str, int], list[Response]]:
    found: dict[tuple[str, int], list[Response]] = {}
    for response in wrong:
        found.setdefault((error_type(response) or "", response.status), []).append(response)
    return found


def request_ids(seen: Observed) -> Iterator[Cause]:
    """`request_id` in the body of errors."""
    asked = [
        response
        for response in seen.refusals
        if isinstance(response.json, dict) and "error" in response.json
    ]
    for says, inside in _kinds(asked, _request_id).items():
        title = f"errors{_which(inside, asked, seen)} {says}: {_share(inside, asked, seen)}"
        yield Cause(f"errors {says}", title, among(inside, "errors/body_names_the_request"))


def _request_id(response: Response) -> str:
    told, header = response.json.get("request_id", ABSENT), response.header("request-id")
    if told is ABSENT:
        return "lack `request_id`"
    if told is None or (isinstance(told, str) and header in {told, None}):
        return ""
    return (
        "name another request than the header `request-id`"
        if isinstance(told, str)
        else f"have `request_id` {shown(told, 30)}, no string"
    )


# --- status --------------------------------------------------------------------------------------


def wrong_statuses(seen: Observed) -> Iterator[Cause]:
    """Refusals with another 4xx than the one that clients know."""
    limits = [response for response in seen.lists if _has_illegal_limit(response, seen)]
    yield from _status(
        "an illegal `limit`", limits, 400, ("errors/limit_out_of_range", "errors/type_belongs")
    )
    unknown = [response for name, response in seen.plainly_retrieved if name not in seen.position]
    yield from _status(
        "an unknown model", unknown, 404, ("errors/unknown_model", "errors/type_belongs")
    )


def _has_illegal_limit(response: Response, seen: Observed) -> bool:
    limit = response.request.value("limit")
    return limit is not None and not legal(limit, seen)


def _status(
    what: str, asked: Sequence[Response], due: int, checks: tuple[str, ...]
) -> Iterator[Cause]:
    refused = [response for response in asked if 400 <= response.status < 500]
    for status in dict.fromkeys(response.status for response in refused if response.status != due):
        inside = [response for response in refused if response.status == status]
        title = f"{what} is refused with {status}, not {due}: {share(len(inside), len(refused), 'such request')}"
        yield Cause(f"{what} {status}", title, among(inside, *checks))


# --- words ---------------------------------------------------------------------------------------


def _kinds(asked: Sequence[Response], kind: Callable[[Response], str]) -> dict[str, list[Response]]:
    found: dict[str, list[Response]] = {}
    for response in asked:
        if says := kind(response):
            found.setdefault(says, []).append(response)
    return found


def _which(inside: Sequence[Response], asked: Sequence[Response], seen: Observed) -> str:
    """Which errors it is: those of a status, or to a kind of request."""
    known = set(map(id, inside))
    outside = [response for response in asked if id(response) not in known]
    if not outside:
        return ""
    own = sorted({response.status for response in inside})
    if len(inside) == 1 and len(outside) > 1:
        return f" to {visible(str(inside[0].request), 80)}"
    if not {response.status for response in outside} & set(own):
        return f" with {joined(list(map(str, own)))}"
    for phrase, holds in _REQUESTS:
        if all(map(holds, inside)) and not any(map(holds, outside)):
            return phrase
    return str(scope(inside, outside, seen) or "")


_REQUESTS: tuple[tuple[str, Callable[[Response], bool]], ...] = (
    (
        " to a malformed `limit`",
        lambda response: (
            not re.fullmatch(r"-?\d+|abc|None", str(response.request.value("limit")), re.ASCII)
        ),
    ),
    (" to an illegal `limit`", lambda response: response.request.value("limit") is not None),
    (" to requests for one model", lambda response: not is_list(response)),
    (" to requests for the list", is_list),
    (" to an id with odd signs", lambda response: "%" in response.request.path),
    (
        " to a cursor with odd signs",
        lambda response: "/" in (response.request.value("after_id") or ""),
    ),
)


def _share(inside: Sequence[Response], asked: Sequence[Response], seen: Observed) -> str:
    which = _which(inside, asked, seen)
    whole = len(inside) if which or len(inside) == len(asked) else len(asked)
    return share(len(inside), whole, "such error" if which else "error")
