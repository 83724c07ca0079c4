"""Odd requests that are answered with a 5xx, or with half a page, where a refusal would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import clause, named, several
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    extras,
    is_list,
    name_asked,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.refusals import has_illegal_limit, spelled
from pytest_models_contract.evidence.diagnoses.stages import is_legal, stages_of
from pytest_models_contract.evidence.diagnoses.traits import Trait
from pytest_models_contract.evidence.diagnoses.windows import names_workspace
from pytest_models_contract.evidence.plan import PLAIN_ID

HALF = ("cursors/unknown_cursor", "cursors/both_cursors")


def crashes(seen: Observed) -> Iterator[Cause]:
    """Odd requests at which the server fails, by what is odd about them."""
    for kind in _kinds(seen):
        asked = [response for response in seen.responses.values() if kind.holds(response)]
        broken = [response for response in asked if response.failed]
        if broken:
            which = _which(broken, [response for response in asked if not response.failed])
            how = f"answered with {broken[0].status}" if broken[0].status else "cut off"
            count = clause(len(broken), len(asked), "such request", "is", "are")
            title = f"{kind.phrase}{which} makes the server fail: {count} {how}"
            said = seen.quote(broken[0])
            yield Cause(f"crash: {kind.phrase}", title, whatever(broken), said)


def _kinds(seen: Observed) -> Iterator[Trait]:
    """The odd requests of a run."""
    yield Trait("an illegal `limit`", lambda own: has_illegal_limit(own, seen))
    yield Trait(
        "a cursor that names no model",
        lambda own: any(cursor not in seen.position for cursor in _cursors(own)),
    )
    yield Trait("a request with both cursors", lambda own: len(_cursors(own)) > 1)
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
    yield Trait("an unknown model", lambda own: _is_unknown(own, seen))


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


def half_pages(seen: Observed) -> Iterator[Cause]:
    """Successes that are no pages, in answer to odd cursors."""
    found = [own.response for _, own in seen.findings(*HALF) if own.response.ok]
    if found:
        body = found[0].json
        null = isinstance(body, dict) and body.get("data", "") is None
        both = all(len(_cursors(response)) > 1 for response in found)
        who = "both cursors at once get" if both else "a cursor that names no model gets"
        what = "`data` null" if null else "half a page"
        title = f"{who} 200 with {what}: {several(len(found), 'response')}"
        hint = "refuse it with a 4xx, or answer with a page"
        yield Cause("half a page", title, among(found, *HALF), hint)
