"""Retrieve: listed models that are not found by their ids, or that are answered with another one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.checks import (
    ALIAS,
    ERROR_BODY,
    ERROR_STATUS,
    VARIANTS,
)
from pytest_models_contract.evidence.diagnoses.counting import (
    clause,
    grouped,
    joined,
    ordinal,
    several,
    share,
)
from pytest_models_contract.evidence.diagnoses.list_responses import is_web_page
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    id_of,
    message_of,
    name_asked,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.traits import common_sign
from pytest_models_contract.evidence.plan import PLAIN_ID

ABOUT = (
    "retrieve/",
    "clients/sdk_retrieves",
    "clients/sdk_raises",
    *VARIANTS,
    "errors/retrieve_wants",
)
Asked = Sequence[tuple[str, Response]]
"""Names that were asked for, each with the response."""


def listed(seen: Observed) -> Asked:
    """The listed models that were asked for plainly."""
    return [(name, own) for name, own in seen.plainly_retrieved if name in seen.position]


def unlisted(seen: Observed) -> Asked:
    """The other names that were asked for plainly."""
    return [(name, own) for name, own in seen.plainly_retrieved if name not in seen.position]


# --- not found -----------------------------------------------------------------------------------


def no_route(seen: Observed) -> Iterator[Cause]:
    """No listed model is found; where an unknown id gets the same, there is no route for one model."""
    known = listed(seen)
    statuses = {own.status for _, own in known}
    pages = all(own.ok and is_web_page(own) for _, own in known)
    if len(statuses) != 1 or not (pages or min(statuses) >= 400):
        return
    [status] = statuses
    alike = _unknown_alike(seen)
    if alike is None and status not in _NO_ROUTE:
        return  # see `not_found`
    title = f"no listed model can be retrieved: {share(len(known), len(known), 'id')} gets {status}"
    hint = "answer GET /v1/models/{id}, with the id percent-encoded as one segment of the path"
    if alike is None or status >= 500:
        hint = seen.quote(known[0][1]) or ("" if status >= 500 else hint)
    if alike is not None:
        is_missing = pages or status in _NO_ROUTE
        what = "there is no route for one model" if is_missing else "no model is retrieved"
        same = f"{'web page with ' if pages else ''}{status}{_words(known[0][1], seen)}"
        ids = f"{several(len(known), 'listed id')} and {several(len(alike), 'unknown one')}"
        title = f"{what}: {ids} get the same {same}"
    everything = [own for _, own in seen.retrieved if own.status == status]
    about = among(everything, *ABOUT, *ERROR_BODY, *ERROR_STATUS)
    failed = whatever([own for own in everything if own.failed])
    yield Cause("no route", title, either(about, failed, _any_alias), hint)


_NO_ROUTE = {404, 405, 501}


def _unknown_alike(seen: Observed) -> Asked | None:
    """The unknown ids that get what all listed ones get; None where a plain one gets something else."""
    known, unknown = listed(seen), unlisted(seen)
    first = known[0][1]
    forms = {shape(own, name) for name, own in known}
    alike = [
        (name, own)
        for name, own in unknown
        if own.status == first.status and shape(own, name) in forms
    ]
    plain = {name for name, _ in unknown if PLAIN_ID.fullmatch(name)}
    everyone = len(forms) == 1 and plain <= {name for name, _ in alike}
    return alike if everyone and not _names_a_model(first) else None


def same_as_the_list(seen: Observed) -> Iterator[Cause]:
    """The path of a single model gets what the path of the list gets."""
    if seen.bare is None or not seen.bare.ok or seen.bare.json is None:
        return
    known = listed(seen)
    alike = [(name, own) for name, own in seen.retrieved if own.json == seen.bare.json]
    plain = {name for name, _ in alike}
    if known and all(name in plain for name, _ in known):
        unknown = several(len([name for name, _ in unlisted(seen) if name in plain]), "unknown one")
        number = several(len(known), "listed id")
        title = f"retrieve answers with the list: {number} and {unknown} get it"
        follows = among([own for _, own in alike], *ABOUT)
        hint = "the route of the list also matches the paths below it"
        yield Cause("the list again", title, follows, hint)


def shape(response: Response, name: str) -> str:
    """The body without the name that was asked for, and without what numbers the requests."""
    body = response.body.decode("utf-8", "replace")
    if response.json is not None:
        body = json.dumps(response.json, ensure_ascii=False)
    body = unquote(body).replace(name, "").replace(json.dumps(name, ensure_ascii=False)[1:-1], "")
    words = f"{body[:60]} {message_of(response).replace(name, '')}"
    return "".join(char for char in words if not char.isdigit())


def _words(response: Response, seen: Observed) -> str:
    said = seen.said(response)
    if not said and response.json is None and not is_web_page(response):
        said = visible(response.body.decode("utf-8", "replace").strip(), 40)
    return f' "{said}"' if said else ""


def _names_a_model(response: Response) -> bool:
    """Whether the error is about the model, so that a route gave it."""
    said, name = message_of(response), name_asked(response.request)
    return bool(name) and str(name) in said and "/" not in said


def _any_alias(check: str, _: Finding) -> bool:
    """An alias is compared with what its id gives."""
    return check.startswith(ALIAS)


def not_found(seen: Observed) -> Iterator[Cause]:
    """Listed models that retrieve does not answer with 200: which they are."""
    known = listed(seen)
    wrong = [each for each in known if each[1].status != 200]
    for status, lost in grouped(wrong, lambda each: each[1].status or -1).items():
        others = [name for name, own in known if own.status != lost[0][1].status]
        names = {name for name, _ in lost}
        failed = [own for name, own in seen.retrieved if name in names and own.failed]
        follows = either(
            among([own for _, own in lost], *ABOUT),
            whatever(failed),
            _aliases(status, seen) if not others else among([]),
            _errors_of_the_framework(lost, seen),
            _asked_by_clients(lost),
        )
        title = _not_found(status, lost, others, seen)
        yield Cause(f"not found {status}", title, follows, seen.quote(lost[0][1]))


def _not_found(status: int, lost: Asked, others: Sequence[str], seen: Observed) -> str:
    number, whole = len(lost), len(lost) + len(others)
    if 200 < status < 300:
        count = share(number, whole, "listed model")
        return f"a single model comes with {status}, not 200: {count}"
    count = clause(number, whole, "listed model", "is", "are")
    if 300 <= status < 400:
        place = visible(lost[0][1].header("location") or "nowhere", 60)
        return f"retrieve redirects: {count} answered with {status} to {place}"
    how = f"answered with {status}" if status > 0 else "not answered"
    which = which_models([name for name, _ in lost], others, seen)
    return f"{which} cannot be retrieved: {count} {how}"


def _aliases(status: int, seen: Observed) -> Follows:
    alike = [own for _, own in seen.retrieved if own.status == status]
    return among(alike, ALIAS, "clients/")


def _asked_by_clients(lost: Asked) -> Follows:
    """What a client gets for these models: it sends requests of its own."""
    names = {name for name, _ in lost}
    return lambda check, found: (
        check.startswith("clients/") and name_asked(found.response.request) in names
    )


def _errors_of_the_framework(lost: Asked, seen: Observed) -> Follows:
    """What is found of the body of errors that no route gives: of ids that it does not match."""
    forms = {shape(own, name) for name, own in lost}
    routed = {shape(own, name) for name, own in unlisted(seen) if PLAIN_ID.fullmatch(name)}
    alike = [own for name, own in seen.retrieved if shape(own, name) in forms - routed]
    return among(alike, *ERROR_BODY)


# --- which models --------------------------------------------------------------------------------


def which_models(lost: Sequence[str], others: Sequence[str], seen: Observed) -> str:
    """What these models have in common and the others have not."""
    if not others:
        return "listed models"
    if sign := common_sign(lost, others):
        only = f"{visible(lost[0], 60)}, the only id with {sign},"
        return only if len(lost) == 1 else f"ids with {sign}"
    last = max(seen.position[name] for name in others)
    if min(seen.position[name] for name in lost) > last:
        if len(lost) == 1:
            return f"the last model, {visible(lost[0], 60)},"
        return f"models after the {ordinal(last + 1)} of the list"
    if len(lost) <= 3:
        names = joined([visible(name, 60) for name in lost])
        return f"the listed {'model' if len(lost) == 1 else 'models'} {names}"
    return f"some listed models, such as {visible(lost[0], 60)},"


# --- another model -------------------------------------------------------------------------------


def another_model(seen: Observed) -> Iterator[Cause]:
    """Retrieve answers with another model than the one that was asked for."""
    known = [(name, own) for name, own in listed(seen) if own.ok and id_of(own)]
    wrong = [(name, own) for name, own in known if id_of(own) != name]
    if not wrong:
        return
    given = {id_of(own) for _, own in wrong}
    strange = [own for _, own in unlisted(seen) if own.ok and id_of(own) in given]
    title = _another(wrong, known, len(strange), seen)
    follows = among([*(own for _, own in wrong), *strange], "retrieve/", "clients/", *VARIANTS)
    yield Cause("another model", title, follows)


def _another(wrong: Asked, known: Asked, strange: int, seen: Observed) -> str:
    names = [name for name, _ in wrong]
    given = [str(id_of(own)) for _, own in wrong]
    count = share(len(wrong), len(known), "listed id")
    every_other = len(wrong) >= len(known) - 1
    if len(set(given)) == 1 and len(wrong) + strange > 1 and every_other:
        more = f" and {several(strange, 'unknown one')}" if strange else ""
        return (
            f"retrieve always responds with the same model, {visible(given[0], 60)}: {count}{more}"
        )
    if all(name.lower() == own.lower() for name, own in zip(names, given, strict=True)):
        return f"retrieve changes the case of ids: {count}"
    which = which_models(names, [name for name, _ in known if name not in names], seen)
    leads = "leads" if len(wrong) == 1 else "lead"
    pairs = zip(names, given, strict=True)
    begins = " whose id begins so" if all(own.startswith(name) for name, own in pairs) else ""
    such = f"such as {visible(given[0], 60)} for {visible(names[0], 60)}"
    return f"{which} {leads} to another model{begins}: {count}, {such}"
