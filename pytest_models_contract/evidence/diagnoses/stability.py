"""The same request, another response: what changes from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pytest_models_contract.client.exchange import Request, Response, page_of
from pytest_models_contract.evidence.comparison import same_response
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import clause, named, share
from pytest_models_contract.evidence.diagnoses.observed import Observed, is_list, once

REPEATING = "cursors/repeating_a_request"
TOGETHER = "cursors/requests_at_the_same_moment"
AT_ONCE = 9
"""Which asking of a request stands for one beside others."""


def _groups(seen: Observed) -> dict[Request, list[Response]]:
    """The responses to each request that was sent several times."""
    found: dict[Request, list[Response]] = {}
    for response in seen.exchanges:
        found.setdefault(once(response.request), []).append(response)
    return {asked: responses for asked, responses in found.items() if len(responses) > 1}


def changes(seen: Observed) -> Iterator[Cause]:
    """Answers that change although nothing else does."""
    if not seen.is_violated(
        "cursors/", "model_list/", "order/", "headers/", "retrieve/", "model_info/"
    ):
        return
    groups = _groups(seen)
    changed = {asked: responses for asked, responses in groups.items() if _differ(responses, seen)}
    if not changed:
        return
    if _only_at_once(changed, seen):
        yield from _mixed_up(changed, groups)
        return
    lists = {asked: own for asked, own in changed.items() if is_list(own[0])}
    kinds = _of_one_list({asked: _kind(own) for asked, own in lists.items()}, lists)
    for kind, says in _KINDS:
        inside = [asked for asked, own in kinds.items() if own == kind]
        if inside:
            asked_again = [asked for asked in groups if asked.path == inside[0].path]
            title = f"{says}: {clause(len(inside), len(asked_again), 'request|sent again', 'shows it', 'show it')}"
            yield Cause(f"unstable: {kind}", title, _unstable(kind, inside))
    values = [
        own for asked, own in changed.items() if asked not in kinds or kinds[asked] == "values"
    ]
    if values:
        yield from _values(values, seen)


_KINDS = (
    ("made up", "responses are made up for each request, with other ids each time"),
    ("models", "the same request for the list gets other models when it is sent again"),
    ("order", "the order of the list changes with each request"),
    ("status", "a request that is sent again is refused"),
    ("envelope", "`has_more` or a cursor changes when a request is sent again"),
)


def _differ(responses: Sequence[Response], seen: Observed) -> bool:
    first = responses[0]
    return any(
        response.status != first.status or _unlike(first, response, seen)
        for response in responses[1:]
    )


def _unlike(one: Response, other: Response, seen: Observed) -> bool:
    return one.packed != other.packed and one.ok and not same_response(one, other, seen.revision)


def _kind(responses: Sequence[Response]) -> str:
    if len({response.status for response in responses}) > 1:
        return "status"
    pages = [page for response in responses if (page := page_of(response))]
    if len({frozenset(page.ids) for page in pages}) > 1 or len({len(page) for page in pages}) > 1:
        shared = set(pages[0].ids).intersection(*(page.ids for page in pages))
        return "models" if shared or not all(page.ids for page in pages) else "made up"
    if len({tuple(page.ids) for page in pages}) > 1:
        return "order"
    keys = ("first_id", "last_id", "has_more")
    if len({str([page.envelope.get(key) for key in keys]) for page in pages}) > 1:
        return "envelope"
    return "values"


def _of_one_list(
    kinds: dict[Request, str], lists: dict[Request, list[Response]]
) -> dict[Request, str]:
    """A page of a list whose order changes holds other models each time: the order is what changes."""
    whole = {
        own
        for asked, kind in kinds.items()
        if kind == "order"
        for page in map(page_of, lists[asked])
        if page
        for own in page.ids
    }
    return {
        asked: "order" if whole and _held(lists[asked]) <= whole else kind
        for asked, kind in kinds.items()
    }


def _held(responses: Sequence[Response]) -> set[str]:
    return {own for page in map(page_of, responses) if page for own in page.ids}


def _unstable(kind: str, inside: Sequence[Request]) -> Follows:
    """What other checks make of a list that is another one each time."""
    about = (
        "cursors/",
        "order/",
        "limit/",
        "model_list/ids_are",
        "model_list/a_model",
        "headers/",
        "clients/",
        "retrieve/model_equals",
        "lifecycle/",
    )

    def follows(check: str, found: Any) -> bool:
        if check.startswith((REPEATING, TOGETHER)):
            return once(found.response.request) in inside or is_list(found.response)
        return (
            kind in {"made up", "models", "order"}
            and check.startswith(about)
            and is_list(found.response)
            and found.response.ok
        )

    return follows


def _only_at_once(changed: dict[Request, list[Response]], seen: Observed) -> bool:
    """Whether responses differ only where requests were sent at the same moment."""
    alone = [
        [response for response in own if response.request.again != AT_ONCE]
        for own in changed.values()
    ]
    return not any(_differ(own, seen) for own in alone if own)


def _mixed_up(
    changed: dict[Request, list[Response]], groups: dict[Request, list[Response]]
) -> Iterator[Cause]:
    together = [
        own for own in groups.values() if any(response.request.again == AT_ONCE for response in own)
    ]
    ids = {response.header("request-id") for own in changed.values() for response in own}
    title = (
        "responses are mixed up when requests come at the same moment:"
        f" {share(len(changed), len(together), 'such request')} got the response of another"
    )

    def follows(check: str, found: Any) -> bool:
        if check.startswith("headers/request_id_is_never"):
            return found.response.header("request-id") in ids
        return check.startswith(TOGETHER)

    yield Cause(
        "mixed up", title, follows, "state of one request is kept where another one reads it"
    )


def _values(changed: Sequence[Sequence[Response]], seen: Observed) -> Iterator[Cause]:
    """Properties whose value is another one each time."""
    names = list(dict.fromkeys(name for own in changed for name in _changing(own, seen)))
    statuses = {response.status for own in changed for response in own}
    says = (
        f"{named([f'`{name}`' for name in names])} changes with each request"
        if names
        else "the same request gets another response"
    )
    if len(statuses) > 1:
        says = f"a model that is asked for again is answered with {max(statuses)}"
    title = f"{says}: {len(changed)} {'request' if len(changed) == 1 else 'requests'} sent again show it"

    def follows(check: str, found: Any) -> bool:
        if check.startswith((REPEATING, TOGETHER)):
            return True
        text = f"{found.seen} {found.expected} {found.where}"
        return bool(names) and any(
            f"{name}:" in text or check == f"model_info/{name}" for name in names
        )

    yield Cause(f"changing {' '.join(names)}", title, follows)


def _changing(responses: Sequence[Response], seen: Observed) -> Iterator[str]:
    models = [_models(response) for response in responses if response.ok]
    for prop in seen.revision.properties:
        if "properties" in prop.demands or prop.demands.get("type") == "object":
            continue
        told = [
            {name: str((prop.holder(model) or {}).get(prop.name)) for name, model in own.items()}
            for own in models
        ]
        if any(
            one.get(name, text) != text
            for own in told[:1]
            for name, text in own.items()
            for one in told[1:]
        ):
            yield prop.path


def _models(response: Response) -> dict[str, Any]:
    if page := page_of(response):
        return dict(zip(page.ids, page.data, strict=True))
    return {str(response.json.get("id")): response.json} if isinstance(response.json, dict) else {}
