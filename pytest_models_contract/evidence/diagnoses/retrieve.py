"""Retrieve: which models are found by their ids, which are not, and what comes in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pytest_models_contract.client.exchange import Finding, Response, model_id
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import clause, joined, named, several, share
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    id_of,
    is_plain,
    message_of,
    name_asked,
)
from pytest_models_contract.evidence.diagnoses.scope import ordinal
from pytest_models_contract.evidence.plan import PLAIN_ID

FOUND = (
    "retrieve/",
    "clients/sdk_retrieves",
    "clients/sdk_raises",
    "headers/",
    "errors/retrieve_wants",
)
_REFUSE = "refuse it with 404 `not_found_error`"
Asked = Sequence[tuple[str, Response]]


def _listed(seen: Observed) -> Asked:
    return [(name, response) for name, response in seen.plainly_retrieved if name in seen.position]


def _unlisted(seen: Observed) -> Asked:
    return [
        (name, response) for name, response in seen.plainly_retrieved if name not in seen.position
    ]


def no_route(seen: Observed) -> Iterator[Cause]:
    """There is no route for one model: a listed and an unknown id get the same 404 or 405."""
    listed, unknown = _listed(seen), _unlisted(seen)
    statuses = {response.status for _, response in listed}
    if len(statuses) != 1 or not statuses <= {404, 405, 501}:
        return
    [status] = statuses
    same = [response for _, response in (*listed, *unknown) if response.status == status]
    shapes = {
        _shape(response, name)
        for name, response in (*listed, *unknown)
        if response.status == status
    }
    routed = len(shapes) > 1 or any(response.status != status for _, response in unknown)
    said = f' "{_words(same[0])}"' if _words(same[0]) else ""
    title = f"no listed model can be retrieved: {share(len(listed), len(listed), 'listed id')} gets {status}"
    if not routed and not _names_a_model(same[0]):
        title = (
            f"there is no route for one model: {several(len(listed), 'listed id')} and"
            f" {several(len(same) - len(listed), 'unknown one')} get the same {status}{said}"
        )
    everything = [response for _, response in seen.retrieved if response.status == status]
    hint = "answer GET /v1/models/{id}, with the id percent-encoded as one segment of the path"
    follows = either(among(everything, *FOUND, "errors/"), _any_alias)
    yield Cause("no route", title, follows, hint)


def _any_alias(check: str, _: Finding) -> bool:
    """An alias is compared with what its id gives."""
    return check.startswith("retrieve/alias")


def _shape(response: Response, name: str) -> str:
    """The body without the name that was asked for and without what numbers the requests."""
    body = response.body.decode("utf-8", "replace").replace(name, "")
    return "".join(char for char in body if not char.isdigit())[:60]


def _words(response: Response) -> str:
    return message_of(response) or (
        ""
        if response.json is not None
        else visible(response.body.decode("utf-8", "replace").strip(), 40)
    )


def _names_a_model(response: Response) -> bool:
    """Whether the error is about the model, so that a route gave it."""
    return (name_asked(response.request) or " ") in message_of(response) and "/" not in message_of(
        response
    )


def not_found(seen: Observed) -> Iterator[Cause]:
    """Some of the listed models that cannot be retrieved: which they are."""
    listed = _listed(seen)
    for status in dict.fromkeys(
        response.status for _, response in listed if response.status != 200
    ):
        lost = [(name, response) for name, response in listed if response.status == status]
        rest = [name for name, response in listed if response.status != status]
        which = _which([name for name, _ in lost], rest, seen)
        shown = clause(len(lost), len(listed), "listed model", "is", "are")
        title = f"{which} cannot be retrieved: {shown} answered with {status}"
        if 300 <= status < 400:
            place = visible(lost[0][1].header("location") or "nowhere", 60)
            title = f"retrieve redirects: {shown} answered with {status} to {place}"
        if 200 < status < 300:
            title = f"a single model comes with {status}, not 200: {share(len(lost), len(listed), 'listed model')}"
        said = message_of(lost[0][1])
        everything = [response for _, response in seen.retrieved if response.status == status]
        follows = either(
            among([response for _, response in lost], *FOUND),
            among(everything, "retrieve/alias", "clients/") if not rest else among([]),
        )
        follows = either(follows, _of_the_framework(lost, seen))
        yield Cause(
            f"not found {status}", title, follows, f'the server says "{said}"' if said else ""
        )


def _of_the_framework(lost: Asked, seen: Observed) -> Follows:
    """What is found of the body of errors that the route does not give: of ids that it does not match."""
    own = {_shape(response, name) for name, response in lost}
    plain = [(name, other) for name, other in _unlisted(seen) if PLAIN_ID.fullmatch(name)]
    if own & {_shape(response, name) for name, response in plain}:
        return among([])
    alike = [other for name, other in seen.retrieved if _shape(other, name) in own]
    return among(alike, "errors/body_", "errors/type_")


def _which(lost: Sequence[str], rest: Sequence[str], seen: Observed) -> str:
    """What the models have in common that are not found, and no other has."""
    if not rest:
        return "listed models"
    for sign in sorted({char for name in lost for char in name if not PLAIN_ID.fullmatch(char)}):
        if all(sign in name for name in lost) and not any(sign in name for name in rest):
            own = (
                f"{visible(lost[0], 60)}, the only id with {_sign(sign)}," if len(lost) == 1 else ""
            )
            return own or f"ids with {_sign(sign)}"
    if not any(map(PLAIN_ID.fullmatch, lost)) and all(map(PLAIN_ID.fullmatch, rest)):
        return "ids that need encoding"
    places = [seen.position[name] for name in lost]
    others = [seen.position[name] for name in rest]
    if min(places) > max(others):
        return f"models after the {ordinal(max(others) + 1)} of the list"
    if len(lost) <= 3:
        return f"the listed {'model' if len(lost) == 1 else 'models'} {joined([visible(n, 60) for n in lost])}"
    return "some listed models"


def _sign(char: str) -> str:
    return {" ": "a blank", "/": "a slash", ":": "a colon", "%": "a percent sign"}.get(
        char, f"`{char}`" if char.isascii() and char.isprintable() else "signs beyond ASCII"
    )


def another_model(seen: Observed) -> Iterator[Cause]:
    """Retrieve answers with another model than the one that was asked for."""
    listed = [
        (name, response) for name, response in _listed(seen) if response.ok and id_of(response)
    ]
    wrong = [(name, response) for name, response in listed if id_of(response) != name]
    if not wrong:
        return
    given = list(dict.fromkeys(str(id_of(response)) for _, response in wrong))
    strange = [
        response for _, response in _unlisted(seen) if response.ok and id_of(response) in given
    ]
    names = [name for name, _ in wrong]
    rest = [name for name, _ in listed if name not in names]
    shown = share(len(wrong), len(listed), "listed id")
    if len(given) == 1 and len(wrong) > 1:
        title = f"retrieve always answers with the same model, {visible(given[0], 60)}: {shown}"
        if strange:
            title += f" and {several(len(strange), 'unknown one')}"
    elif all(name.lower() == str(id_of(response)).lower() for name, response in wrong):
        title = f"retrieve changes the case of ids: {shown}"
    else:
        title = f"{_which(names, rest, seen)} {'lead' if len(wrong) > 1 else 'leads'} to another model: {shown}, such as {visible(given[0], 60)} for {visible(names[0], 60)}"
    follows = among(
        [*(response for _, response in wrong), *strange], "retrieve/", "clients/", "headers/"
    )
    yield Cause("another model", title, follows)


def unknown_models(seen: Observed) -> Iterator[Cause]:
    """Ids that no model has and that are not refused: what comes instead."""
    asked = _unlisted(seen)
    found = [own for check, own in seen.findings("retrieve/unknown_id_is_refused")]
    served = {
        id(own.response): (name_asked(own.response.request) or "", own.response)
        for own in found
        if is_plain(own.response)
    }
    given = {id_of(response) for _, response in served.values()}
    if len(given) == 1 < len(served) and given <= set(seen.ids):
        responses = [response for _, response in served.values()]
        title = f"retrieve answers with the model {visible(next(iter(given)) or '', 60)} whatever the id: {several(len(responses), 'unknown id')}"
        yield Cause("another model", title, among(responses, "retrieve/", "clients/"), _REFUSE)
        return
    for kind, responses in _by_kind(served.values(), seen).items():
        inside = [response for _, response in responses]
        names = [name for name, _ in responses]
        which = _unknown_which(
            names, [name for name, response in asked if 400 <= response.status < 500]
        )
        title = f"{which} {kind}: {share(len(inside), len(asked), 'such request')}"
        everything = [response for _, response in asked if response.status == inside[0].status]
        follows = either(
            among(inside, "retrieve/"), among(everything, "errors/", "retrieve/alias", "clients/")
        )
        yield Cause(f"unknown model {kind}", title, follows, _REFUSE)


def _by_kind(
    served: Iterator[tuple[str, Response]], seen: Observed
) -> dict[str, list[tuple[str, Response]]]:
    kinds: dict[str, list[tuple[str, Response]]] = {}
    for name, response in served:
        kinds.setdefault(_kind(name, response, seen), []).append((name, response))
    return kinds


def _kind(name: str, response: Response, seen: Observed) -> str:
    """What an unknown id gets, in words that go on after "an unknown id"."""
    if not response.ok:
        if 300 <= response.status < 400:
            return f"is redirected with {response.status}"
        return (
            f"is answered with {response.status}, not refused"
            if response.status
            else "is not answered"
        )
    found = model_id(response.json)
    if found == name:
        return "is answered with a model made up for it"
    if found and name.startswith(found):
        return "is answered with the model whose id it begins with"
    if found and found in seen.position:
        how = "whose id begins with it" if found.startswith(name) else "whose id contains it"
        return f"is answered with a listed model{f' {how}' if name in found else ''}, not refused"
    body = response.body.strip()
    what = "an error" if isinstance(response.json, dict) and "error" in response.json else ""
    what = what or {b"": "an empty body", b"null": "`null`", b"{}": "an empty object"}.get(
        body, "no model"
    )
    return f"is answered with {response.status} and {what}"


def _unknown_which(names: Sequence[str], refused: Sequence[str]) -> str:
    """Which of the unknown ids it is, where others are refused."""
    if not refused:
        return "an unknown id"
    if all(not PLAIN_ID.fullmatch(name) for name in names) and all(
        map(PLAIN_ID.fullmatch, refused)
    ):
        return "an unknown id with odd signs"
    return (
        f"the unknown id {named(names, 1)}"
        if len(names) == 1
        else f"unknown ids such as {visible(names[0], 60)}"
    )


def entries_that_differ(seen: Observed) -> Iterator[Cause]:
    """Models that retrieve tells otherwise than the list: in which properties."""
    found = [own for _, own in seen.findings("retrieve/model_equals_its_list_entry")]
    if not found:
        return
    names = {str(id_of(own.response)) for own in found}
    paths = _differing(found, seen)
    asked = [name for name, response in _listed(seen) if response.ok]
    shown = share(len(names), len(asked), "model")
    which = f" ({named(sorted(names))})" if len(names) < len(asked) else ""
    lacking = [path for path, lacks in paths.items() if lacks]
    differing = [path for path, lacks in paths.items() if not lacks]
    if lacking and not differing:
        says = f"a retrieved model lacks {_paths(lacking)}, which its list entry has"
    else:
        says = f"a retrieved model says {_paths(differing or list(paths))} otherwise than its list entry"
    title = f"{says}: {shown}{which}"
    yield Cause(f"differs in {_paths(list(paths))}", title, _follows(names), "")


def _paths(paths: Sequence[str]) -> str:
    shown = ", ".join(f"`{path}`" for path in paths[:3])
    return f"{shown} and {len(paths) - 3} more" if len(paths) > 3 else shown


def _differing(found: Sequence[Finding], seen: Observed) -> dict[str, bool]:
    """The properties in which retrieved models differ, and whether each is missing there."""
    paths: dict[str, bool] = {}
    for own in found:
        listed = seen.models.get(str(id_of(own.response)))
        for prop in seen.revision.properties:
            if prop.parent in paths or any(prop.path.startswith(f"{path}.") for path in paths):
                continue
            here, there = prop.holder(own.response.json), prop.holder(listed)
            if here is None or there is None:
                continue
            lacks = prop.name in there and prop.name not in here
            if lacks or _value(here.get(prop.name)) != _value(there.get(prop.name)):
                paths[prop.path] = paths.get(prop.path, True) and lacks
    return paths


def _value(value: object) -> object:
    """What is compared: objects are, by their own properties."""
    return dict if isinstance(value, dict) else (type(value), value)


def _follows(names: set[str]) -> Callable[[str, Finding], bool]:
    def follows(check: str, found: Finding) -> bool:
        about = ("retrieve/model_equals", "retrieve/alias", "clients/sdk_retrieves")
        return check.startswith(about) and id_of(found.response) in names

    return follows
