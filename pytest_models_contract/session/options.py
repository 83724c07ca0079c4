"""The options of the command line, of the ini file and of the environment, and the settings they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_models_contract.session import (
    explore_option,
    option_table,
    option_values,
    spelling,
    target_choice,
)
from pytest_models_contract.session.explore_option import Explore
from pytest_models_contract.session.option_sources import flag, given, listed, switch, value
from pytest_models_contract.session.option_values import Address, writable
from pytest_models_contract.session.target_choice import Start

if TYPE_CHECKING:
    from pytest_models_contract.client.profile import Need, Profile

__all__ = ["NO_TARGET", "Settings", "add", "read", "writable"]

DEFAULT_AUTH = "x-api-key"
DEFAULT_TIMEOUT = 10.0
DEFAULT_START_TIMEOUT = 60.0
DEFAULT_MAX_BODY = 8 * 2**20
DEFAULT_CONCURRENCY = 4

NO_TARGET = """\
no server under test. Name one of
  --models-base-url http://localhost:4000   a running server, as an SDK's base URL, without /v1
  --models-start 'my-server --port {port}'  a command that starts the server
  --models-app module:attr                  a WSGI or ASGI application, in process
  --models-cassette FILE                    a recording, offline; `reference` is the shipped one
(or the ini options models_base_url, models_start, models_app, models_cassette; or the environment
variable MODELS_CONTRACT_BASE_URL; or override the fixture models_base_url or models_transport)"""

MARKERS = (
    "models_cites(pointer, level='must'): the clause of the Models API reference that a check tests",
    "models_only_with(option, other, **by_parameter): a check that is collected only with these options",
    "models_must: a check of what the Models API reference says; `-m models_must` selects them",
    "models_should: a check of what other official pages or production say; advice without --models-strict",
)


def add(parser: pytest.Parser) -> None:
    """Declare every option and its ini option."""
    group = parser.getgroup(
        "models-contract", "the contract of the Anthropic Models API (*: repeatable)"
    )
    group.addoption(
        "--models-contract", action="store_true", help="test a server against the contract"
    )
    for option in option_table.options():
        group.addoption(flag(option.key), **option.arguments)
        if option.ini:
            default = {"bool": False, "linelist": []}.get(option.ini)
            parser.addini(option.key, option.text, type=option.ini, default=default)


def without_the_suite(config: pytest.Config) -> str:
    """What to add to a command that names a server under test, but collects no test of it."""
    named = [flag(name) for name in target_choice.TARGETS if config.getoption(name)]
    if not named or config.getoption("models_contract"):
        return ""
    return f"{named[0]} was given, but there is no test: add --models-contract to run the contract"


@dataclass(frozen=True)
class Settings:
    """The values of the options: command line before environment before ini.

    `headers_shown` are the extra headers in printable form: without their values. `second_key` is
    another client's, `upstream_key` the server's own for its upstream. `note` is for the header.
    `by_command`: the user typed `models-contract check`.
    """

    target: tuple[str, str] | None = field(repr=False)
    start: Start | None
    start_timeout: float
    upstream: Address | None
    proxy: str
    note: str
    revision: str | None
    record: Path | None
    max_age: float | None
    strict: bool
    complete: bool
    xfails: Path | None
    write_xfails: Path | None
    reports: tuple[Path, ...]
    clients: tuple[str, ...]
    profiles: tuple[Profile, ...]
    aliases: tuple[tuple[str, str], ...]
    expect: tuple[str, ...]
    headers: Mapping[str, str] = field(repr=False)
    headers_shown: tuple[str, ...]
    auth: str
    timeout: float
    max_body: int
    concurrency: int
    explore: Explore | None
    key: str | None = field(repr=False)
    second_key: str | None = field(repr=False)
    upstream_key: str | None = field(repr=False)
    by_command: bool = False

    @property
    def asked_for(self) -> set[str]:
        """What the checks may need that are collected: `Facts.needs`."""
        given = {
            "alias": self.aliases,
            "expect": self.expect,
            "explore": self.explore,
            "profile": self.profiles,
            "second-key": self.second_key,
            "start": self.start,
            "upstream": self.upstream,
        }
        return {"", *self.clients, *(name for name, value in given.items() if value)}

    @property
    def secrets(self) -> list[str | None]:
        """What must never be shown."""
        of_profiles = [secret for own in self.profiles for secret in own.secrets]
        keys = [self.key, self.second_key, self.upstream_key]
        return [*keys, *self.headers.values(), *of_profiles]

    @property
    def needs(self) -> Sequence[Need]:
        """The requests of all profiles."""
        return [need for own in self.profiles for need in own.needs.values()]


def read(config: pytest.Config) -> Settings:
    """Read the options. Raises `pytest.UsageError` that says how to give them right."""
    chosen = target_choice.choose(config)
    headers = listed(config, "models_header")
    clients = tuple(dict.fromkeys(map(option_values.client, config.getoption("models_client"))))
    return Settings(
        target=chosen.target,
        start=chosen.start,
        start_timeout=_number(
            config,
            "models_start_timeout",
            float,
            DEFAULT_START_TIMEOUT,
            "seconds above 0, such as 60",
        ),
        upstream=chosen.upstream,
        proxy=option_values.proxy(value(config, "models_proxy") or option_values.PROXIES[0]),
        note=chosen.note,
        revision=value(config, "models_revision"),
        record=_path(given(config, "models_record")),
        max_age=_number(config, "models_max_age", float, None, "a number of days, such as 30"),
        strict=switch(config, "models_strict"),
        complete=switch(config, "models_complete"),
        xfails=_path(value(config, "models_xfails")),
        write_xfails=_output(config, "models_write_xfails"),
        reports=tuple(map(option_values.report, config.getoption("models_report"))),
        clients=clients,
        profiles=option_values.profiles(clients),
        aliases=tuple(dict(map(option_values.alias, listed(config, "models_alias"))).items()),
        expect=tuple(dict.fromkeys(map(option_values.model, listed(config, "models_expect")))),
        headers=dict(map(option_values.header, headers)),
        headers_shown=tuple(map(option_values.header_shown, headers)),
        auth=option_values.auth(value(config, "models_auth") or DEFAULT_AUTH),
        timeout=_number(
            config, "models_timeout", float, DEFAULT_TIMEOUT, "seconds above 0, such as 10"
        ),
        max_body=_number(
            config, "models_max_body", int, DEFAULT_MAX_BODY, "a number of bytes above 0"
        ),
        concurrency=_number(
            config,
            "models_concurrency",
            int,
            DEFAULT_CONCURRENCY,
            "a number of requests, such as 4",
        ),
        explore=explore_option.read(
            config, value(config, "models_explore"), given(config, "models_explore_seed")
        ),
        key=option_values.key(chosen.target),
        second_key=option_values.key_in(option_values.ENV_SECOND_KEY),
        upstream_key=option_values.key_in("MODELS_CONTRACT_UPSTREAM_KEY"),
        by_command=spelling.by_command(config),
    )


def _number(config: pytest.Config, name: str, kind: Any, default: Any, wanted: str) -> Any:
    text, zero = value(config, name), name == "models_max_age"
    return (
        default if text is None else option_values.number(flag(name), text, kind, wanted, zero=zero)
    )


def _path(text: str | None) -> Path | None:
    return Path(text).absolute() if text else None


def _output(config: pytest.Config, name: str) -> Path | None:
    path = _path(given(config, name))
    return writable(path, flag(name)) if path else None
