"""Keys: who is let in, with what status others are refused, and whose list comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import Response, model_id
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import (
    clause,
    grouped,
    joined,
    several,
    share,
)
from pytest_models_contract.evidence.diagnoses.list_responses import lists_models
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    is_error,
    is_list,
    whatever,
)

CHECKS = ("errors/list_wants_the_key", "errors/retrieve_wants_the_key")
AUTHENTICATION_ERROR = "clients/sdk_raises_authentication_error"
ANOTHER = "headers/another_key_changes_nothing"
_REFUSE = "refuse them with 401 `authentication_error`"
_AUTH = {
    "none": "without a key",
    "wrong": "with a wrong key",
    "wrong-other-way": "with a wrong bearer token",
}


def is_stranger(response: Response) -> bool:
    """Whether the request came without the right key."""
    return response.request.variant.auth in _AUTH


def _without_the_key(seen: Observed) -> list[Response]:
    return list(filter(is_stranger, seen.responses.values()))


def _who(responses: Sequence[Response]) -> str:
    kinds = dict.fromkeys(_AUTH[response.request.variant.auth] for response in responses)
    return f"requests {joined(list(kinds), 'or')}"


def let_in(seen: Observed) -> Iterator[Cause]:
    """Requests without the right key that are answered as if they had it."""
    asked = _without_the_key(seen)
    accepted = [response for response in asked if response.ok]
    inside = [response for response in accepted if not is_error(response)]
    if inside:
        follows = among(inside, *CHECKS, AUTHENTICATION_ERROR)
        yield Cause("let in", _let_in(inside, asked), follows, _REFUSE)
    if errors := [response for response in accepted if is_error(response)]:
        status, number = errors[0].status, several(len(errors), "response")
        title = f"{_who(errors)} get an error with status {status}: {number}"
        follows = among(errors, *CHECKS, AUTHENTICATION_ERROR)
        yield Cause("error for strangers", title, follows, _REFUSE)


def _let_in(inside: Sequence[Response], asked: Sequence[Response]) -> str:
    kinds = list(dict.fromkeys(_given(response) for response in inside))
    what = joined(sorted(kinds, key=_GIVEN.index))
    if len(inside) == len(asked):
        count = share(len(inside), len(asked), "such request")
        return f"the key is not checked: {_who(inside)} get {what}: {count}"
    noun = "request|without the right key"
    query = " and a query" if all(own.request.query for own in inside) else ""
    count = clause(len(inside), len(asked), noun, "is", "are")
    return f"{_who(inside)}{query} get {what}: {count} accepted"


_GIVEN = ("the list", "a model", "a success")


def _given(response: Response) -> str:
    """What a request without the right key gets."""
    if is_list(response):
        return _GIVEN[0] if lists_models(response) else _GIVEN[2]
    return _GIVEN[1] if model_id(response.json) else _GIVEN[2]


def wrong_refusals(seen: Observed) -> Iterator[Cause]:
    """Requests without the right key that are refused otherwise than with 401."""
    refused = [response for response in _without_the_key(seen) if not response.ok]
    wrong = [response for response in refused if response.status != 401]
    for status, inside in grouped(wrong, lambda response: response.status or -1).items():
        kinds = {response.request.variant.auth for response in inside}
        alike = [response for response in refused if response.request.variant.auth in kinds]
        how = f"answered with {status}" if status > 0 else "not answered"
        count = share(len(inside), len(alike), "such request")
        follows = either(
            among(inside, *CHECKS, AUTHENTICATION_ERROR, "errors/type_belongs"),
            whatever([own for own in inside if own.failed]),
        )
        yield Cause(f"key {status}", f"{_who(inside)} are {how}, not 401: {count}", follows)


def other_clients(seen: Observed) -> Iterator[Cause]:
    """Lists that are other ones after a request with another client's key."""
    found = [own.response for _, own in seen.findings(ANOTHER)]
    if found:
        again = {asked for asked in seen.responses if asked.variant.auth == "second"}
        count = clause(
            len(found), max(len(found), len(again)), "list", "is another one", "are others"
        )
        title = f"a request with another client's key changes the list: {count} afterwards"
        hint = "one client gets what the server stored for another: store it by the key as well"
        yield Cause("other clients", title, among(found, ANOTHER), hint)
