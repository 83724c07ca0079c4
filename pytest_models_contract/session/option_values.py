"""Parse single option values. Each error says how to give the value right."""

from __future__ import annotations

import ipaddress
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from pytest_models_contract.client.profile import Profile

ENV_KEY = "MODELS_CONTRACT_API_KEY"
ENV_SECOND_KEY = "MODELS_CONTRACT_SECOND_KEY"
ENV_ANTHROPIC_KEY = "ANTHROPIC_API_KEY"
ANTHROPIC = "api.anthropic.com"
CLIENTS = ("claude-code", "claude-desktop", "anthropic-sdk", "typescript-sdk")
WITHOUT_CHECKS_OF_ITS_OWN = ("claude-desktop",)
"""The shipped profiles that are judged as a profile of the user is."""
AUTHS = ("x-api-key", "bearer")
SUFFIXES = (".json", ".md", ".html")
PROXIES = ("mirror", "own")
LOOPBACK = "127.0.0.1"
T = TypeVar("T", int, float)


class Address(NamedTuple):
    """Where to listen; port 0 is any that is free."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return str(self.port) if self.host == LOOPBACK else f"{host}:{self.port}"

    @property
    def is_open(self) -> bool:
        """Whether other machines reach it."""
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"


def address(text: str) -> Address:
    """`PORT`, on loopback, or `HOST:PORT`."""
    host, _, port = text.strip().rpartition(":")
    is_port = port.isascii() and port.isdecimal() and int(port) < 65536
    if not is_port or (":" in host and not (host.startswith("[") and host.endswith("]"))):
        raise pytest.UsageError(
            f"--models-upstream {text}: give PORT or HOST:PORT, such as 9000 or 0.0.0.0:9000"
        )
    return Address(host.strip("[]") or LOOPBACK, int(port))


def proxy(name: str) -> str:
    """What the server makes of the upstream's catalogue."""
    if name not in PROXIES:
        raise pytest.UsageError(f"--models-proxy {name}: give {' or '.join(PROXIES)}")
    return name


def number(
    flag: str, value: object, kind: Callable[[str], T], wanted: str, *, zero: bool = False
) -> T:
    """A finite number above 0, or 0 when `zero` allows it; `wanted` is the advice in the error."""
    try:
        found = kind(str(value))
        if not (0 < found < float("inf") or (zero and found == 0)):
            raise ValueError
    except ValueError:
        raise pytest.UsageError(f"{flag} {value}: give {wanted}") from None
    return found


def report(text: str) -> Path:
    """The path of a report; its suffix selects the format."""
    path = Path(text).absolute()
    if path.suffix not in SUFFIXES:
        raise pytest.UsageError(
            f"--models-report {text}: the suffix selects the format, give {_choice(SUFFIXES)}"
        )
    if path.suffix == ".html" and find_spec("jinja2") is None:
        raise pytest.UsageError(
            f"--models-report {text} needs Jinja2: pip install 'pytest-models-contract[html]'"
        )
    return writable(path, "--models-report")


def _choice(texts: Sequence[str]) -> str:
    """
    >>> _choice([".json", ".md", ".html"])
    '.json, .md or .html'
    """
    return f"{', '.join(texts[:-1])} or {texts[-1]}"


def writable(path: Path, flag: str) -> Path:
    """The path, when a file can be written there now. An existing file is not touched."""
    if path.is_dir():
        raise pytest.UsageError(f"{flag} {path}: that is a folder, give a file in it")
    if not path.parent.is_dir():
        raise pytest.UsageError(f"{flag} {path}: there is no folder {path.parent}, create it first")
    try:
        # os.access is wrong for root and for read-only mounts.
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}."):
            return path
    except OSError as error:
        raise pytest.UsageError(
            f"{flag} {path}: no file can be written there: {error.strerror}"
        ) from None


def client(name: str) -> str:
    """A known client, or the file of a profile; the Python SDK is installed, if it is that one."""
    if name.endswith(".toml"):
        return name
    if name not in CLIENTS:
        raise pytest.UsageError(
            f"--models-client {name}: the known clients are {', '.join(CLIENTS)}; or give FILE.toml, a"
            " profile of your own (docs/clients.md)"
        )
    if name == "anthropic-sdk" and find_spec("anthropic") is None:
        raise pytest.UsageError(
            "--models-client anthropic-sdk needs the SDK:"
            " pip install 'pytest-models-contract[clients]'"
        )
    return name


def profiles(clients: Sequence[str]) -> tuple[Profile, ...]:
    """The profiles among the clients: those of files, and shipped ones without checks of their own."""
    own = [name for name in clients if name.endswith(".toml") or name in WITHOUT_CHECKS_OF_ITS_OWN]
    if not own:
        return ()
    from pytest_models_contract.client import profile

    found: dict[str, Profile] = {}
    for name in own:
        try:
            is_file = name.endswith(".toml")
            new = profile.load(Path(name)) if is_file else profile.known(name)
        except profile.ProfileError as error:
            raise pytest.UsageError(f"--models-client {error}") from None
        if new.name in found or (is_file and new.name in CLIENTS):
            raise pytest.UsageError(
                f"--models-client {name}: another client is named {new.name}: give the profile a name of"
                " its own"
            )
        found[new.name] = new
    return tuple(found.values())


def alias(text: str) -> tuple[str, str]:
    """An alias and the id of the model it stands for."""
    name, _, model = (part.strip() for part in text.partition("="))
    if not (name and model):
        raise pytest.UsageError(
            f"--models-alias {text}: give ALIAS=ID, such as claude-opus-4=claude-opus-4-20250514"
        )
    return name, model


def model(text: str) -> str:
    """The id of a model."""
    if not text.strip():
        raise pytest.UsageError("--models-expect is empty: give the id of a model")
    return text.strip()


def header(text: str) -> tuple[str, str]:
    """Name and value of a header; a value `env:NAME` is read from the environment."""
    name, _, value = (part.strip() for part in text.partition(":"))
    if not (value and name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
        # The error does not show the text: part of it may be a secret.
        raise pytest.UsageError(
            "--models-header: give 'Name: value', such as 'x-tenant: env:TENANT'"
        )
    return name, _printable(f"--models-header {name}", _from_environment(name, value))


def header_shown(text: str) -> str:
    """A header in printable form: its name, and its value only if that is `env:NAME` or the upstream."""
    name, _, value = (part.strip() for part in text.partition(":"))
    is_public = value.startswith("env:") or re.fullmatch(r"\{upstream\}[\w/.-]*", value)
    return f"{name}: {value if is_public else '***'}"


def auth(name: str) -> str:
    """How the key is sent."""
    if name not in AUTHS:
        raise pytest.UsageError(f"--models-auth {name}: give {' or '.join(AUTHS)}")
    return name


def key(target: tuple[str, str] | None) -> str | None:
    """The key for the server under test. Anthropic's key goes to Anthropic's host only."""
    found = os.environ.get(ENV_KEY)
    if not found and target and target[0] == "models_base_url":
        url = urlsplit(target[1])
        if url.scheme == "https" and url.hostname == ANTHROPIC:
            found = os.environ.get(ENV_ANTHROPIC_KEY)
    return _printable(f"{ENV_KEY}, the key", found) if found else None


def key_in(variable: str) -> str | None:
    """The key in a variable of the environment, None where it is unset or empty."""
    found = os.environ.get(variable)
    return _printable(f"{variable}, a key", found) if found else None


def unused_key(key: str | None) -> str:
    """A sentence about Anthropic's own key, where it is set and another key, or none, is sent."""
    if os.environ.get(ENV_ANTHROPIC_KEY) in {None, "", key}:
        return ""
    return f"{ENV_ANTHROPIC_KEY} is set but not used: it is sent only to https://{ANTHROPIC}"


def _from_environment(name: str, value: str) -> str:
    if not value.startswith("env:"):
        return value
    variable = value.removeprefix("env:")
    if not (found := os.environ.get(variable, "")):
        raise pytest.UsageError(f"--models-header {name}: the environment has no {variable}")
    return found


def _printable(what: str, value: str) -> str:
    if value.isascii() and value.isprintable():
        return value
    raise pytest.UsageError(f"{what}: give printable ASCII; does it contain a line end?")
