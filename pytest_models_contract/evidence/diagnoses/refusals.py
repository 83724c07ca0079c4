"""Requests that should be refused: illegal limits that are served, and odd requests that crash the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pytest_models_contract.client.exchange import Reply, page_of
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
from pytest_models_contract.evidence.diagnoses.windows import legal
from pytest_models_contract.evidence.plan import PLAIN_ID

STAGES = {"active", "deprecated", "retired"}
LIMITS = ("limit/refuses", "limit/malformed_is_refused")
CRASHES = (*LIMITS, "limit/malformed_is_no_server_error")


def _illegal(seen: Observed) -> list[Reply]:
    """The responses to requests with an illegal limit, and without anything else that is odd."""
    return [
        reply
        for reply in seen.lists
        if (limit := reply.question.value("limit")) is not None and not legal(limit, seen)
    ]


def served_limits(seen: Observed) -> Iterator[Cause]:
    """Illegal limits that get a page."""
    asked = _illegal(seen)
    served = [reply for reply in asked if page_of(reply) and not is_error(reply)]
    if not served:
        return
    values = named(list(dict.fromkeys(map(_spelled, served))), 6)
    how = _ways(served, seen)
    title = f"illegal values of `limit` are not refused but served{how}: {values}"
    yield Cause(
        "limits served", title, among(served, *LIMITS), "refuse what is not 1 to 1000 with 400"
    )


def _spelled(reply: Reply) -> str:
    """An illegal limit as a person would name it."""
    limit = reply.question.value("limit") or ""
    if not limit:
        return "an empty one"
    if not limit.isascii():
        return "an Arabic digit"
    return limit if len(limit) < 9 else f"{limit[:3]}… ({len(limit)} digits)"


def _ways(served: Sequence[Reply], seen: Observed) -> str:
    """What the pages are, where all are the same thing."""
    sizes = {len(page) for reply in served if (page := page_of(reply))}
    bare = page_of(seen.bare) if seen.bare else None
    if bare and all(page.ids == bare.ids for reply in served if (page := page_of(reply))):
        return " as if none was sent"
    if all(_is_nearest(reply, seen) for reply in served):
        return " as the nearest legal value"
    if sizes == {0}:
        return " with an empty page"
    return f" with {several(*sizes, 'model')}" if len(sizes) == 1 else ""


def _is_nearest(reply: Reply, seen: Observed) -> bool:
    """Whether the page is that of the least, or of the greatest legal limit."""
    limit, page = reply.question.value("limit") or "", page_of(reply)
    if page is None or not re.fullmatch(r"-?\d+", limit, re.ASCII):
        return False
    cursor = page.after_id or page.before_id
    left = len(seen.ids) - (seen.position.get(cursor, -1) + 1 if cursor else 0)
    bounds = seen.revision.limit
    return len(page) == min(max(int(limit), bounds.minimum), bounds.maximum, left)


def errors_with_200(seen: Observed) -> Iterator[Cause]:
    """Errors that come as a success."""
    found = [reply for reply in seen.answers.values() if reply.ok and is_error(reply)]
    if found:
        kinds = joined(list(dict.fromkeys(map(_kind, found)))[:3])
        title = (
            f"errors come with status {found[0].status}: {several(len(found), 'answer')} to {kinds}"
        )
        yield Cause("errors with 200", title, whatever(found), "clients take it for a success")


def _kind(reply: Reply) -> str:
    if not is_list(reply):
        return "requests for one model"
    return "illegal limits" if reply.question.value("limit") else "odd requests for the list"


# --- crashes -------------------------------------------------------------------------------------

Trait = tuple[str, Callable[[Reply], bool]]


def crashes(seen: Observed) -> Iterator[Cause]:
    """Odd requests that are answered with a 5xx, or with half a page, where a refusal would do."""
    for name, holds in _odd(seen):
        asked = [reply for reply in seen.answers.values() if holds(reply)]
        broken = [reply for reply in asked if reply.failed]
        if not broken:
            continue
        part = _part(broken, [reply for reply in asked if not reply.failed])
        status = f"answered with {broken[0].status}" if broken[0].status else "cut off"
        title = f"{name}{part} makes the server fail: {clause(len(broken), len(asked), 'such request', 'is', 'are')} {status}"
        said = message_of(broken[0])
        yield Cause(
            f"crash: {name}", title, whatever(broken), f'the server says "{said}"' if said else ""
        )
    yield from _half_pages(seen)


def _odd(seen: Observed) -> Iterator[Trait]:
    def cursors(reply: Reply) -> list[str]:
        given = map(reply.question.value, ("after_id", "before_id"))
        return [own for own in given if own is not None] if is_list(reply) else []

    yield (
        "an illegal `limit`",
        lambda reply: (
            is_list(reply)
            and (limit := reply.question.value("limit")) is not None
            and not legal(limit, seen)
        ),
    )
    yield (
        "a cursor that names no model",
        lambda reply: any(own not in seen.position for own in cursors(reply)),
    )
    yield "a request with both cursors", lambda reply: len(cursors(reply)) > 1
    yield "an unknown parameter", lambda reply: bool(set(extras(reply)) - {"beta"})
    yield "a request without `anthropic-version`", lambda reply: not reply.question.variant.version
    yield (
        "an unknown value of `anthropic-beta`",
        lambda reply: bool(set(reply.question.variant.betas) - set(seen.revision.betas)),
    )
    yield "an unknown `lifecycle[]` stage", _is_unknown_stage
    yield "an unknown model", lambda reply: _is_unknown(reply, seen)


def _is_unknown_stage(reply: Reply) -> bool:
    asked = [value for name, value in reply.question.query if name == "lifecycle[]"]
    return bool(asked) and (not set(asked) <= STAGES or len(asked) > len(STAGES))


def _is_unknown(reply: Reply, seen: Observed) -> bool:
    name = name_asked(reply.question)
    return name is not None and name not in seen.position


def _part(inside: Sequence[Reply], outside: Sequence[Reply]) -> str:
    """Which of the odd requests it is, where the others are answered."""
    for phrase, holds in _PARTS:
        if outside and all(map(holds, inside)) and not any(map(holds, outside)):
            return f" {phrase}"
    if not outside:
        return ""
    limits = [reply.question.value("limit") for reply in inside]
    return f" ({named(list(dict.fromkeys(map(_spelled, inside))))})" if all(limits) else ""


def _values(reply: Reply) -> list[str]:
    given = [reply.question.value(name) for name in ("after_id", "before_id")]
    return [own for own in [*given, name_asked(reply.question)] if own is not None]


_PARTS: tuple[Trait, ...] = (
    ("without a value", lambda reply: "" in _values(reply)),
    ("with odd signs in it", lambda reply: any(map(_has_odd_sign, _values(reply)))),
    ("beside a `limit`", lambda reply: reply.question.value("limit") is not None),
    ("without a `limit`", lambda reply: reply.question.value("limit") is None),
    ("that leave nothing in between", lambda reply: len(_values(reply)) > 1),
)


def _has_odd_sign(text: str) -> bool:
    return bool(text) and not PLAIN_ID.fullmatch(text)


def _half_pages(seen: Observed) -> Iterator[Cause]:
    """Successes that are no pages, in answer to odd cursors."""
    checks = ("cursors/unknown_cursor", "cursors/both_cursors")
    found = {id(own.reply): own.reply for _, own in seen.findings(*checks) if own.reply.ok}
    if found:
        body: Any = next(iter(found.values())).json
        what = (
            "`data` null"
            if isinstance(body, dict) and body.get("data", 0) is None
            else "half a page"
        )
        replies = list(found.values())
        both = all(len(_values(reply)) > 1 for reply in replies)
        whose = "both cursors at once get" if both else "a cursor that names no model gets"
        title = f"{whose} 200 with {what}: {several(len(replies), 'answer')}"
        yield Cause(
            "half a page",
            title,
            among(replies, *checks),
            "refuse it with a 4xx, or answer with a page",
        )
