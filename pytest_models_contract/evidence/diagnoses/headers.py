"""Headers: request ids, betas, versions, the two ways to send the key, and `beta=true`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pytest_models_contract.client.exchange import DEFAULT_VERSION, Reply
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import clause, several, share
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    extras,
    is_list,
    message_of,
    whatever,
)

REQUEST_ID = "request-id"


# --- request ids ---------------------------------------------------------------------------------


def request_ids(seen: Observed) -> Iterator[Cause]:
    """The header `request-id`: missing, empty, or the same again."""
    told = [reply for reply in seen.exchanges if reply.status]
    lacking = [reply for reply in told if not reply.header(REQUEST_ID)]
    if lacking and seen.is_violated("headers/request_id_on_every_answer"):
        yield _lacking(lacking, told, seen)
    if seen.is_violated("headers/request_id_is_never_the_same"):
        yield from _repeated([reply for reply in told if reply.header(REQUEST_ID)])


def _lacking(lacking: Sequence[Reply], told: Sequence[Reply], seen: Observed) -> Cause:
    outside = [reply for reply in told if reply.header(REQUEST_ID)]
    empty = all(reply.header(REQUEST_ID) == "" for reply in lacking)
    own = all(reply.header("x-request-id") for reply in lacking)
    which = _which(lacking, outside)
    says = (
        f"answers{which} have an empty `request-id`"
        if empty
        else f"answers{which} lack the header `request-id`"
    )
    if own:
        says += "; they have `x-request-id`"
    title = f"{says}: {share(len(lacking), len(lacking) if which else len(told), 'such answer' if which else 'answer')}"
    checks = ("headers/request_id_on_every_answer", "errors/body_names_the_request")
    return Cause("request-id missing", title, among(lacking, *(checks if empty else checks[:1])))


def _which(inside: Sequence[Reply], outside: Sequence[Reply]) -> str:
    kinds: tuple[tuple[str, Callable[[Reply], bool]], ...] = (
        ("", lambda _: True),
        (" with an error", lambda reply: reply.status >= 400),
        (f" with {inside[0].status}", lambda reply: reply.status == inside[0].status),
        (" with a page", lambda reply: reply.ok and is_list(reply)),
        (" with one model", lambda reply: reply.ok and not is_list(reply)),
    )
    for phrase, holds in kinds:
        if all(map(holds, inside)) and not any(map(holds, outside)):
            return phrase
    return ""


def _repeated(told: Sequence[Reply]) -> Iterator[Cause]:
    by_id: dict[str, list[Reply]] = {}
    for reply in told:
        by_id.setdefault(reply.header(REQUEST_ID) or "", []).append(reply)
    again = {own: replies for own, replies in by_id.items() if len(replies) > 1}
    number = len(told) - len(by_id)
    if len(by_id) == 1:
        says = f"`request-id` is the same on every answer: {several(len(told), 'answer')}"
    elif len(by_id) == len({reply.question.path for reply in told}):
        says = f"`request-id` depends on the path alone: {len(by_id)} values on {several(len(told), 'answer')}"
    else:
        says = f"`request-id` is given out again: {clause(number, len(told), 'answer', 'has one', 'have one')} that was there before"
    replies = [reply for own in again.values() for reply in own]
    follows = either(
        among(replies, "headers/request_id_is_never"),
        among(told, "errors/body_names_the_request"),
    )
    yield Cause("request-id repeated", says, follows)


# --- what is refused ------------------------------------------------------------------------------


def refused_betas(seen: Observed) -> Iterator[Cause]:
    """Known values of `anthropic-beta` that are refused or crash."""
    known = set(seen.revision.betas)
    asked = [
        own
        for own in seen.answers.values()
        if own.question.variant.betas and set(own.question.variant.betas) <= known
    ]
    for status in dict.fromkeys(reply.status for reply in asked if reply.status >= 400):
        inside = [reply for reply in asked if reply.status == status]
        rest = [reply for reply in asked if reply.status != status]
        says = _betas(inside, rest)
        how = "refused" if status < 500 else "a crash"
        title = (
            f"{says}: {share(len(inside), len(inside), 'such request')} is answered with {status}"
        )
        said = message_of(inside[0])
        crashed = [
            own
            for own in seen.answers.values()
            if own.question.variant.betas and own.status == status >= 500
        ]
        yield Cause(
            f"betas {how}",
            title,
            among([*inside, *crashed], "headers/", "errors/odd_question"),
            f'the server says "{said}"' if said else "",
        )


def _betas(inside: Sequence[Reply], rest: Sequence[Reply]) -> str:
    fine = {beta for reply in rest for beta in reply.question.variant.betas}
    alone = [
        reply.question.variant.betas for reply in inside if len(reply.question.variant.betas) == 1
    ]
    bad = list(dict.fromkeys(beta for betas in alone for beta in betas if beta not in fine))
    if not any(map(is_list, inside)):
        return "`anthropic-beta` is not accepted on retrieve"
    if not rest or not fine:
        return "`anthropic-beta` is not accepted, whatever its value"
    if not bad:
        most = max(len(reply.question.variant.betas) for reply in inside)
        return f"several values of `anthropic-beta` at once, {most} here, are not accepted"
    return (
        f"`anthropic-beta: {bad[0]}` is not accepted"
        if len(bad) == 1
        else f"{len(bad)} values of `anthropic-beta` are not accepted, such as {bad[0]}"
    )


Way = tuple[str, Callable[[Reply], bool]]


def ways(seen: Observed) -> Iterator[Way]:
    """The ways in which clients ask otherwise, or do not."""
    other = next(
        (reply for reply in seen.answers.values() if reply.question.variant.auth == "other-way"),
        None,
    )
    usual = seen.bare
    yield "`beta=true`", lambda reply: "beta" in extras(reply)
    yield (
        "`anthropic-version: 2026-10-21`",
        lambda reply: _version(reply) not in ("", DEFAULT_VERSION),
    )
    yield (
        f"`anthropic-version: {DEFAULT_VERSION}`",
        lambda reply: _version(reply) == DEFAULT_VERSION,
    )
    if other:
        yield f"the key as {_how(other)}", lambda reply: reply.question.variant.auth == "other-way"
    if usual and other:
        yield f"the key as {_how(usual)}", lambda reply: reply.question.variant.auth == "key"


def _version(reply: Reply) -> str:
    return reply.question.variant.version


def _how(reply: Reply) -> str:
    return "bearer token" if "authorization" in dict(reply.sent) else "`x-api-key`"


def refused_ways(seen: Observed) -> Iterator[Cause]:
    """Requests that are refused, or crash, only because of a header or of `beta=true`."""
    legal = [
        reply
        for reply in seen.answers.values()
        if reply.question.variant.auth in {"key", "other-way"}
    ]
    for name, holds in ways(seen):
        inside = [reply for reply in legal if holds(reply)]
        for place, chosen in (
            ("", inside),
            (" on the list", list(filter(is_list, inside))),
            (" on retrieve", [r for r in inside if not is_list(r)]),
        ):
            statuses = {reply.status for reply in chosen}
            if (
                len(statuses) != 1
                or min(statuses) < 400
                or not _is_right_otherwise(chosen, legal, holds)
            ):
                continue
            [status] = statuses
            how = "is not accepted" if status < 500 else "makes the server fail"
            title = f"{name} {how}{place}: {share(len(chosen), len(chosen), 'such request')} is answered with {status}"
            said = message_of(chosen[0])
            yield Cause(
                f"way {name}{place}",
                title,
                whatever(chosen),
                f'the server says "{said}"' if said else "",
            )
            break


def _is_right_otherwise(
    inside: Sequence[Reply], legal: Sequence[Reply], holds: Callable[[Reply], bool]
) -> bool:
    """Whether some of the same requests are answered when asked otherwise."""
    paths = {reply.question.path for reply in inside}
    return any(reply.ok and not holds(reply) and reply.question.path in paths for reply in legal)
