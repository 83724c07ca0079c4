"""Errors: their format, their types, and the status that they come with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pytest_models_contract.client.exchange import ABSENT, Finding, Response, shown
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.checks import ERROR_BODY, ERROR_STATUS
from pytest_models_contract.evidence.diagnoses.counting import grouped, joined, share
from pytest_models_contract.evidence.diagnoses.error_formats import error_format
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    error_type,
    is_list,
    once,
)
from pytest_models_contract.evidence.diagnoses.scope import Extent, extent
from pytest_models_contract.evidence.diagnoses.traits import Trait
from pytest_models_contract.evidence.diagnoses.windows import legal


def formats(seen: Observed) -> Iterator[Cause]:
    """Errors in another format than `{"type": "error", "error": {"type", "message"}}`."""
    refusals = [own for own in seen.refusals if not _is_the_list(own, seen)]
    for says, inside in grouped(refusals, error_format).items():
        where, count = _extent(inside, refusals, seen)
        yield Cause(f"errors {says}", f"errors{where} {says}: {count}", _of_form(inside))


def _is_the_list(response: Response, seen: Observed) -> bool:
    """Whether it is the refusal of the plain list, which is worse than how it is written."""
    bare = seen.bare
    return bare is not None and not bare.ok and once(response.request) == bare.request


def _of_form(inside: Sequence[Response]) -> Follows:
    """What checks find of the body; not of the status, nor of a type where the body has a right one."""
    bodies = among(inside, *ERROR_BODY, *ERROR_STATUS, "clients/sdk_raises")

    def follows(check: str, found: Finding) -> bool:
        if not bodies(check, found):
            return False
        status = found.response.status
        if status == 422 and _is_fastapi(found.response):
            return True  # the framework's own status goes with its own format
        return not check.startswith(ERROR_STATUS) or found.expected.startswith(f"{status} ")

    return follows


def _is_fastapi(response: Response) -> bool:
    return isinstance(response.json, dict) and "detail" in response.json


def types(seen: Observed) -> Iterator[Cause]:
    """Error types that are not those of the status."""
    known = seen.revision.error_types
    typed = [own for own in seen.refusals if error_type(own) is not None and own.status in known]
    wrong = [own for own in typed if error_type(own) != known[own.status]]
    for (kind, status), inside in grouped(wrong, lambda own: (error_type(own), own.status)).items():
        alike = [own for own in typed if own.status == status]
        what = f"the type {visible(kind, 60)}" if kind else "an empty type"
        says = f"errors with {status} have {what}, not {known[status]}"
        title = f"{says}: {share(len(inside), len(alike), 'such error')}"
        yield Cause(f"error type {kind} {status}", title, _of_form(inside))


def request_ids(seen: Observed) -> Iterator[Cause]:
    """`request_id` in the body of errors."""
    objects = [own for own in seen.refusals if isinstance(own.json, dict) and "error" in own.json]
    for says, inside in grouped(objects, _request_id).items():
        where, count = _extent(inside, objects, seen)
        follows = among(inside, "errors/body_names_the_request")
        yield Cause(f"errors {says}", f"errors{where} {says}: {count}", follows)


def _request_id(response: Response) -> str:
    """What is wrong with it, in words that go on after "errors"; empty where it is right."""
    given, header = response.json.get("request_id", ABSENT), response.header("request-id")
    if given is ABSENT:
        return "lack `request_id`"
    if given is None or (isinstance(given, str) and header in {given, None}):
        return ""
    if isinstance(given, str):
        return "have another `request_id` than the header `request-id`"
    return f"have `request_id` {shown(given, 30)}, no string"


# --- status --------------------------------------------------------------------------------------


def wrong_statuses(seen: Observed) -> Iterator[Cause]:
    """Refusals with another 4xx than the one that clients know."""
    limits = [response for response in seen.lists if _has_illegal_limit(response, seen)]
    unknown = [own for name, own in seen.plainly_retrieved if name not in seen.position]
    yield from _wrong_status("an illegal `limit`", limits, 400, "errors/limit_out_of_range")
    yield from _wrong_status("an unknown model", unknown, 404, "errors/unknown_model")


def _has_illegal_limit(response: Response, seen: Observed) -> bool:
    limit = response.request.value("limit")
    return limit is not None and not legal(limit, seen)


def _wrong_status(what: str, asked: Sequence[Response], due: int, check: str) -> Iterator[Cause]:
    refused = [response for response in asked if 400 <= response.status < 500]
    wrong = [response for response in refused if response.status != due]
    for status, inside in grouped(wrong, lambda response: response.status).items():
        count = share(len(inside), len(refused), "such request")
        title = f"{what} is refused with {status}, not {due}: {count}"
        yield Cause(f"{what} {status}", title, among(inside, check, "errors/type_belongs"))


# --- which errors --------------------------------------------------------------------------------


def _has_malformed_limit(response: Response) -> bool:
    limit = str(response.request.value("limit"))
    return not re.fullmatch(r"-?\d+|abc|None", limit, re.ASCII)


_REQUESTS = (
    Trait(" to a malformed `limit`", _has_malformed_limit),
    Trait(" to an illegal `limit`", lambda own: own.request.value("limit") is not None),
    Trait(" to requests for one model", lambda own: not is_list(own)),
    Trait(" to requests for the list", is_list),
    Trait(" to an id with unusual characters", lambda own: "%" in own.request.path),
    Trait(
        " to a cursor with unusual characters",
        lambda own: "/" in (own.request.value("after_id") or ""),
    ),
)


def _extent(inside: Sequence[Response], refusals: Sequence[Response], seen: Observed) -> Extent:
    """Which errors it is, those of a status or to a kind of request, and how many of them."""
    known = set(map(id, inside))
    outside = [response for response in refusals if id(response) not in known]
    if not outside:
        return Extent("", share(len(inside), len(inside), "error"))
    where = _where(inside, outside)
    if where:
        return Extent(where, share(len(inside), len(inside), "such error"))
    return extent(inside, refusals, seen, "error")


def _where(inside: Sequence[Response], outside: Sequence[Response]) -> str:
    if len(inside) == 1 < len(outside):
        return f" to {visible(str(inside[0].request), 80)}"
    statuses = sorted({response.status for response in inside})
    if not {response.status for response in outside} & set(statuses):
        return f" with {joined(list(map(str, statuses)))}"
    parts = (own.phrase for own in _REQUESTS if _tells(own.holds, inside, outside))
    return next(parts, "")


def _tells(
    holds: Callable[[Response], bool], inside: Sequence[Response], outside: Sequence[Response]
) -> bool:
    return all(map(holds, inside)) and not any(map(holds, outside))
