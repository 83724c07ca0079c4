"""Headers: request ids, betas, versions, the two ways to send the key, and `beta=true`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pytest_models_contract.client.exchange import DEFAULT_VERSION, Response
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
    told = [response for response in seen.exchanges if response.status]
    lacking = [response for response in told if not response.header(REQUEST_ID)]
    if lacking and seen.is_violated("headers/request_id_on_every_answer"):
        yield _lacking(lacking, told, seen)
    if seen.is_violated("headers/request_id_is_never_the_same"):
        yield from _repeated([response for response in told if response.header(REQUEST_ID)])


def _lacking(lacking: Sequence[Response], told: Sequence[Response], seen: Observed) -> Cause:
    outside = [response for response in told if response.header(REQUEST_ID)]
    empty = all(response.header(REQUEST_ID) == "" for response in lacking)
    own = all(response.header("x-request-id") for response in lacking)
    which = _which(lacking, outside)
    says = (
        f"responses{which} have an empty `request-id`"
        if empty
        else f"responses{which} lack the header `request-id`"
    )
    if own:
        says += "; they have `x-request-id`"
    title = f"{says}: {share(len(lacking), len(lacking) if which else len(told), 'such response' if which else 'response')}"
    checks = ("headers/request_id_on_every_answer", "errors/body_names_the_request")
    return Cause("request-id missing", title, among(lacking, *(checks if empty else checks[:1])))


def _which(inside: Sequence[Response], outside: Sequence[Response]) -> str:
    kinds: tuple[tuple[str, Callable[[Response], bool]], ...] = (
        ("", lambda _: True),
        (" with an error", lambda response: response.status >= 400),
        (f" with {inside[0].status}", lambda response: response.status == inside[0].status),
        (" with a page", lambda response: response.ok and is_list(response)),
        (" with one model", lambda response: response.ok and not is_list(response)),
    )
    for phrase, holds in kinds:
        if all(map(holds, inside)) and not any(map(holds, outside)):
            return phrase
    return ""


def _repeated(told: Sequence[Response]) -> Iterator[Cause]:
    by_id: dict[str, list[Response]] = {}
    for response in told:
        by_id.setdefault(response.header(REQUEST_ID) or "", []).append(response)
    again = {own: responses for own, responses in by_id.items() if len(responses) > 1}
    number = len(told) - len(by_id)
    if len(by_id) == 1:
        says = f"`request-id` is the same on every response: {several(len(told), 'response')}"
    elif len(by_id) == len({response.request.path for response in told}):
        says = f"`request-id` depends on the path alone: {len(by_id)} values on {several(len(told), 'response')}"
    else:
        says = f"`request-id` is given out again: {clause(number, len(told), 'response', 'has one', 'have one')} that was there before"
    responses = [response for own in again.values() for response in own]
    follows = either(
        among(responses, "headers/request_id_is_never"),
        among(told, "errors/body_names_the_request"),
    )
    yield Cause("request-id repeated", says, follows)


# --- what is refused ------------------------------------------------------------------------------


def refused_betas(seen: Observed) -> Iterator[Cause]:
    """Known values of `anthropic-beta` that are refused or crash."""
    known = set(seen.revision.betas)
    asked = [
        own
        for own in seen.responses.values()
        if own.request.variant.betas and set(own.request.variant.betas) <= known
    ]
    for status in dict.fromkeys(response.status for response in asked if response.status >= 400):
        inside = [response for response in asked if response.status == status]
        rest = [response for response in asked if response.status != status]
        says = _betas(inside, rest)
        how = "refused" if status < 500 else "a crash"
        title = (
            f"{says}: {share(len(inside), len(inside), 'such request')} is answered with {status}"
        )
        said = message_of(inside[0])
        crashed = [
            own
            for own in seen.responses.values()
            if own.request.variant.betas and own.status == status >= 500
        ]
        yield Cause(
            f"betas {how}",
            title,
            among([*inside, *crashed], "headers/", "errors/odd_question"),
            f'the server says "{said}"' if said else "",
        )


def _betas(inside: Sequence[Response], rest: Sequence[Response]) -> str:
    fine = {beta for response in rest for beta in response.request.variant.betas}
    alone = [
        response.request.variant.betas
        for response in inside
        if len(response.request.variant.betas) == 1
    ]
    bad = list(dict.fromkeys(beta for betas in alone for beta in betas if beta not in fine))
    if not any(map(is_list, inside)):
        return "`anthropic-beta` is not accepted on retrieve"
    if not rest or not fine:
        return "`anthropic-beta` is not accepted, whatever its value"
    if not bad:
        most = max(len(response.request.variant.betas) for response in inside)
        return f"several values of `anthropic-beta` at once, {most} here, are not accepted"
    return (
        f"`anthropic-beta: {bad[0]}` is not accepted"
        if len(bad) == 1
        else f"{len(bad)} values of `anthropic-beta` are not accepted, such as {bad[0]}"
    )


Way = tuple[str, Callable[[Response], bool]]


def ways(seen: Observed) -> Iterator[Way]:
    """The ways in which clients ask otherwise, or do not."""
    other = next(
        (
            response
            for response in seen.responses.values()
            if response.request.variant.auth == "other-way"
        ),
        None,
    )
    usual = seen.bare
    yield "`beta=true`", lambda response: "beta" in extras(response)
    yield (
        "`anthropic-version: 2026-10-21`",
        lambda response: _version(response) not in ("", DEFAULT_VERSION),
    )
    yield (
        f"`anthropic-version: {DEFAULT_VERSION}`",
        lambda response: _version(response) == DEFAULT_VERSION,
    )
    if other:
        yield (
            f"the key as {_how(other)}",
            lambda response: response.request.variant.auth == "other-way",
        )
    if usual and other:
        yield f"the key as {_how(usual)}", lambda response: response.request.variant.auth == "key"


def _version(response: Response) -> str:
    return response.request.variant.version


def _how(response: Response) -> str:
    return "bearer token" if "authorization" in dict(response.sent) else "`x-api-key`"


def refused_ways(seen: Observed) -> Iterator[Cause]:
    """Requests that are refused, or crash, only because of a header or of `beta=true`."""
    legal = [
        response
        for response in seen.responses.values()
        if response.request.variant.auth in {"key", "other-way"}
    ]
    for name, holds in ways(seen):
        inside = [response for response in legal if holds(response)]
        for place, chosen in (
            ("", inside),
            (" on the list", list(filter(is_list, inside))),
            (" on retrieve", [r for r in inside if not is_list(r)]),
        ):
            statuses = {response.status for response in chosen}
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
    inside: Sequence[Response], legal: Sequence[Response], holds: Callable[[Response], bool]
) -> bool:
    """Whether some of the same requests are answered when asked otherwise."""
    paths = {response.request.path for response in inside}
    return any(
        response.ok and not holds(response) and response.request.path in paths for response in legal
    )
