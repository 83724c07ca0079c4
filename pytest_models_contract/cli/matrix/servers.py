"""The file that names the servers: its entries, and what is wrong with them."""

from __future__ import annotations

import os
import re
import shlex
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from pytest_models_contract.cli import check
from pytest_models_contract.cli.check import UsageError
from pytest_models_contract.client import toml_file
from pytest_models_contract.client.redact import Redactor
from pytest_models_contract.session import option_values
from pytest_models_contract.session.option_table import options
from pytest_models_contract.session.spelling import CHECK, as_command
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target import command

TARGETS = ("url", "start", "app")
KEYS = ("name", *TARGETS, "upstream", "revision", "key_env", "options")
EXAMPLE = '[[server]]\nname = "my gateway"\nurl = "http://localhost:4000"'
LISTS = re.compile(r"^[ \t]*\[\[[ \t]*server[ \t]*\]\]", re.MULTILINE)
Entry = dict[str, Any]


@dataclass(frozen=True)
class Server:
    """A server: its name, the arguments of `check`, and the variable that has its key, or "".

    `command` is what a user types for this run alone, without secrets. `secrets` are those of the
    arguments and the key.
    """

    name: str
    arguments: tuple[str, ...] = field(repr=False)
    key_env: str
    command: str
    secrets: tuple[str, ...] = field(repr=False)


def load(path: Path) -> list[Server]:
    """The servers of a file. Raises `UsageError` with the line and how to do it right."""
    text, found = toml_file.read(path, UsageError, EXAMPLE)
    entries = found.pop("server", None)
    if found:
        raise UsageError(f"{path}: unknown key `{next(iter(found))}`. It lists servers:\n{EXAMPLE}")
    if (
        not isinstance(entries, list)
        or not entries
        or not all(isinstance(e, dict) for e in entries)
    ):
        raise UsageError(f"{path} names no server. Give at least one:\n{EXAMPLE}")
    servers: dict[str, Server] = {}
    for number, entry in enumerate(entries):
        server = _server(entry, _Place(path, text, number, entry))
        if server.name in servers:
            raise _Place(path, text, number, entry).error("another server has this name", "name")
        servers[server.name] = server
    return list(servers.values())


@dataclass(frozen=True)
class _Place:
    """Where an entry is in the file."""

    path: Path
    text: str
    number: int
    entry: Entry

    def error(self, why: str, key: str = "") -> UsageError:
        """The error at a key of the entry, or at its beginning."""
        starts = [match.start() for match in LISTS.finditer(self.text)]
        at = starts[self.number] if self.number < len(starts) else 0
        found = re.compile(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*=", re.MULTILINE).search(
            self.text, at
        )
        line = self.text.count("\n", 0, found.end() if key and found else at) + 1
        name = self.entry.get("name")
        who = f"server {name!r}" if isinstance(name, str) else f"server {self.number + 1}"
        return UsageError(f"{self.path}, line {line}, {who}: {why}")


def _server(entry: Entry, place: _Place) -> Server:
    for key in entry:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, n=1)
            meant = f"did you mean `{near[0]}`? " if near else ""
            raise place.error(f"unknown key `{key}`: {meant}The keys are {', '.join(KEYS)}", key)
    name = _text(entry, "name", place)
    if not name:
        raise place.error('it has no name: add name = "my gateway"')
    arguments = (*_target(entry, place), *_further(entry, place))
    try:
        given = check.parsed(arguments)
        if given.models_upstream:
            option_values.address(given.models_upstream)
        secrets = tuple(_secrets(given))
    except (UsageError, pytest.UsageError) as error:
        raise place.error(as_command(str(error))) from None
    except ValueError as error:
        raise place.error(f"the command: {error}") from None
    key_env = _text(entry, "key_env", place)
    if key_env and not os.environ.get(key_env):
        raise place.error(f"the environment has no {key_env}: set it to the key", "key_env")
    secrets += (os.environ.get(key_env, ""),)
    shown = Redactor(secrets).redact(" ".join([CHECK, *_shown(given)]))
    return Server(name, arguments, key_env, f"{_key_shown(key_env)}{shown}", secrets)


def _text(entry: Entry, key: str, place: _Place) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise place.error(f'`{key}` is a string: give {key} = "…"', key)
    return value.strip()


def _target(entry: Entry, place: _Place) -> Iterator[str]:
    given = [key for key in entry if key in TARGETS]
    if len(given) != 1:
        what = f"it has {' and '.join(given)}" if given else "it names no server under test"
        raise place.error(
            f"{what}: give exactly one of {', '.join(TARGETS)}", given[1] if given else ""
        )
    [kind] = given
    value = _text(entry, kind, place)
    if kind == "start":
        yield f"--start={value}"
        return
    option = {"url": "models_base_url", "app": "models_app"}[kind]
    try:
        is_right = check.target_option(value) == option
    except UsageError as error:
        raise place.error(str(error), kind) from None
    if not is_right:
        example = {"url": "http://localhost:4000", "app": "myserver.main:app"}[kind]
        raise place.error(f'`{kind}` is wrong: give {kind} = "{example}"', kind)
    yield value


def _further(entry: Entry, place: _Place) -> Iterator[str]:
    if "upstream" in entry:
        yield f"--upstream={entry['upstream']}"
    if "revision" in entry:
        yield f"--revision={_revision(entry['revision'], place)}"
    more = entry.get("options", [])
    if not isinstance(more, list) or not all(isinstance(word, str) for word in more):
        raise place.error('`options` is a list of strings, such as ["--strict"]', "options")
    yield from more


def _revision(value: str | date, place: _Place) -> str:
    if str(value) not in Revision.known():
        known = ", ".join(Revision.known())
        raise place.error(f"unknown revision {value}: the known ones are {known}", "revision")
    return str(value)


# --- without secrets -----------------------------------------------------------------------------


def _secrets(given: Namespace) -> Iterator[str]:
    """Values of headers, user info and query of the URL, variables of the command named like secrets."""
    yield from (option_values.header(text)[1] for text in given.models_header)
    for text in filter(None, (given.target, given.models_base_url)):
        url = urlsplit(text)
        yield from filter(None, (url.username, url.password))
        yield from (value for _, value in parse_qsl(url.query))
    if given.models_start:
        found = command.parse(given.models_start).variables
        yield from command.secrets_of(
            {name: text for name, text in found.items() if "{" not in text}
        )


def _key_shown(key_env: str) -> str:
    is_other = key_env and key_env != option_values.ENV_KEY
    return f'{option_values.ENV_KEY}="${key_env}" ' if is_other else ""


def _shown(given: Namespace) -> Iterator[str]:
    """The arguments as a user types them."""
    if given.target:
        yield shlex.quote(_public(given.target))
    for option in options():
        value = getattr(given, option.key)
        values = value if option.many else [] if value is None else [value]
        for each in values:
            yield f"--{option.word}"
            if option.metavar:
                yield shlex.quote(_value_shown(option.key, each))
    if given.k:
        yield from ("-k", shlex.quote(given.k))


def _value_shown(key: str, value: str) -> str:
    if key == "models_header":
        return option_values.header_shown(value)
    if key == "models_start":
        return command.parse(value).shown
    return _public(value) if key == "models_base_url" else value


def _public(target: str) -> str:
    """A URL without user info and query; another target as it is."""
    if not check.URL.match(target):
        return target
    url = urlsplit(target)
    return url._replace(netloc=url.netloc.rpartition("@")[2], query="", fragment="").geturl()
