"""Errors: their format, their types, and the status that they come with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pytest_models_contract.client.exchange import ABSENT, Finding, Reply, shown
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import joined, share
from pytest_models_contract.evidence.diagnoses.list_answers import is_web_page
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


def _format(reply: Reply) -> str:
    """How an error is written, in words that go on after "errors"; empty where it is right."""
    body = reply.json
    if is_web_page(reply):
        return "are web pages, not JSON"
    if not reply.body.strip():
        return "have an empty body"
    if body is None and reply.json_problem:
        return f"are {visible(reply.media_type or 'bytes without a content-type', 40)}, not JSON"
    if not isinstance(body, dict):
        kinds = {str: "are bare strings", list: "are arrays", type(None): "are `null`"}
        return kinds.get(type(body), "are no objects")
    return _object(body) or _declared(reply)


def _object(body: dict[str, object]) -> str:
    error = body.get("error", ABSENT)
    if "detail" in body and error is ABSENT:
        return "are in FastAPI's format, with `detail`"
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


def _declared(reply: Reply) -> str:
    if reply.media_type == "application/json":
        return ""
    return f"come as {visible(reply.media_type or 'bytes without a content-type', 40)}"


def formats(seen: Observed) -> Iterator[Cause]:
    """Errors in another format than `{"type": "error", "error": {"type", "message"}}`."""
    asked = [reply for reply in seen.refusals if not _is_fatal(reply, seen)]
    for says, inside in _kinds(asked, _format).items():
        title = f"errors{_which(inside, asked, seen)} {says}: {_share(inside, asked, seen)}"
        yield Cause(f"errors {says}", title, _of_format(inside))


def _is_fatal(reply: Reply, seen: Observed) -> bool:
    return bool(seen.bare and not seen.bare.ok and once(reply.question) == seen.bare.question)


def _of_format(inside: Sequence[Reply]) -> Follows:
    """What checks find of the body; not of the status, nor of a type where the body has a right one."""
    bodies = among(inside, "errors/", "clients/")

    def follows(check: str, found: Finding) -> bool:
        if not bodies(check, found):
            return False
        return not check.startswith(_STATUS) or found.expected.startswith(f"{found.reply.status} ")

    return follows


def types(seen: Observed) -> Iterator[Cause]:
    """Error types that are not those of the status."""
    known = seen.revision.error_types
    typed = [reply for reply in seen.refusals if error_type(reply) and reply.status in known]
    wrong = [reply for reply in typed if error_type(reply) != known[reply.status]]
    for (kind, status), inside in _pairs(wrong).items():
        alike = [reply for reply in typed if reply.status == status]
        title = (
            f"errors with {status} have the type {visible(kind, 60)}, not {known[status]}:"
            f" {share(len(inside), len(alike), 'such error')}"
        )
        yield Cause(f"error type {kind} {status}", title, _of_format(inside))


def _pairs(wrong: Sequence[Reply]) -> dict[tuple[str, int], list[Reply]]:
    found: dict[tuple[str, int], list[Reply]] = {}
    for reply in wrong:
        found.setdefault((error_type(reply) or "", reply.status), []).append(reply)
    return found


def request_ids(seen: Observed) -> Iterator[Cause]:
    """`request_id` in the body of errors."""
    asked = [
        reply for reply in seen.refusals if isinstance(reply.json, dict) and "error" in reply.json
    ]
    for says, inside in _kinds(asked, _request_id).items():
        title = f"errors{_which(inside, asked, seen)} {says}: {_share(inside, asked, seen)}"
        yield Cause(f"errors {says}", title, among(inside, "errors/body_names_the_request"))


def _request_id(reply: Reply) -> str:
    told, header = reply.json.get("request_id", ABSENT), reply.header("request-id")
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
    limits = [reply for reply in seen.lists if _has_illegal_limit(reply, seen)]
    yield from _status(
        "an illegal `limit`", limits, 400, ("errors/limit_out_of_range", "errors/type_belongs")
    )
    unknown = [reply for name, reply in seen.plainly_retrieved if name not in seen.position]
    yield from _status(
        "an unknown model", unknown, 404, ("errors/unknown_model", "errors/type_belongs")
    )


def _has_illegal_limit(reply: Reply, seen: Observed) -> bool:
    limit = reply.question.value("limit")
    return limit is not None and not legal(limit, seen)


def _status(
    what: str, asked: Sequence[Reply], due: int, checks: tuple[str, ...]
) -> Iterator[Cause]:
    refused = [reply for reply in asked if 400 <= reply.status < 500]
    for status in dict.fromkeys(reply.status for reply in refused if reply.status != due):
        inside = [reply for reply in refused if reply.status == status]
        title = f"{what} is refused with {status}, not {due}: {share(len(inside), len(refused), 'such request')}"
        yield Cause(f"{what} {status}", title, among(inside, *checks))


# --- words ---------------------------------------------------------------------------------------


def _kinds(asked: Sequence[Reply], kind: Callable[[Reply], str]) -> dict[str, list[Reply]]:
    found: dict[str, list[Reply]] = {}
    for reply in asked:
        if says := kind(reply):
            found.setdefault(says, []).append(reply)
    return found


def _which(inside: Sequence[Reply], asked: Sequence[Reply], seen: Observed) -> str:
    """Which errors it is: those of a status, or to a kind of request."""
    known = set(map(id, inside))
    outside = [reply for reply in asked if id(reply) not in known]
    if not outside:
        return ""
    own = sorted({reply.status for reply in inside})
    if len(inside) == 1 and len(outside) > 1:
        return f" to {visible(str(inside[0].question), 80)}"
    if not {reply.status for reply in outside} & set(own):
        return f" with {joined(list(map(str, own)))}"
    for phrase, holds in _REQUESTS:
        if all(map(holds, inside)) and not any(map(holds, outside)):
            return phrase
    return str(scope(inside, outside, seen) or "")


_REQUESTS: tuple[tuple[str, Callable[[Reply], bool]], ...] = (
    (
        " to a malformed `limit`",
        lambda reply: (
            not re.fullmatch(r"-?\d+|abc|None", str(reply.question.value("limit")), re.ASCII)
        ),
    ),
    (" to an illegal `limit`", lambda reply: reply.question.value("limit") is not None),
    (" to requests for one model", lambda reply: not is_list(reply)),
    (" to requests for the list", is_list),
    (" to an id with odd signs", lambda reply: "%" in reply.question.path),
    (" to a cursor with odd signs", lambda reply: "/" in (reply.question.value("after_id") or "")),
)


def _share(inside: Sequence[Reply], asked: Sequence[Reply], seen: Observed) -> str:
    which = _which(inside, asked, seen)
    whole = len(inside) if which or len(inside) == len(asked) else len(asked)
    return share(len(inside), whole, "such error" if which else "error")
