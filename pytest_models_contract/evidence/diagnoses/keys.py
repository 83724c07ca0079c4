"""Keys: who is let in, with what status others are refused, and where responses repeat the key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.client.redact import Redactor, visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import joined, several, share
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    error_type,
    is_error,
    is_list,
)

CHECKS = ("errors/list_wants_the_key", "errors/retrieve_wants_the_key")
REFUSED = {
    "none": "without a key",
    "wrong": "with a wrong key",
    "wrong-other-way": "with a wrong bearer token",
}


def _asked(seen: Observed) -> list[Response]:
    """The responses to requests without the right key."""
    return [
        response for response in seen.responses.values() if response.request.variant.auth in REFUSED
    ]


def let_in(seen: Observed) -> Iterator[Cause]:
    """Requests without the right key that are answered as if they had it."""
    asked = _asked(seen)
    inside = [response for response in asked if response.ok]
    if not inside:
        return
    if all(map(is_error, inside)):
        title = f"requests {joined(_ways(inside), 'or')} get an error with status {inside[0].status}: {several(len(inside), 'response')}"
        yield Cause(
            "let in", title, among(inside, *CHECKS), "refuse them with 401 `authentication_error`"
        )
        return
    ways = _ways(inside)
    places = _places(inside, asked)
    title = f"the key is not checked: requests {joined(ways, 'or')} get {places}: {share(len(inside), len(asked), 'such request')}"
    if len(inside) < len(asked):
        title = f"requests {joined(ways, 'or')} get {places}: {share(len(inside), len(asked), 'request|without the right key')} {'is' if len(inside) == 1 else 'are'} let in"
    yield Cause(
        "let in", title, among(inside, *CHECKS), "refuse them with 401 `authentication_error`"
    )


def _ways(responses: Sequence[Response]) -> list[str]:
    return list(dict.fromkeys(REFUSED[response.request.variant.auth] for response in responses))


def _places(inside: Sequence[Response], asked: Sequence[Response]) -> str:
    names = [
        name
        for name, here in (("the list", True), ("a model", False))
        if any(is_list(own) == here for own in inside)
    ]
    return joined(names)


def wrong_refusals(seen: Observed) -> Iterator[Cause]:
    """Requests without the right key that are refused otherwise than with 401."""
    asked = [response for response in _asked(seen) if not response.ok]
    for status in dict.fromkeys(response.status for response in asked if response.status != 401):
        inside = [response for response in asked if response.status == status]
        alike = [
            response
            for response in asked
            if response.request.variant.auth in {own.request.variant.auth for own in inside}
        ]
        how = f"answered with {status}" if status else "not answered"
        title = f"requests {joined(_ways(inside), 'or')} are {how}, not 401: {share(len(inside), len(alike), 'such request')}"
        yield Cause(
            f"key {status}", title, among(inside, *CHECKS, "errors/type_belongs", "errors/body_")
        )


def repeated_keys(seen: Observed) -> Iterator[Cause]:
    """Answers that repeat the key that was sent: where in them."""
    found = [own for _, own in seen.findings("errors/no_answer_repeats_the_key")]
    if not found:
        return
    places = list(dict.fromkeys(place for own in found for place in _shown_in(own)))
    responses = [own.response for own in found]
    statuses = sorted({response.status for response in responses})
    total = [response for response in seen.exchanges if response.key]
    which = (
        f", those with {joined(list(map(str, statuses)))}" if len(responses) < len(total) else ""
    )
    title = f"the key that was sent comes back in {joined(places[:3])}: {share(len(responses), len(total), 'response')}{which}"
    yield Cause(
        "key repeated",
        title,
        among(responses, "errors/no_answer_repeats_the_key"),
        "whoever reads a log of responses has the key",
    )


def _shown_in(found: Finding) -> Iterator[str]:
    response, finder = found.response, Redactor([found.response.key])
    for name, value in response.headers:
        if finder.finds(value):
            yield (
                "a cookie"
                if name.lower() == "set-cookie"
                else f"the header `{visible(name.lower(), 40)}`"
            )
    if finder.finds(response.body.decode("utf-8", "replace")):
        yield "the error message" if error_type(response) else "the body"
