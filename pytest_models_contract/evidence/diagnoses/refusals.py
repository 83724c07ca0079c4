"""Requests that should be refused: illegal limits that are served, and odd requests that crash the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pytest_models_contract.client.exchange import Response, page_of
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import clause, joined, named, several
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    extras,
    is_error,
    is_list,
    message_of,
    name_asked,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.windows import asked_rightly, is_usual, legal
from pytest_models_contract.evidence.plan import PLAIN_ID

STAGES = {"active", "deprecated", "retired"}
LIMITS = ("limit/refuses", "limit/malformed_is_refused")
CRASHES = (*LIMITS, "limit/malformed_is_no_server_error")


def _illegal(seen: Observed) -> list[Response]:
    """The responses to requests with an illegal limit, and without anything else that is odd."""
    return [
        response
        for response in seen.lists
        if (limit := response.request.value("limit")) is not None and not legal(limit, seen)
    ]


def served_limits(seen: Observed) -> Iterator[Cause]:
    """Illegal limits that get a page."""
    asked = _illegal(seen)
    served = [response for response in asked if page_of(response) and not is_error(response)]
    if not served:
        return
    values = named(list(dict.fromkeys(map(_spelled, served))), 6)
    how = _ways(served, seen)
    title = f"illegal values of `limit` are not refused but served{how}: {values}"
    yield Cause(
        "limits served", title, among(served, *LIMITS), "refuse what is not 1 to 1000 with 400"
    )


def _spelled(response: Response) -> str:
    """An illegal limit as a person would name it."""
    limit = response.request.value("limit") or ""
    if not limit:
        return "an empty one"
    if not limit.isascii():
        return "an Arabic digit"
    return limit if len(limit) < 9 else f"{limit[:3]}… ({len(limit)} digits)"


def _ways(served: Sequence[Response], seen: Observed) -> str:
    """What the pages are, where all are the same thing."""
    sizes = {len(page) for response in served if (page := page_of(response))}
    bare = page_of(seen.bare) if seen.bare else None
    if bare and all(page.ids == bare.ids for response in served if (page := page_of(response))):
        return " as if none was sent"
    if all(_is_nearest(response, seen) for response in served):
        return " as the nearest legal value"
    if sizes == {0}:
        return " with an empty page"
    return f" with {several(*sizes, 'model')}" if len(sizes) == 1 else ""


def _is_nearest(response: Response, seen: Observed) -> bool:
    """Whether the page is that of the least, or of the greatest legal limit."""
    limit, page = response.request.value("limit") or "", page_of(response)
    if page is None or not re.fullmatch(r"-?\d+", limit, re.ASCII):
        return False
    cursor = page.after_id or page.before_id
    left = len(seen.ids) - (seen.position.get(cursor, -1) + 1 if cursor else 0)
    bounds = seen.revision.limit
    return len(page) == min(max(int(limit), bounds.minimum), bounds.maximum, left)


def errors_with_200(seen: Observed) -> Iterator[Cause]:
    """Errors that come as a success."""
    found = [response for response in seen.responses.values() if response.ok and is_error(response)]
    if found:
        kinds = joined(list(dict.fromkeys(_kind(own, seen) for own in found))[:3])
        title = f"errors come with status {found[0].status}: {several(len(found), 'response')} to {kinds}"
        yield Cause("errors with 200", title, whatever(found), "clients take it for a success")


def _kind(response: Response, seen: Observed) -> str:
    if not is_list(response):
        return "requests for one model"
    if asked_rightly(response, seen) and is_usual(response, seen):
        return "requests for the list"
    return "illegal limits" if response.request.value("limit") else "odd requests for the list"


# --- crashes -------------------------------------------------------------------------------------

Trait = tuple[str, Callable[[Response], bool]]


def crashes(seen: Observed) -> Iterator[Cause]:
    """Odd requests that are answered with a 5xx, or with half a page, where a refusal would do."""
    for name, holds in _odd(seen):
        asked = [response for response in seen.responses.values() if holds(response)]
        broken = [response for response in asked if response.failed]
        if not broken:
            continue
        part = _part(broken, [response for response in asked if not response.failed])
        status = f"answered with {broken[0].status}" if broken[0].status else "cut off"
        title = f"{name}{part} makes the server fail: {clause(len(broken), len(asked), 'such request', 'is', 'are')} {status}"
        said = message_of(broken[0])
        yield Cause(
            f"crash: {name}", title, whatever(broken), f'the server says "{said}"' if said else ""
        )
    yield from _half_pages(seen)


def _odd(seen: Observed) -> Iterator[Trait]:
    def cursors(response: Response) -> list[str]:
        given = map(response.request.value, ("after_id", "before_id"))
        return [own for own in given if own is not None] if is_list(response) else []

    yield (
        "an illegal `limit`",
        lambda response: (
            is_list(response)
            and (limit := response.request.value("limit")) is not None
            and not legal(limit, seen)
        ),
    )
    yield (
        "a cursor that names no model",
        lambda response: any(own not in seen.position for own in cursors(response)),
    )
    yield "a request with both cursors", lambda response: len(cursors(response)) > 1
    yield "an unknown parameter", lambda response: bool(set(extras(response)) - {"beta"})
    yield (
        "a request without `anthropic-version`",
        lambda response: not response.request.variant.version,
    )
    yield (
        "an unknown value of `anthropic-beta`",
        lambda response: bool(set(response.request.variant.betas) - set(seen.revision.betas)),
    )
    yield "an unknown `lifecycle[]` stage", _is_unknown_stage
    yield "an unknown model", lambda response: _is_unknown(response, seen)


def _is_unknown_stage(response: Response) -> bool:
    asked = [value for name, value in response.request.query if name == "lifecycle[]"]
    return bool(asked) and (not set(asked) <= STAGES or len(asked) > len(STAGES))


def _is_unknown(response: Response, seen: Observed) -> bool:
    name = name_asked(response.request)
    return name is not None and name not in seen.position


def _part(inside: Sequence[Response], outside: Sequence[Response]) -> str:
    """Which of the odd requests it is, where the others are answered."""
    for phrase, holds in _PARTS:
        if outside and all(map(holds, inside)) and not any(map(holds, outside)):
            return f" {phrase}"
    if not outside:
        return ""
    limits = [response.request.value("limit") for response in inside]
    return f" ({named(list(dict.fromkeys(map(_spelled, inside))))})" if all(limits) else ""


def _values(response: Response) -> list[str]:
    given = [response.request.value(name) for name in ("after_id", "before_id")]
    return [own for own in [*given, name_asked(response.request)] if own is not None]


_PARTS: tuple[Trait, ...] = (
    ("without a value", lambda response: "" in _values(response)),
    ("with odd signs in it", lambda response: any(map(_has_odd_sign, _values(response)))),
    ("beside a `limit`", lambda response: response.request.value("limit") is not None),
    ("without a `limit`", lambda response: response.request.value("limit") is None),
    ("that leave nothing in between", lambda response: len(_values(response)) > 1),
)


def _has_odd_sign(text: str) -> bool:
    return bool(text) and not PLAIN_ID.fullmatch(text)


def _half_pages(seen: Observed) -> Iterator[Cause]:
    """Successes that are no pages, in response to odd cursors."""
    checks = ("cursors/unknown_cursor", "cursors/both_cursors")
    found = {id(own.response): own.response for _, own in seen.findings(*checks) if own.response.ok}
    if found:
        body: Any = next(iter(found.values())).json
        what = (
            "`data` null"
            if isinstance(body, dict) and body.get("data", 0) is None
            else "half a page"
        )
        responses = list(found.values())
        both = all(len(_values(response)) > 1 for response in responses)
        whose = "both cursors at once get" if both else "a cursor that names no model gets"
        title = f"{whose} 200 with {what}: {several(len(responses), 'response')}"
        yield Cause(
            "half a page",
            title,
            among(responses, *checks),
            "refuse it with a 4xx, or answer with a page",
        )
