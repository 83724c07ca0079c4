"""Compare two readings of a Models API and print what changed.

    python -m pytest_models_contract.drift OLD NEW

OLD and NEW are each a cassette, a HAR file, `reference` (the shipped cassette) or the base URL of a
live server. The key for a live server is in MODELS_CONTRACT_API_KEY. Exit status: 0 nothing changed,
1 something changed, 2 a source cannot be read.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import httpx

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import counted, model_id
from pytest_models_contract.client.redact import Redactor, visible
from pytest_models_contract.client.strict_json import read_json
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.report.contents import plural
from pytest_models_contract.spec.history import since
from pytest_models_contract.target.cassette import Cassette, CassetteError
from pytest_models_contract.target.interaction import LIST_PATH, Interaction
from pytest_models_contract.target.targets import Target, TargetError, live, recorded

Model = Mapping[str, Any]

PROG = "python -m pytest_models_contract.drift"

_URL = ("http://", "https://")
_KEY = "MODELS_CONTRACT_API_KEY"
_ANTHROPIC_KEY = "ANTHROPIC_API_KEY"
_MOST_PAGES = 100
_DEEPEST = 20
_PAGING = {"after_id", "before_id", "limit", "beta"}
_ABSENT = object()


@dataclass(frozen=True)
class Reading:
    """The models of one source by id. `whole` is whether the source shows its complete list."""

    models: Mapping[str, Model]
    whole: bool


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> int:
    """Compare, print the changes, return the exit status."""
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Compare two readings of a Models API.",
        epilog="Exit status: 0 nothing changed, 1 something changed, 2 a source cannot be read. "
        "The key for a live server is taken from the environment, MODELS_CONTRACT_API_KEY.",
    )
    for name in ("old", "new"):
        kinds = "a cassette, a HAR file, `reference` or a base URL"
        parser.add_argument(name, metavar=name.upper(), type=_source, help=kinds)
    given = parser.parse_args(arguments)
    secrets = _secrets(given.old, given.new)
    try:
        old, new = read(given.old), read(given.new)
    except (TargetError, CassetteError, NotJudged, Unexercised) as error:
        print(f"{parser.prog}: {secrets.redact(str(error))}", file=sys.stderr)
        return 2
    changes = list(drift(old, new, lambda text: visible(secrets.redact(text))))
    for line in [*changes, *_summary(old, new, changes)]:
        print(_printable(line))
    return 1 if changes else 0


def drift(old: Reading, new: Reading, show: Callable[[str], str] = visible) -> Iterator[str]:
    """One line for each change: models added and gone, fields changed, added and dropped.

    The line of a field that is added or dropped names the revision it came with, if there is one.

    A model in only one reading counts only if the other reading is whole. `show` makes the text of a
    server printable.
    """
    if old.whole:
        yield from (f"added    {show(name)}" for name in new.models if name not in old.models)
    if new.whole:
        yield from (f"gone     {show(name)}" for name in old.models if name not in new.models)
    known, given = _paths(old.models), _paths(new.models)
    for name in (name for name in old.models if name in new.models):
        for path, was, is_now in _differences(old.models[name], new.models[name], known & given):
            yield f"changed  {show(name)}  {show(path)}: {show(was)} -> {show(is_now)}"
    if old.models and new.models:
        for path, name, value in _only_in(new.models, given - known):
            text = f"never seen before{_since(path)}: {show(name)} has {show(value)}"
            yield f"new      {show(path)}, {text}"
        for path, name, value in _only_in(old.models, known - given):
            text = f"no longer seen{_since(path)}: {show(name)} had {show(value)}"
            yield f"dropped  {show(path)}, {text}"


def read(source: str) -> Reading:
    """The models of a cassette, a HAR file, `reference` or the server at a base URL.

    Raises `TargetError`, `CassetteError`, `NotJudged` or `Unexercised` when they cannot be read.
    """
    target = live(source) if source.startswith(_URL) else recorded(source)
    return _recorded(target.cassette) if target.cassette else _live(target)


# --- reading -------------------------------------------------------------------------------------


def _live(target: Target) -> Reading:
    key = os.environ.get(_KEY)
    if not key and target.where == "https://api.anthropic.com":
        key = os.environ.get(_ANTHROPIC_KEY)
    api = ModelsAPI(target.base_url, target.open(), key=key or None)
    try:
        pages = list(islice(api.walk(limit=1000), _MOST_PAGES))
    finally:
        api.close()
    models = (model for page in pages for model in page.data)
    return Reading(_by_id(models), whole=pages[-1].has_more is False)


def _recorded(cassette: Cassette) -> Reading:
    """The models of all recorded lists together; without a list, those of the recorded retrieves."""
    plain = [found for found in cassette.responses.values() if _is_plain(found)]
    bodies = [(found, read_json(found.body)[0]) for found in plain]
    lists = [(found, body) for found, body in bodies if _is_list(found, body)]
    if lists:
        models = _by_id(model for _, body in lists for model in body["data"])
        return Reading(models, whole=any(_ends(found, body) for found, body in lists))
    single = _by_id(body for found, body in bodies if found.key.path != LIST_PATH)
    if not single:
        path = visible(str(cassette.path), 300)
        raise CassetteError(
            f"the cassette {path} has no readable response of status 200 with models"
        )
    return Reading(single, whole=False)


def _is_plain(found: Interaction) -> bool:
    """Whether the response shows models without filters and betas."""
    key = found.key
    ordinary = {name for name, _ in key.query} <= _PAGING and not key.variant
    return ordinary and found.status == 200 and not found.unreadable


def _is_list(found: Interaction, body: Any) -> bool:
    listed = isinstance(body, dict) and isinstance(body.get("data"), list)
    return listed and found.key.path == LIST_PATH


def _ends(found: Interaction, body: Mapping[str, Any]) -> bool:
    """Whether this is the last page: with the pages before it the list is whole."""
    return body.get("has_more") is False and "before_id" not in dict(found.key.query)


def _by_id(models: Iterable[Any]) -> dict[str, Model]:
    found: dict[str, Model] = {}
    for model in models:
        if (name := model_id(model)) is not None:
            found.setdefault(name, model)
    return found


# --- comparing -----------------------------------------------------------------------------------


def _differences(
    old: Model, new: Model, shared: set[str], prefix: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Path, old JSON and new JSON of each member that both sides know and that differs."""
    for name in sorted(old.keys() | new.keys()):
        path, was, is_now = f"{prefix}{name}", old.get(name, _ABSENT), new.get(name, _ABSENT)
        if isinstance(was, dict) and isinstance(is_now, dict) and path.count(".") < _DEEPEST:
            yield from _differences(was, is_now, shared, f"{path}.")
        elif path in shared and (change := (_json(was), _json(is_now)))[0] != change[1]:
            yield path, *change


def _json(value: Any) -> str:
    """The value as JSON, in which 1 and true differ."""
    return "(absent)" if value is _ABSENT else json.dumps(value, sort_keys=True)


def _members(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every member of a model with its dotted path, outer members first."""
    if isinstance(value, dict) and prefix.count(".") <= _DEEPEST:
        for name, member in value.items():
            yield f"{prefix}{name}", member
            yield from _members(member, f"{prefix}{name}.")


def _paths(models: Mapping[str, Model]) -> set[str]:
    return {path for model in models.values() for path, _ in _members(model)}


def _only_in(models: Mapping[str, Model], paths: set[str]) -> Iterator[tuple[str, str, str]]:
    """Path, first model and JSON for each path; a path inside another of them is left out."""
    found: dict[str, tuple[str, str]] = {}
    for name, model in models.items():
        for path, value in _members(model):
            if path in paths and path.rpartition(".")[0] not in paths:
                found.setdefault(path, (name, _json(value)))
    yield from ((path, *found[path]) for path in sorted(found))


def _since(path: str) -> str:
    """The revision that the path came with, where one has it."""
    found = since(path)
    return f", known since {found}" if found else ""


# --- printing ------------------------------------------------------------------------------------


def _summary(old: Reading, new: Reading, changes: Sequence[str]) -> Iterator[str]:
    for name, reading, blind in (("OLD", old, "added"), ("NEW", new, "gone")):
        if not reading.whole:
            yield f"{name} shows only a part of its list: models {blind} are not reported"
    sizes = f"{counted(len(old.models))} before, {len(new.models)} now"
    changed = plural(len(changes), "change") if changes else "nothing changed"
    yield f"{changed}; {sizes}"


def _source(text: str) -> str:
    try:
        if text.startswith(_URL):
            live(text)
    except TargetError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _secrets(*sources: str) -> Redactor:
    urls = [httpx.URL(source) for source in sources if source.startswith(_URL)]
    keys = [os.environ.get(name) for name in (_KEY, _ANTHROPIC_KEY)]
    users = [text for url in urls for text in (url.userinfo.decode(), url.password)]
    return Redactor([*keys, *users, *(value for url in urls for value in url.params.values())])


def _printable(line: str) -> str:
    encoding = sys.stdout.encoding or "utf-8"
    return line.encode(encoding, "backslashreplace").decode(encoding)
