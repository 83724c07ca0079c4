"""The same request, another answer: what changes from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pytest_models_contract.client.exchange import Question, Reply, page_of
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import clause, named, share
from pytest_models_contract.evidence.diagnoses.observed import Observed, is_list, once

REPEATING = "cursors/repeating_a_request"
TOGETHER = "cursors/requests_at_the_same_moment"
AT_ONCE = 9
"""Which asking of a request stands for one beside others."""


def _groups(seen: Observed) -> dict[Question, list[Reply]]:
    """The responses to each request that was sent several times."""
    found: dict[Question, list[Reply]] = {}
    for reply in seen.exchanges:
        found.setdefault(once(reply.question), []).append(reply)
    return {asked: replies for asked, replies in found.items() if len(replies) > 1}


def changes(seen: Observed) -> Iterator[Cause]:
    """Answers that change although nothing else does."""
    if not seen.is_violated(
        "cursors/", "model_list/", "order/", "headers/", "retrieve/", "model_info/"
    ):
        return
    groups = _groups(seen)
    changed = {asked: replies for asked, replies in groups.items() if _differ(replies, seen)}
    if not changed:
        return
    if _only_at_once(changed, seen):
        yield from _mixed_up(changed, groups)
        return
    lists = {asked: own for asked, own in changed.items() if is_list(own[0])}
    kinds = {asked: _kind(own) for asked, own in lists.items()}
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
    ("made up", "answers are made up for each request, with other ids each time"),
    ("models", "the same request for the list gets other models when it is sent again"),
    ("order", "the order of the list changes with each request"),
    ("status", "a request that is sent again is refused"),
    ("envelope", "`has_more` or a cursor changes when a request is sent again"),
)


def _differ(replies: Sequence[Reply], seen: Observed) -> bool:
    first = replies[0]
    return any(reply.status != first.status or _unlike(first, reply, seen) for reply in replies[1:])


def _unlike(one: Reply, other: Reply, seen: Observed) -> bool:
    from pytest_models_contract.evidence.comparison import alike

    return one.packed != other.packed and one.ok and not alike(one, other, seen.revision)


def _kind(replies: Sequence[Reply]) -> str:
    if len({reply.status for reply in replies}) > 1:
        return "status"
    pages = [page for reply in replies if (page := page_of(reply))]
    if len({frozenset(page.ids) for page in pages}) > 1 or len({len(page) for page in pages}) > 1:
        shared = set(pages[0].ids).intersection(*(page.ids for page in pages))
        return "models" if shared or not all(page.ids for page in pages) else "made up"
    if len({tuple(page.ids) for page in pages}) > 1:
        return "order"
    keys = ("first_id", "last_id", "has_more")
    if len({str([page.envelope.get(key) for key in keys]) for page in pages}) > 1:
        return "envelope"
    return "values"


def _unstable(kind: str, inside: Sequence[Question]) -> Follows:
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
            return once(found.reply.question) in inside or is_list(found.reply)
        return (
            kind in {"made up", "models", "order"}
            and check.startswith(about)
            and is_list(found.reply)
            and found.reply.ok
        )

    return follows


def _only_at_once(changed: dict[Question, list[Reply]], seen: Observed) -> bool:
    """Whether answers differ only where requests were sent at the same moment."""
    alone = [
        [reply for reply in own if reply.question.again != AT_ONCE] for own in changed.values()
    ]
    return not any(_differ(own, seen) for own in alone if own)


def _mixed_up(
    changed: dict[Question, list[Reply]], groups: dict[Question, list[Reply]]
) -> Iterator[Cause]:
    together = [
        own for own in groups.values() if any(reply.question.again == AT_ONCE for reply in own)
    ]
    ids = {reply.header("request-id") for own in changed.values() for reply in own}
    title = (
        "answers are mixed up when requests come at the same moment:"
        f" {share(len(changed), len(together), 'such request')} got the answer of another"
    )

    def follows(check: str, found: Any) -> bool:
        if check.startswith("headers/request_id_is_never"):
            return found.reply.header("request-id") in ids
        return check.startswith(TOGETHER)

    yield Cause(
        "mixed up", title, follows, "state of one request is kept where another one reads it"
    )


def _values(changed: Sequence[Sequence[Reply]], seen: Observed) -> Iterator[Cause]:
    """Properties whose value is another one each time."""
    names = list(dict.fromkeys(name for own in changed for name in _changing(own, seen)))
    statuses = {reply.status for own in changed for reply in own}
    says = (
        f"{named([f'`{name}`' for name in names])} changes with each request"
        if names
        else "the same request gets another answer"
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


def _changing(replies: Sequence[Reply], seen: Observed) -> Iterator[str]:
    models = [_models(reply) for reply in replies if reply.ok]
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


def _models(reply: Reply) -> dict[str, Any]:
    if page := page_of(reply):
        return dict(zip(page.ids, page.data, strict=True))
    return {str(reply.json.get("id")): reply.json} if isinstance(reply.json, dict) else {}
