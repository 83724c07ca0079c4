"""The options: what users type, their ini and environment twins, and what comes out of the three."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest

from pytest_models_contract.session import explore_option, option_values
from pytest_models_contract.session.explore_option import Explore
from pytest_models_contract.session.option_values import CLIENTS, writable

__all__ = ["NO_TARGET", "Settings", "add", "read", "writable"]

ENV_BASE_URL = "MODELS_CONTRACT_BASE_URL"
TARGETS = ("models_base_url", "models_app", "models_cassette")
DEFAULT_AUTH = "x-api-key"
DEFAULT_TIMEOUT = 10.0
DEFAULT_MAX_BODY = 8 * 2**20

NO_TARGET = """\
no server under test. Name one of
  --models-base-url http://localhost:4000   a running server, as an SDK's base URL, without /v1
  --models-app module:attr                  a WSGI or ASGI application, in process
  --models-cassette FILE                    a recording, offline; `reference` is the one we ship
(or the ini twins models_base_url, models_app, models_cassette; or the environment variable
MODELS_CONTRACT_BASE_URL; or override the fixture models_base_url or models_transport)"""


class IniOption(NamedTuple):
    """An option with a twin in the ini file: its value in the help, what it does, its ini type."""

    metavar: str
    text: str
    type: Literal["string", "int", "float"] = "string"


INI_OPTIONS = {
    "models_base_url": IniOption("URL", "the server under test, as an SDK's base URL: without /v1"),
    "models_app": IniOption("MODULE:ATTR", "a WSGI or ASGI application (or a factory), in process"),
    "models_cassette": IniOption(
        "FILE", "replay this VCR cassette or .har file, offline; `reference` is the shipped one"
    ),
    "models_max_age": IniOption("DAYS", "an older recording fails the run", "float"),
    "models_revision": IniOption("DATE", "which revision of the reference (default 2026-04-16)"),
    "models_xfails": IniOption("FILE", "known deviations, a TOML file"),
    "models_auth": IniOption("HOW", "how the key is sent: x-api-key (default) or bearer"),
    "models_timeout": IniOption(
        "SECONDS", "deadline of one request, first byte sent to last byte read (10)", "float"
    ),
    "models_max_body": IniOption("BYTES", "the longest body that is read (8388608)", "int"),
    "models_explore": IniOption(
        "N|SECONDSs|all",
        "after the suite, send N more requests, for so long, or every window there is",
    ),
}
SWITCHES = {
    "models_strict": "SHOULD-level findings fail too",
    "models_complete": "unexercised checks fail too",
}
LISTS = {
    "models_alias": ("ALIAS=ID", "an alias that retrieve must resolve (repeatable)"),
    "models_header": (
        "'Name: value'",
        "extra request header; the value may be env:NAME (repeatable)",
    ),
}
COMMAND_LINE = {
    "models_record": ("FILE", "record the run's exchanges into FILE, afresh"),
    "models_write_xfails": ("FILE", "write today's violations as known deviations"),
    "models_explore_seed": ("N", "the seed that an exploration named, to repeat it"),
}
COMMAND_LINE_LISTS = {
    "models_report": ("FILE", "write the verdicts, as .json or .md (repeatable)"),
    "models_client": (
        "NAME",
        f"also hold the server to what a real client needs: {', '.join(CLIENTS)} (repeatable)",
    ),
}


def add(parser: pytest.Parser) -> None:
    """Declare every option and its ini twin."""
    group = parser.getgroup("models-contract", "the contract of the Anthropic Models API")
    group.addoption("--models-contract", action="store_true", help="collect the shipped suite")
    for name, ini_option in INI_OPTIONS.items():
        group.addoption(_flag(name), default=None, help=ini_option.text, metavar=ini_option.metavar)
        parser.addini(name, ini_option.text, type=ini_option.type, default=None)
    for name, text in SWITCHES.items():
        group.addoption(_flag(name), action="store_true", default=None, help=text)
        parser.addini(name, text, type="bool", default=False)
    for name, (_, text) in LISTS.items():
        parser.addini(name, text, type="linelist", default=[])
    for name, (metavar, text) in {**LISTS, **COMMAND_LINE_LISTS}.items():
        group.addoption(_flag(name), action="append", default=[], metavar=metavar, help=text)
    for name, (metavar, text) in COMMAND_LINE.items():
        group.addoption(_flag(name), default=None, metavar=metavar, help=text)


@dataclass(frozen=True)
class Settings:
    """What the options come to: command line over environment over ini.

    `headers_shown` is how the extra headers may be shown: without their values.
    """

    target: tuple[str, str] | None = field(repr=False)
    revision: str | None
    record: Path | None
    max_age: float | None
    strict: bool
    complete: bool
    xfails: Path | None
    write_xfails: Path | None
    reports: tuple[Path, ...]
    clients: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...]
    headers: Mapping[str, str] = field(repr=False)
    headers_shown: tuple[str, ...]
    auth: str
    timeout: float
    max_body: int
    explore: Explore | None
    key: str | None = field(repr=False)


def read(config: pytest.Config) -> Settings:
    """Read the options; raises `pytest.UsageError` that says how to do it right."""
    target = _target(config)
    headers = _listed(config, "models_header")
    return Settings(
        target=target,
        revision=_value(config, "models_revision"),
        record=_path(_given(config, "models_record")),
        max_age=_number(config, "models_max_age", float, None, "a number of days, such as 30"),
        strict=_switch(config, "models_strict"),
        complete=_switch(config, "models_complete"),
        xfails=_path(_value(config, "models_xfails")),
        write_xfails=_output(config, "models_write_xfails"),
        reports=tuple(map(option_values.report, config.getoption("models_report"))),
        clients=tuple(dict.fromkeys(map(option_values.client, config.getoption("models_client")))),
        aliases=tuple(dict(map(option_values.alias, _listed(config, "models_alias"))).items()),
        headers=dict(map(option_values.header, headers)),
        headers_shown=tuple(map(option_values.header_shown, headers)),
        auth=option_values.auth(_value(config, "models_auth") or DEFAULT_AUTH),
        timeout=_number(
            config, "models_timeout", float, DEFAULT_TIMEOUT, "seconds above 0, such as 10"
        ),
        max_body=_number(
            config, "models_max_body", int, DEFAULT_MAX_BODY, "a number of bytes above 0"
        ),
        explore=explore_option.read(
            config, _value(config, "models_explore"), _given(config, "models_explore_seed")
        ),
        key=option_values.key(target),
    )


def has_workers(config: pytest.Config) -> bool:
    """Whether pytest-xdist is asked to run the checks in processes of its own."""
    return bool(config.getoption("numprocesses", None) or config.getoption("tx", None))


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


# A target on the command line displaces those of environment and ini; two on one level are an error:
# - command line: --models-base-url, --models-app, --models-cassette
# - environment:  MODELS_CONTRACT_BASE_URL
# - ini:          models_base_url, models_app, models_cassette
def _target(config: pytest.Config) -> tuple[str, str] | None:
    levels: list[tuple[str, dict[str, str | None]]] = [
        ("on the command line", {kind: _given(config, kind) for kind in TARGETS}),
        ("in the environment", {"models_base_url": os.environ.get(ENV_BASE_URL)}),
        ("in the ini file", {kind: _ini(config, kind) for kind in TARGETS}),
    ]
    for where, level in levels:
        given = [(kind, value) for kind, value in level.items() if value]
        if len(given) > 1:
            names = " and ".join(_flag(kind) for kind, _ in given)
            raise pytest.UsageError(
                f"{names}, both {where}, name two servers under test: give one of them"
            )
        if given:
            return given[0]
    return None


def _value(config: pytest.Config, name: str) -> str | None:
    """The value of an option: that of the command line, else that of its ini twin."""
    given = _given(config, name)
    return _ini(config, name) if given is None else given


def _given(config: pytest.Config, name: str) -> str | None:
    given = config.getoption(name)
    if given is None:
        return None
    if not given.strip():
        raise pytest.UsageError(f"{_flag(name)} is empty: give a value, or leave it out")
    return str(given)


def _ini(config: pytest.Config, name: str) -> str | None:
    """The ini twin; files are named from the ini file's folder, not from where pytest is started."""
    value = _ini_as_is(config, name)
    if value in (None, ""):
        return None
    is_file = name == "models_xfails" or (name == "models_cassette" and value != "reference")
    if is_file and config.inipath:
        return str(os.path.relpath(config.inipath.parent / value))
    return str(value)


def _ini_as_is(config: pytest.Config, name: str) -> Any:
    try:
        return config.getini(name)
    except (TypeError, ValueError, pytest.UsageError) as error:
        raise pytest.UsageError(f"{name} in the ini file: {error}") from None


def _switch(config: pytest.Config, name: str) -> bool:
    return bool(config.getoption(name) or _ini_as_is(config, name))


def _listed(config: pytest.Config, name: str) -> list[str]:
    """Those of the ini file and then those of the command line, which win where both name one."""
    return [*_ini_as_is(config, name), *config.getoption(name)]


def _number(config: pytest.Config, name: str, kind: Any, default: Any, wanted: str) -> Any:
    text, zero = _value(config, name), name == "models_max_age"
    return (
        default
        if text is None
        else option_values.number(_flag(name), text, kind, wanted, zero=zero)
    )


def _path(text: str | None) -> Path | None:
    return Path(text).absolute() if text else None


def _output(config: pytest.Config, name: str) -> Path | None:
    path = _path(_given(config, name))
    return writable(path, _flag(name)) if path else None
