"""Client profiles: what a client asks, and what it needs of each response, read from a TOML file."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pytest_models_contract.client import toml_file
from pytest_models_contract.client.credentials import carries_a_key
from pytest_models_contract.client.profile_problems import File, ProfileError, wrong
from pytest_models_contract.client.redact import visible
from pytest_models_contract.spec import shipped

__all__ = ["Keeps", "Need", "Profile", "ProfileError", "known", "load", "patience"]

EXAMPLE = """\
name = "my-app"

[[request]]
name = "list"
path = "/v1/models"
query = { limit = 1000 }
deadline = 3
present = ["data[].display_name"]"""
OF_THE_CONNECTION = {"connection", "content-length", "host", "transfer-encoding"}
OF_THE_KEY = {"authorization", "x-api-key"}


@dataclass(frozen=True)
class Keeps:
    """Which models a client keeps: by a pattern in the id, or by a field that marks them.

    `means` is the pattern in words. `earlier` are the pattern of earlier versions and which these are.
    """

    pattern: str
    means: str
    marked: str = ""
    earlier: tuple[str, str] | None = None


@dataclass(frozen=True)
class Need:
    """One request of a client, and what the client needs of the response.

    `client` is the name of the profile, `title` that of the client in messages. `deadline` is in
    seconds, None without one. The status is one of `status`, or any that is not in `breaks_at`, if
    that is given. `present` and `not_null` are fields such as `data[].id`.
    """

    client: str
    title: str
    name: str
    path: str
    method: str = "GET"
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    credentials: tuple[str, ...] = ()
    deadline: float | None = None
    follows_redirects: bool = False
    status: tuple[int, ...] = (200,)
    breaks_at: tuple[int, ...] = ()
    present: tuple[str, ...] = ()
    not_null: tuple[str, ...] = ()
    keeps: Keeps | None = None

    @property
    def id(self) -> str:
        """What stands for the request in the id of its check."""
        return f"{self.client}:{self.name}"


@dataclass(frozen=True)
class Profile:
    """A client: its name, and its requests by name. `secrets` are never shown."""

    name: str
    needs: Mapping[str, Need]
    secrets: tuple[str, ...] = field(default=(), repr=False)


@cache
def known(name: str) -> Profile:
    """The shipped profile of that name."""
    text = (
        shipped.folder("schemas").joinpath("profiles").joinpath(f"{name}.toml").read_text("utf-8")
    )
    return _profile(File(name, text), tomllib.loads(text))


def patience() -> float:
    """How long Claude Code waits for its list, in seconds."""
    return known("claude-code").needs["discovery"].deadline or 0.0


def load(path: Path) -> Profile:
    """The profile in a file. Raises `ProfileError`."""
    text, data = toml_file.read(path, ProfileError, EXAMPLE)
    file = File(visible(str(path), 300), text)
    if problem := min(wrong(file, data), key=lambda found: found[0], default=None):
        raise problem[1]
    return _profile(file, data)


def _profile(file: File, data: Any) -> Profile:
    requests = data["request"]
    names = [request["name"] for request in requests]
    for number, request in enumerate(requests):
        if names.index(request["name"]) < number:
            raise file.error("another request has this name", ["request", number, "name"])
    secrets: list[str] = []
    needs = [
        _need(data, request, tuple(_headers(file, number, request, secrets)))
        for number, request in enumerate(requests)
    ]
    return Profile(data["name"], {need.name: need for need in needs}, tuple(secrets))


def _need(data: Any, request: Any, headers: tuple[tuple[str, str], ...]) -> Need:
    lists = ("credentials", "status", "breaks_at", "present", "not_null")
    plain = ("name", "path", "method", "deadline", "follows_redirects")
    given: dict[str, Any] = {name: request[name] for name in plain if name in request}
    given |= {name: tuple(request[name]) for name in lists if name in request}
    return Need(
        client=data["name"],
        title=data.get("title", data["name"]),
        query=tuple(_query(request.get("query", {}))),
        headers=headers,
        keeps=_keeps(request["keeps"]) if "keeps" in request else None,
        **given,
    )


def _keeps(found: Any) -> Keeps:
    earlier = found.get("earlier")
    return Keeps(
        found["pattern"],
        found.get("means", f"matches `{found['pattern']}`"),
        found.get("marked", ""),
        (earlier["pattern"], earlier["versions"]) if earlier else None,
    )


def _query(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        for each in value if isinstance(value, list) else [value]:
            yield name, each if isinstance(each, str) else json.dumps(each)


def _headers(
    file: File, number: int, request: Any, secrets: list[str]
) -> Iterator[tuple[str, str]]:
    """The headers with lower-case names; the values from the environment are added to the secrets."""
    for name, value in request.get("headers", {}).items():
        place = ["request", number, "headers", name]
        if name.lower() in OF_THE_CONNECTION:
            raise file.error(f"the header `{name}` belongs to the connection: leave it out", place)
        if name.lower() in OF_THE_KEY:
            raise file.error(f"the header `{name}` has the key: give `credentials`", place)
        variable = value.removeprefix("env:")
        if variable == value:
            if carries_a_key(name):
                raise file.error(
                    f"the header `{name}` may have a secret: give `env:NAME`, a variable of the"
                    " environment",
                    place,
                )
        elif not (value := os.environ.get(variable, "")):
            raise file.error(f"the environment has no {variable}", place)
        elif not (value.isascii() and value.isprintable()):
            raise file.error(f"{variable} in the environment is not printable ASCII", place)
        else:
            secrets.append(value)
        yield name.lower(), value
