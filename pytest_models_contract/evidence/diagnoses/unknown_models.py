"""Ids that no model has and that are not refused, and aliases that are: what comes instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from pytest_models_contract.client.exchange import Finding, Response, model_id
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import ALIAS, ERROR_BODY, ERROR_STATUS
from pytest_models_contract.evidence.diagnoses.counting import grouped, share
from pytest_models_contract.evidence.diagnoses.known_formats import model_format
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    id_of,
    is_error,
    is_plain,
    name_asked,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.retrieve import unlisted
from pytest_models_contract.evidence.plan import PLAIN_ID

CHECK = "retrieve/unknown_id_is_refused"
_REFUSE = "refuse it with 404 `not_found_error`"


def unknown_models(seen: Observed) -> Iterator[Cause]:
    """Unknown ids that get anything but a 4xx."""
    found = {id(own.response): own.response for _, own in seen.findings(CHECK)}
    served = [response for response in found.values() if is_plain(response)]
    given = {id_of(response) for response in served}
    if len(given) == 1 < len(served) and given <= set(seen.position):
        own = (
            f"retrieve answers with the model {visible(str(given.pop()), 60)} for every unknown id"
        )
        title = f"{own}: {share(len(served), len(served), 'such request')}"
        yield Cause("another model", title, among(served, "retrieve/", "clients/"), _REFUSE)
        return
    asked = unlisted(seen)
    refused = [name for name, response in asked if 400 <= response.status < 500]
    for says, inside in grouped(served, lambda response: _served(response, seen)).items():
        title = (
            f"{_which(inside, refused)} {says}: {share(len(inside), len(asked), 'such request')}"
        )
        alike = [response for _, response in asked if response.status == inside[0].status]
        follows = either(
            among(inside, "retrieve/"),
            among(alike, *ERROR_BODY, *ERROR_STATUS, ALIAS, "clients/"),
            whatever([own for own in inside if own.failed]),
        )
        yield Cause(f"unknown model {says}", title, follows, _REFUSE)


def _name(response: Response) -> str:
    return name_asked(response.request) or ""


def _which(inside: Sequence[Response], refused: Sequence[str]) -> str:
    """Which of the unknown ids it is, where others are refused."""
    names = list(map(_name, inside))
    if not refused:
        return "an unknown id"
    if len(names) == 1:
        return f"the unknown id {visible(names[0], 60)}"
    if not any(map(PLAIN_ID.fullmatch, names)) and all(map(PLAIN_ID.fullmatch, refused)):
        return "an unknown id with unusual characters"
    return "an unknown id"


def _served(response: Response, seen: Observed) -> str:
    """What an unknown id gets, in words that go on after "an unknown id"."""
    status = response.status
    if not status:
        return "is not answered"
    if 300 <= status < 400:
        return f"is redirected with {status}"
    if not response.ok:
        return f"is answered with {status}, not refused"
    found = model_id(response.json)
    return (
        _model(_name(response), found, seen) if found else f"is answered with {_nothing(response)}"
    )


def _model(name: str, found: str, seen: Observed) -> str:
    if found == name:
        return "is answered with a model made up for it"
    if name.startswith(found):
        return "is answered with the model whose id it begins with"
    if found not in seen.position:
        return "is answered with a model that is not listed"
    how = "begins with" if found.startswith(name) else "contains"
    which = f" whose id {how} it" if name in found else ""
    return f"is answered with a listed model{which}, not refused"


def _nothing(response: Response) -> str:
    """A success without a model, or with one in another shape."""
    bodies = {b"": "an empty body", b"null": "`null`", b"{}": "an empty object"}
    form = model_format(response.json) if response.json is not None else None
    other = form.name if form and "format" not in form.name else "no model"
    what = "an error" if is_error(response) else bodies.get(response.body.strip(), other)
    return f"{response.status} and {what}"


# --- aliases -------------------------------------------------------------------------------------


def aliases(seen: Observed) -> Iterator[Cause]:
    """Aliases that retrieve does not resolve to the model they stand for."""
    for check, found in seen.findings(ALIAS):
        alias = check.partition("[")[2].rstrip("]")
        title = f"the alias {visible(alias, 60)} {_alias(alias, found)}"
        yield Cause(f"alias {alias}", title, partial(_of_alias, check, id_of(found.response)))


def _of_alias(check: str, given: str | None, name: str, found: Finding) -> bool:
    """Whether it is the check of this alias, or an SDK that gets the same model by an alias."""
    sdk = name.startswith("clients/sdk_retrieves_by_alias")
    return name == check or (sdk and id_of(found.response) == given)


def _alias(alias: str, found: Finding) -> str:
    """What the alias gets, in words that go on after it."""
    own = id_of(found.response)
    if not found.response.ok:
        return f"is not resolved: it is answered with {found.response.status}"
    if own == alias:
        return "comes back as the id of the model, which is another one"
    if not found.expected.startswith("id "):
        seen, expected = visible(found.seen, 60), visible(found.expected, 60)
        return f"gives another model than its id does: {seen}, not {expected}"
    expected = found.expected.removeprefix("id ").strip('"')
    return f"leads to {visible(own or 'no model', 60)}, not to {visible(expected, 60)}"
