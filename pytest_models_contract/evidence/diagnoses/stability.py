"""The same request, another response: what changes from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from pytest_models_contract.client.exchange import Finding, Request, Response, page_of
from pytest_models_contract.evidence.comparison import same_response
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.checks import (
    ENDS,
    LIST_ENTRY,
    MORE,
    PAGES,
    REPEATING,
    SAME_MODELS,
    TOGETHER,
    VARIANTS,
    WALKS,
)
from pytest_models_contract.evidence.diagnoses.counting import (
    clause,
    grouped,
    joined,
    quoted,
    share,
)
from pytest_models_contract.evidence.diagnoses.known_formats import ENVELOPE
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    is_list,
    moment,
    once,
)
from pytest_models_contract.evidence.diagnoses.traits import cursor_of
from pytest_models_contract.evidence.proxy.requests import OF_A_PROXY
from pytest_models_contract.spec.revision import Property

COMPARING = (*PAGES, *VARIANTS, SAME_MODELS, LIST_ENTRY, "order/", "clients/", "lifecycle/")
"""Checks that relate several lists."""
OF_ENVELOPES = (*MORE, *ENDS, *WALKS)
AT_ONCE = 9
"""Which asking of a request stands for one beside others."""
Repeated = Mapping[Request, Sequence[Response]]
_KINDS = {
    "made up": "responses are made up for each request, with other ids each time",
    "models": "the same request for the list gets other models when it is sent again",
    "order": "the order of the list changes with each request",
    "envelope": "`has_more` or a cursor changes when a request is sent again",
}
_TIES = "the order of models of the same date changes with each request"
_SORT_TIES = "sort by the id too, where dates are equal"


def changes(seen: Observed) -> Iterator[Cause]:
    """Responses that change although nothing else does."""
    if not seen.violated:
        return
    steady = (own for own in seen.sent if own.request.again != OF_A_PROXY)
    again = grouped(steady, lambda response: once(response.request))
    repeated = {asked: responses for asked, responses in again.items() if len(responses) > 1}
    changed = {asked: own for asked, own in repeated.items() if _differ(own, seen)}
    if changed and not any(_differ(_alone(own), seen) for own in changed.values()):
        yield _mixed_up(changed, repeated)
    elif changed:
        failed = {asked: own for asked, own in changed.items() if not all(one.ok for one in own)}
        yield from _failing(failed, repeated)
        rest = {asked: own for asked, own in changed.items() if asked not in failed}
        yield from _changed(rest, repeated, seen)


def _alone(responses: Sequence[Response]) -> Sequence[Response]:
    """Those that were asked for while no other request was sent."""
    return [own for own in responses if own.request.again != AT_ONCE]


def _differ(responses: Sequence[Response], seen: Observed) -> bool:
    """Whether one of them says something else than the first; a refusal may be worded again."""
    return any(
        own.status != responses[0].status
        or (own.ok and not same_response(responses[0], own, seen.revision))
        for own in responses[1:]
    )


def _changed(changed: Repeated, repeated: Repeated, seen: Observed) -> Iterator[Cause]:
    lists = {asked: own for asked, own in changed.items() if is_list(own[0])}
    kinds = _of_one_list({asked: _kind(own, seen) for asked, own in lists.items()}, lists, seen)
    for kind, says in _KINDS.items():
        inside = [asked for asked, own in kinds.items() if own == kind]
        if inside:
            alike = [asked for asked in repeated if asked.path == inside[0].path]
            noun = "request|sent again"
            shown = clause(len(inside), len(alike), noun, "shows it", "show it")
            of_ties = kind == "order" and all(_keeps_the_dates(lists[asked]) for asked in inside)
            title, hint = f"{_TIES if of_ties else says}: {shown}", _SORT_TIES if of_ties else ""
            yield Cause(f"unstable: {kind}", title, _of_lists(kind, inside), hint, (REPEATING,))
    values = [own for asked, own in changed.items() if kinds.get(asked, "values") == "values"]
    if values:
        yield _values(values, seen)


def _failing(changed: Repeated, repeated: Repeated) -> Iterator[Cause]:
    """Requests that are served at one time and fail at another, always later or now and then."""
    served = [own for own in changed.values() if any(one.ok for one in own)]
    late = any(own and own[-1].ok and not own[0].ok for own in map(_alone, served))
    says = "requests fail now and then" if late else "a request that is sent again is refused"
    statuses = {one.status for own in served for one in own if not one.ok}
    shown = clause(len(served), len(repeated), "request|sent again", "shows it", "show it")

    def follows(check: str, found: Finding) -> bool:
        failed = found.response.status in statuses and (
            late or once(found.response.request) in changed
        )
        return failed or check.startswith((REPEATING, TOGETHER))

    if served:
        title = f"{says}, with {joined(sorted(map(str, statuses)))}: {shown}"
        yield Cause("unstable: status", title, follows)


# --- lists ---------------------------------------------------------------------------------------


def _kind(responses: Sequence[Response], seen: Observed) -> str:
    """What of a list changes."""
    pages = [page for page in map(page_of, responses) if page]
    ids = [tuple(page.ids) for page in pages]
    if len({frozenset(own) for own in ids}) > 1 or len(set(map(len, ids))) > 1:
        shared = set(ids[0]).intersection(*ids)
        known = seen.models.keys() >= set().union(*ids)
        listed = shared or known or not all(ids) or _stand_elsewhere(responses, seen)
        return "models" if listed else "made up"
    if len(set(ids)) > 1:
        return "order"
    stated = {str([page.envelope.get(key) for key in ENVELOPE]) for page in pages}
    return "envelope" if len(stated) > 1 else "values"


def _stand_elsewhere(responses: Sequence[Response], seen: Observed) -> bool:
    """Whether other requests get one of their models too."""
    asked, held = once(responses[0].request), _held(responses)
    others = (page for page in seen.pages if once(page.response.request) != asked)
    return any(not held.isdisjoint(page.ids) for page in others)


def _of_one_list(
    kinds: Mapping[Request, str], lists: Repeated, seen: Observed
) -> dict[Request, str]:
    """A page of a list whose order changes holds other models each time: the order is what changes."""
    whole = {own for asked, kind in kinds.items() if kind == "order" for own in _held(lists[asked])}
    for page in seen.pages:
        if page.has_more is False and len(page) > len(whole) and not cursor_of(page.response):
            whole = set(page.ids)
    ordered = {
        asked
        for asked, kind in kinds.items()
        if kind == "order" or (_held(lists[asked]) <= whole and _is_turned(lists[asked]))
    }
    return {
        asked: "order" if ordered and _held(lists[asked]) <= whole else kind
        for asked, kind in kinds.items()
    }


def _is_turned(responses: Sequence[Response]) -> bool:
    """Whether models stand in another order on one of the pages than on another."""
    pages = [page.ids for page in map(page_of, responses) if page]
    return any(
        [own for own in one if own in other] != [own for own in other if own in one]
        for one, other in combinations(pages, 2)
    )


def _keeps_the_dates(responses: Sequence[Response]) -> bool:
    """Whether the pages have the same dates, in the same order."""
    dates = [list(map(moment, page.data)) for page in map(page_of, responses) if page]
    return None not in dates[0] and all(own == dates[0] for own in dates)


def _held(responses: Sequence[Response]) -> set[str]:
    return {own for page in map(page_of, responses) if page for own in page.ids}


def _of_lists(kind: str, changed: Sequence[Request]) -> Follows:
    """What checks make of a list that is another one each time, or refused."""
    any_list = kind in {"made up", "models", "order"}

    def follows(check: str, found: Finding) -> bool:
        if check.startswith((REPEATING, TOGETHER)):
            return is_list(found.response)
        if once(found.response.request) in changed and not any_list:
            return check.startswith(OF_ENVELOPES)
        comparing = any_list and check.startswith(COMPARING)
        return comparing and is_list(found.response) and found.response.ok

    return follows


# --- requests at the same moment -----------------------------------------------------------------


def _mixed_up(changed: Repeated, repeated: Repeated) -> Cause:
    beside = [own for own in repeated.values() if any(one.request.again == AT_ONCE for one in own)]
    ids = {response.header("request-id") for own in changed.values() for response in own}
    count = share(len(changed), len(beside), "such request")
    title = f"responses are mixed up when requests come at the same moment: {count} got another's"

    def follows(check: str, found: Finding) -> bool:
        if check.startswith("headers/request_id_is_never"):
            return found.response.header("request-id") in ids
        return check.startswith(TOGETHER)

    hint = "the state of one request is kept where another one reads it"
    return Cause("mixed up", title, follows, hint, (TOGETHER,))


# --- values --------------------------------------------------------------------------------------


def _values(changed: Sequence[Sequence[Response]], seen: Observed) -> Cause:
    """Properties whose value is another one each time."""
    paths = [prop.path for prop in seen.revision.properties if _changes(prop, changed)]
    says = (
        f"{quoted(paths)} changes with each request"
        if paths
        else "the same request gets another response"
    )
    shown = clause(len(changed), len(changed), "request|sent again", "shows it", "show it")

    def follows(check: str, found: Finding) -> bool:
        if check.startswith((REPEATING, TOGETHER)):
            return True
        text = f"{found.seen} {found.expected}"
        return any(f"{path}:" in text or check == f"model_info/{path}" for path in paths)

    return Cause(f"changing {' '.join(paths)}", f"{says}: {shown}", follows)


def _changes(prop: Property, changed: Sequence[Sequence[Response]]) -> bool:
    if prop.demands.get("type") == "object":
        return False
    stated = [[_stated(prop, response) for response in own if response.ok] for own in changed]
    return any(
        one.get(name, value) != value
        for first, *others in filter(None, stated)
        for one in others
        for name, value in first.items()
    )


def _stated(prop: Property, response: Response) -> dict[str, str]:
    """What a response says of the property of each of its models."""
    return {
        name: str((prop.holder(model) or {}).get(prop.name))
        for name, model in _models(response).items()
    }


def _models(response: Response) -> dict[str, Any]:
    if page := page_of(response):
        return dict(zip(page.ids, page.data, strict=True))
    return {str(response.json.get("id")): response.json} if isinstance(response.json, dict) else {}
