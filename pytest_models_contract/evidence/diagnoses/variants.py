"""Requests that are refused, or crash the server, only because of a header or of `beta=true`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.variant import DEFAULT_VERSION, PLAIN
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import VARIANTS
from pytest_models_contract.evidence.diagnoses.counting import grouped, share
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    extras,
    is_list,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.traits import Trait

BEARER, X_API_KEY = "bearer token", "`x-api-key`"
NEWER = "`anthropic-version: 2026-10-21`"


def refused_betas(seen: Observed) -> Iterator[Cause]:
    """Known values of `anthropic-beta` that are refused or crash."""
    sent = [own for own in seen.responses.values() if own.request.variant.betas]
    known = [own for own in sent if set(own.request.variant.betas) <= set(seen.revision.betas)]
    refused = [own for own in known if own.status >= 400 and not _is_refused_without(own, seen)]
    for status, inside in grouped(refused, lambda own: own.status).items():
        says = _which_betas(inside, [own for own in known if own.status != status])
        title = (
            f"{says}: {share(len(inside), len(inside), 'such request')} is answered with {status}"
        )
        crashed = [own for own in sent if own.status == status >= 500]
        follows = among([*inside, *crashed], *VARIANTS, "errors/odd_question")
        yield Cause(f"betas {status}", title, follows, seen.quote(inside[0]))


def _is_refused_without(response: Response, seen: Observed) -> bool:
    """Whether the same request gets the same status without the header."""
    plain = plain_response(response, seen)
    return plain is not None and plain.status == response.status


def plain_response(response: Response, seen: Observed) -> Response | None:
    """The response to the same request without its variant, if it was sent."""
    query = tuple(pair for pair in response.request.query if pair[0] != "beta")
    return seen.responses.get(replace(response.request, variant=PLAIN, query=query, again=0))


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


def _variants() -> Iterator[Trait]:
    """How clients ask otherwise, and the usual headers that these replace."""
    yield Trait("`beta=true`", lambda own: "beta" in extras(own))
    yield Trait(NEWER, lambda own: own.request.variant.version not in ("", DEFAULT_VERSION))
    usual = f"`anthropic-version: {DEFAULT_VERSION}`"
    yield Trait(usual, lambda own: own.request.variant.version == DEFAULT_VERSION)
    yield Trait(f"the key as {BEARER}", lambda own: key_header(own) == BEARER)
    yield Trait(f"the key as {X_API_KEY}", lambda own: key_header(own) == X_API_KEY)


def key_header(response: Response) -> str:
    """How the key was sent, in words."""
    return BEARER if "authorization" in dict(response.sent) else X_API_KEY


def refused_variants(seen: Observed) -> Iterator[Cause]:
    """What is accepted when it is asked for otherwise: everywhere, or only on the list or on retrieve."""
    keys = {"key", "other-way"}
    legal = [own for own in seen.responses.values() if own.request.variant.auth in keys]
    for variant in _variants():
        for place, here in _PLACES:
            inside = [own for own in legal if variant.holds(own) and here(own)]
            if _is_refused(inside, [own for own in legal if not variant.holds(own)]):
                yield _refused(variant.phrase, place, inside, seen)
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


def _refused(variant: str, place: str, inside: Sequence[Response], seen: Observed) -> Cause:
    status = inside[0].status
    how = "is not accepted" if status < 500 else "makes the server fail"
    count = share(len(inside), len(inside), "such request")
    title = f"{variant} {how}{place}: {count} is answered with {status}"
    return Cause(f"refused {variant}{place}", title, whatever(inside), seen.quote(inside[0]))
