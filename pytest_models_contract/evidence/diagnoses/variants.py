"""Requests that are refused, or crash the server, only because of a header or of `beta=true`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import DEFAULT_VERSION, Response
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import VARIANTS
from pytest_models_contract.evidence.diagnoses.counting import grouped, share
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    extras,
    is_list,
    message_of,
    quote,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.traits import Trait

NEWER = "`anthropic-version: 2026-10-21`"


def refused_betas(seen: Observed) -> Iterator[Cause]:
    """Known values of `anthropic-beta` that are refused or crash."""
    sent = [own for own in seen.responses.values() if own.request.variant.betas]
    known = [own for own in sent if set(own.request.variant.betas) <= set(seen.revision.betas)]
    refused = [own for own in known if own.status >= 400]
    for status, inside in grouped(refused, lambda own: own.status).items():
        says = _which_betas(inside, [own for own in known if own.status != status])
        title = (
            f"{says}: {share(len(inside), len(inside), 'such request')} is answered with {status}"
        )
        crashed = [own for own in sent if own.status == status >= 500]
        follows = among([*inside, *crashed], *VARIANTS, "errors/odd_question")
        yield Cause(f"betas {status}", title, follows, quote(message_of(inside[0])))


def _which_betas(inside: Sequence[Response], others: Sequence[Response]) -> str:
    taken = {beta for response in others for beta in response.request.variant.betas}
    if not any(map(is_list, inside)):
        return "`anthropic-beta` is not accepted on retrieve"
    if not taken:
        return "`anthropic-beta` is not accepted, whatever its value"
    sent = [response.request.variant.betas for response in inside]
    bad = list(dict.fromkeys(own[0] for own in sent if len(own) == 1 and own[0] not in taken))
    if not bad:
        most = max(map(len, sent))
        return f"several values of `anthropic-beta` at once, {most} here, are not accepted"
    if len(bad) == 1:
        return f"`anthropic-beta: {bad[0]}` is not accepted"
    return f"{len(bad)} values of `anthropic-beta` are not accepted, such as {bad[0]}"


def _forms(seen: Observed) -> Iterator[Trait]:
    """The forms in which clients ask otherwise, and the usual ones that these replace."""
    yield Trait("`beta=true`", lambda own: "beta" in extras(own))
    yield Trait(NEWER, lambda own: own.request.variant.version not in ("", DEFAULT_VERSION))
    usual = f"`anthropic-version: {DEFAULT_VERSION}`"
    yield Trait(usual, lambda own: own.request.variant.version == DEFAULT_VERSION)
    for auth in ("other-way", "key"):
        found = [own for own in seen.responses.values() if own.request.variant.auth == auth]
        if found:
            header = key_header(found[0])
            yield Trait(f"the key as {header}", lambda own, a=auth: own.request.variant.auth == a)  # type: ignore[misc]


def key_header(response: Response) -> str:
    """How the key was sent, in words."""
    return "bearer token" if "authorization" in dict(response.sent) else "`x-api-key`"


def refused_forms(seen: Observed) -> Iterator[Cause]:
    """What is accepted when it is asked for otherwise: everywhere, or only on the list or on retrieve."""
    keys = {"key", "other-way"}
    legal = [own for own in seen.responses.values() if own.request.variant.auth in keys]
    for way in _forms(seen):
        for place, here in _PLACES:
            inside = [own for own in legal if way.holds(own) and here(own)]
            if _is_refused(inside, [own for own in legal if not way.holds(own)]):
                yield _refused(way.phrase, place, inside)
                break


_PLACES = (
    Trait("", lambda _: True),
    Trait(" on the list", is_list),
    Trait(" on retrieve", lambda own: not is_list(own)),
)


def _is_refused(inside: Sequence[Response], others: Sequence[Response]) -> bool:
    """Whether all of these are refused alike, and some of the others are answered to the same path."""
    if len({own.status for own in inside}) != 1 or inside[0].status < 400:
        return False
    paths = {own.request.path for own in inside}
    return any(own.ok and own.request.path in paths for own in others)


def _refused(way: str, place: str, inside: Sequence[Response]) -> Cause:
    status = inside[0].status
    how = "is not accepted" if status < 500 else "makes the server fail"
    count = share(len(inside), len(inside), "such request")
    title = f"{way} {how}{place}: {count} is answered with {status}"
    return Cause(f"way {way}{place}", title, whatever(inside), quote(message_of(inside[0])))
