"""Odd requests that are answered with a 5xx, or with half a page, where a refusal would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import Finding, Response, page_of
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import ODD, REFUSALS
from pytest_models_contract.evidence.diagnoses.counting import (
    clause,
    grouped,
    joined,
    named,
    several,
)
from pytest_models_contract.evidence.diagnoses.keys import is_stranger
from pytest_models_contract.evidence.diagnoses.lifecycle_filters import is_legal, stages_of
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    extras,
    is_list,
    name_asked,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.refusals import has_illegal_limit, spelled
from pytest_models_contract.evidence.diagnoses.traits import Trait
from pytest_models_contract.evidence.diagnoses.variants import plain_response
from pytest_models_contract.evidence.diagnoses.windows import names_workspace
from pytest_models_contract.evidence.expected_pages import is_whole
from pytest_models_contract.evidence.plan import PLAIN_ID

_STRANGER = Trait("a request without the right key", is_stranger)


def failing_refusals(seen: Observed) -> Iterator[Cause]:
    """Several kinds of requests that should be refused, at each of which the server fails alike."""
    if seen.bare is not None and seen.bare.failed:
        return
    responses = list(seen.responses.values())
    odd = (*_kinds(seen), _STRANGER)
    refusable = (*_refusable(seen), _STRANGER)
    asked = {kind.phrase: own for kind in refusable if (own := list(filter(kind.holds, responses)))}
    for status, alike in grouped(asked.items(), lambda kind: _failing_alike(kind[1])).items():
        if len(alike) < 2:
            continue
        which = joined([phrase for phrase, _ in alike])
        says = "whatever should be refused makes" if len(alike) == len(asked) else f"{which} make"
        failed = (own for own in responses if own.status == status)
        broken = [own for own in failed if any(kind.holds(own) for kind in odd)]
        count = f"{several(len(broken), 'such request')} are answered with {status}"
        hint = seen.quote(broken[0]) or "turn the exception into a 4xx with the error object"
        title = f"{says} the server fail: {count}"
        yield Cause(f"failing refusals {status}", title, whatever(broken), hint)


def _failing_alike(responses: Sequence[Response]) -> int:
    """The 5xx that all of them have; 0 where they differ, or are none."""
    statuses = {own.status for own in responses}
    return max(statuses) if len(statuses) == 1 and min(statuses) >= 500 else 0


def crashes(seen: Observed) -> Iterator[Cause]:
    """Odd requests at which the server fails, by what is odd about them."""
    for kind in _kinds(seen):
        asked = [response for response in seen.responses.values() if kind.holds(response)]
        broken = [own for own in asked if own.failed and not _fails_plainly(own, seen)]
        if broken:
            which = _which(broken, [response for response in asked if not response.failed])
            how = f"answered with {broken[0].status}" if broken[0].status else "cut off"
            count = clause(len(broken), len(asked), "such request", "is", "are")
            title = f"{kind.phrase}{which} makes the server fail: {count} {how}"
            said = seen.quote(broken[0])
            yield Cause(f"crash: {kind.phrase}", title, whatever(broken), said)


def _fails_plainly(response: Response, seen: Observed) -> bool:
    """Whether the server fails at the same request without its variant too."""
    plain = plain_response(response, seen)
    return plain is not None and plain is not response and plain.failed


def _refusable(seen: Observed) -> Iterator[Trait]:
    """The odd requests that a server may refuse, and mostly does."""
    yield Trait("an illegal `limit`", lambda own: has_illegal_limit(own, seen))
    yield Trait(
        "a cursor that names no model",
        lambda own: any(cursor not in seen.position for cursor in _cursors(own)),
    )
    yield Trait("a request with both cursors", lambda own: len(_cursors(own)) > 1)
    yield Trait("an unknown model", lambda own: _is_unknown(own, seen))


def _kinds(seen: Observed) -> Iterator[Trait]:
    """The odd requests of a run."""
    yield from _refusable(seen)
    yield Trait("an unknown parameter", lambda own: bool(set(extras(own)) - {"beta"}))
    yield Trait(
        "a request without `anthropic-version`", lambda own: not own.request.variant.version
    )
    betas = set(seen.revision.betas)
    yield Trait(
        "an unknown value of `anthropic-beta`",
        lambda own: bool(set(own.request.variant.betas) - betas),
    )
    yield Trait("an unknown `anthropic-workspace-id`", names_workspace)
    yield Trait(
        "an unknown `lifecycle[]` stage",
        lambda own: bool(stages_of(own)) and not is_legal(stages_of(own)),
    )


def _is_unknown(response: Response, seen: Observed) -> bool:
    name = name_asked(response.request)
    return name is not None and not seen.may_be_listed(name)


def _cursors(response: Response) -> list[str]:
    given = [response.request.value(name) for name in ("after_id", "before_id")]
    return [cursor for cursor in given if cursor is not None] if is_list(response) else []


def _names(response: Response) -> list[str]:
    name = name_asked(response.request)
    return _cursors(response) if name is None else [name]


def _has_odd_signs(response: Response) -> bool:
    return any(name and not PLAIN_ID.fullmatch(name) for name in _names(response))


_PARTS = (
    Trait(" without a value", lambda own: "" in _names(own)),
    Trait(" with unusual characters in it", _has_odd_signs),
    Trait(" beside a `limit`", lambda own: own.request.value("limit") is not None),
    Trait(" without a `limit`", lambda own: own.request.value("limit") is None),
)


def _which(inside: Sequence[Response], outside: Sequence[Response]) -> str:
    """Which of the odd requests it is, where the others are answered."""
    for part in _PARTS if outside else ():
        if all(map(part.holds, inside)) and not any(map(part.holds, outside)):
            return part.phrase
    limits = [response.request.value("limit") for response in inside]
    if not outside or not all(limits):
        return ""
    return f" ({named(list(dict.fromkeys(map(spelled, inside))))})"


def wrong_successes(seen: Observed) -> Iterator[Cause]:
    """Successes that are no pages, or wrong ones, in answer to odd requests."""
    found = [own for _, own in seen.findings(*ODD) if own.response.ok]
    for who, alike in grouped(found, lambda own: _who(own.response, seen)).items():
        responses = [own.response for own in alike]
        number = several(len(alike), "response")
        title = f"{who} gets 200 with {_what(alike[0], seen)}: {number}"
        hint = "refuse it with a 4xx, or answer as to a plain request"
        yield Cause(f"wrong success: {who}", title, among(responses, *ODD, *REFUSALS), hint)


def _who(response: Response, seen: Observed) -> str:
    return next(kind.phrase for kind in _kinds(seen) if kind.holds(response))


def _what(found: Finding, seen: Observed) -> str:
    body, page = found.response.json, page_of(found.response)
    if is_list(found.response) and not (page and is_whole(page, seen.revision)):
        null = isinstance(body, dict) and body.get("data", "") is None
        return "`data` null" if null else "half a page"
    what = "a wrong page" if page else "a wrong model"
    return f"{what} ({visible(found.seen, 60)}, expected {visible(found.expected, 60)})"
