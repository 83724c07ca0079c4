"""The options: what users type, their ini and environment twins, and what comes out of the three."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest

ENV_BASE_URL = "MODELS_CONTRACT_BASE_URL"
ENV_KEY = "MODELS_CONTRACT_API_KEY"
CLIENTS = ("claude-code", "anthropic-sdk")
DEFAULT_TIMEOUT = 10.0
DEFAULT_MAX_BODY = 64 * 2**20
T = TypeVar("T")

WAYS = """\
no server under test. Name one of
  --models-base-url http://localhost:4000   a running server, as an SDK's base URL, without /v1
  --models-app module:attr                  a WSGI or ASGI application, in process
  --models-cassette FILE                    a recording, offline; `reference` is the one we ship
(or the ini twins models_base_url, models_app, models_cassette; or the environment variable
MODELS_CONTRACT_BASE_URL; or override the fixture models_base_url or models_transport)"""

TWINS = {
    "models_base_url": "the server under test, as an SDK's base URL: without /v1",
    "models_app": "a WSGI or ASGI application (or a factory) under test, in process: MODULE:ATTR",
    "models_cassette": "replay this VCR cassette or .har file, offline; `reference` is the shipped one",
    "models_max_age": "an older recording fails the run (days)",
    "models_revision": "the revision of the reference to hold the server to (default 2026-04-16)",
    "models_xfails": "known deviations, a TOML file",
    "models_auth": "how the key is sent: x-api-key (default) or bearer",
    "models_timeout": "deadline of one request in seconds, first byte sent to last byte read (default 10)",
    "models_max_body": "the longest body that is read, in bytes (default 67108864)",
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
}


def add(parser: pytest.Parser) -> None:
    """Declare every option and its ini twin."""
    group = parser.getgroup("models-contract", "the contract of the Anthropic Models API")
    group.addoption("--models-contract", action="store_true", help="collect the shipped suite")
    for name, text in TWINS.items():
        group.addoption(
            _flag(name), default=None, help=text, metavar=name.rpartition("_")[2].upper()
        )
        parser.addini(name, text, default=None)
    for name, text in SWITCHES.items():
        group.addoption(_flag(name), action="store_true", default=None, help=text)
        parser.addini(name, text, type="bool", default=False)
    for name, (metavar, text) in LISTS.items():
        group.addoption(_flag(name), action="append", default=[], metavar=metavar, help=text)
        parser.addini(name, text, type="linelist", default=[])
    for name, (metavar, text) in COMMAND_LINE.items():
        group.addoption(_flag(name), default=None, metavar=metavar, help=text)
    group.addoption(
        "--models-report",
        action="append",
        default=[],
        metavar="FILE",
        help="write the verdicts, as .json or .md (repeatable)",
    )
    group.addoption(
        "--models-client",
        action="append",
        default=[],
        metavar="NAME",
        help=f"also hold the server to what a real client needs: {', '.join(CLIENTS)} (repeatable)",
    )


@dataclass(frozen=True)
class Settings:
    """What the options come to: command line over environment over ini."""

    target: tuple[str, str] | None
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
    headers: Mapping[str, str]
    auth: str
    timeout: float
    max_body: int
    key: str | None


def read(config: pytest.Config) -> Settings:
    """Read the options; raises `pytest.UsageError` that says how to do it right."""
    target = _target(config)
    return Settings(
        target=target,
        revision=_value(config, "models_revision"),
        record=_path(config.getoption("models_record")),
        max_age=_number(config, "models_max_age", float, None, "a number of days, such as 30"),
        strict=_switch(config, "models_strict"),
        complete=_switch(config, "models_complete"),
        xfails=_path(_value(config, "models_xfails"), config),
        write_xfails=_path(config.getoption("models_write_xfails")),
        reports=tuple(_report(name) for name in config.getoption("models_report")),
        clients=tuple(_client(name) for name in config.getoption("models_client")),
        aliases=tuple(_alias(text) for text in _listed(config, "models_alias")),
        headers=dict(_header(text) for text in _listed(config, "models_header")),
        auth=_auth(_value(config, "models_auth") or "x-api-key"),
        timeout=_number(
            config, "models_timeout", float, DEFAULT_TIMEOUT, "seconds above 0, such as 10"
        ),
        max_body=_number(
            config, "models_max_body", int, DEFAULT_MAX_BODY, "a number of bytes above 0"
        ),
        key=_key(target),
    )


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


# A target on the command line displaces those of environment and ini; two on one level are an error:
# - command line: --models-base-url, --models-app, --models-cassette
# - environment:  MODELS_CONTRACT_BASE_URL
# - ini:          models_base_url, models_app, models_cassette
def _target(config: pytest.Config) -> tuple[str, str] | None:
    kinds = ("models_base_url", "models_app", "models_cassette")
    levels: list[dict[str, Any]] = [
        {kind: config.getoption(kind) for kind in kinds},
        {"models_base_url": os.environ.get(ENV_BASE_URL)},
        {kind: config.getini(kind) for kind in kinds},
    ]
    for level in levels:
        given = [(kind, value) for kind, value in level.items() if value]
        if len(given) > 1:
            names = " and ".join(_flag(kind) for kind, _ in given)
            raise pytest.UsageError(f"{names} name two servers under test: give one of them")
        if given:
            return given[0]
    return None


def _value(config: pytest.Config, name: str) -> str | None:
    given = config.getoption(name)
    return given if given is not None else (config.getini(name) or None)


def _switch(config: pytest.Config, name: str) -> bool:
    return bool(config.getoption(name) or config.getini(name))


def _listed(config: pytest.Config, name: str) -> list[str]:
    return [*config.getini(name), *config.getoption(name)]


def _number(
    config: pytest.Config, name: str, kind: Callable[[str], T], default: T, wanted: str
) -> Any:
    text = _value(config, name)
    if text is None:
        return default
    try:
        number = kind(text)
        if not 0 < float(number) < float("inf"):  # type: ignore[arg-type]
            raise ValueError
    except ValueError:
        raise pytest.UsageError(f"{_flag(name)} {text}: give {wanted}") from None
    return number


def _path(text: str | None, config: pytest.Config | None = None) -> Path | None:
    if not text:
        return None
    if config and config.inipath and not config.getoption("models_xfails"):
        return config.inipath.parent / text
    return Path(text).absolute()


def _report(text: str) -> Path:
    path = Path(text).absolute()
    if path.suffix not in {".json", ".md"}:
        raise pytest.UsageError(
            f"--models-report {text}: the suffix says the format, give .json or .md"
        )
    return writable(path, "--models-report")


def writable(path: Path, flag: str) -> Path:
    """The path, when a file can be written there; else a usage error."""
    if path.is_dir():
        raise pytest.UsageError(f"{flag} {path}: that is a folder, give a file in it")
    if not path.parent.is_dir():
        raise pytest.UsageError(f"{flag} {path}: there is no folder {path.parent}, create it first")
    if not os.access(path.parent, os.W_OK):
        raise pytest.UsageError(f"{flag} {path}: the folder {path.parent} cannot be written to")
    return path


def _client(name: str) -> str:
    if name not in CLIENTS:
        raise pytest.UsageError(
            f"--models-client {name}: the known clients are {', '.join(CLIENTS)}"
        )
    return name


def _alias(text: str) -> tuple[str, str]:
    alias, equals, model = text.partition("=")
    if not (alias and equals and model):
        raise pytest.UsageError(
            f"--models-alias {text}: give ALIAS=ID, such as claude-opus-4=claude-opus-4-20250514"
        )
    return alias, model


def _header(text: str) -> tuple[str, str]:
    name, colon, value = (part.strip() for part in text.partition(":"))
    if not (colon and name and value and name.replace("-", "").replace("_", "").isalnum()):
        # The text itself is not shown: whatever it is, part of it may be a secret.
        raise pytest.UsageError(
            "--models-header: give 'Name: value', such as 'x-tenant: env:TENANT'"
        )
    if value.startswith("env:"):
        variable = value.removeprefix("env:")
        if variable not in os.environ:
            raise pytest.UsageError(f"--models-header {name}: the environment has no {variable}")
        value = os.environ[variable]
    if not (value.isascii() and value.isprintable()):
        raise pytest.UsageError(f"--models-header {name}: the value is not printable ASCII")
    return name, value


def _auth(name: str) -> str:
    if name not in {"bearer", "x-api-key"}:
        raise pytest.UsageError(f"--models-auth {name}: give bearer or x-api-key")
    return name


def _key(target: tuple[str, str] | None) -> str | None:
    """The key for the server under test; Anthropic's own is sent to Anthropic's own host alone."""
    key = os.environ.get(ENV_KEY)
    if not key and target and target[0] == "models_base_url":
        url = urlsplit(target[1])
        if url.scheme == "https" and url.hostname == "api.anthropic.com":
            key = os.environ.get("ANTHROPIC_API_KEY")
    if key and not (key.isascii() and key.isprintable()):
        raise pytest.UsageError(f"{ENV_KEY}: a key is printable ASCII; is a line end in it?")
    return key or None
