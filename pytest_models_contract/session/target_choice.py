"""Which server is under test, by which command, with which upstream: the options of three levels."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from pytest_models_contract.session import option_sources, option_values
from pytest_models_contract.session.option_values import Address
from pytest_models_contract.target import command
from pytest_models_contract.target.command import Command

ENV_BASE_URL = "MODELS_CONTRACT_BASE_URL"
URL, APP, CASSETTE, START = "models_base_url", "models_app", "models_cassette", "models_start"
TARGETS = (URL, APP, CASSETTE, START)
DEFAULT_BASE_URL = "http://127.0.0.1:{port}"
LEVELS = ("on the command line", "in the environment", "in the ini file")
TYPED, IN_INI = 0, 2


@dataclass(frozen=True)
class Start:
    """A command that starts the server under test.

    `folder` is where it runs, `base_url` where the server answers, which may name `{port}`; `typed`
    says that it stands on the command line.
    """

    command: Command
    folder: Path
    base_url: str
    typed: bool


class Choice(NamedTuple):
    """The option and value of the server under test, the command that starts it, and its upstream.

    `note` says which of them is not used since another one displaces it.
    """

    target: tuple[str, str] | None
    start: Start | None = None
    upstream: Address | None = None
    note: str = ""


Level = dict[str, str]


# A target on a higher level displaces those of lower ones; two on one level are an error:
# - command line: --models-base-url, --models-app, --models-cassette, --models-start
# - environment:  MODELS_CONTRACT_BASE_URL
# - ini:          models_base_url, models_app, models_cassette, models_start
# A start command takes the base URL of its own level, or of a lower one, as its own.
def choose(config: pytest.Config) -> Choice:
    """The choice that the options make. Raises `pytest.UsageError` that says how to do it right."""
    chosen = _chosen(config)
    if chosen.upstream is None:
        _require_upstream(config, chosen)
    if option_sources.has_workers(config):
        _refuse_for_workers(chosen)
    return chosen


def _chosen(config: pytest.Config) -> Choice:
    levels = _levels(config)
    first = next((n for n, level in enumerate(levels) if level), None)
    if first is None:
        return Choice(None, upstream=_upstream(config, None, len(levels)))
    kind, value = _one_of(levels[first], LEVELS[first])
    upstream = _upstream(config, kind, first)
    if kind != START:
        if kind == URL and "{port}" in value:
            raise pytest.UsageError(
                "--models-base-url names {port}, the port of a server that --models-start starts: give"
                " the port itself, or add --models-start"
            )
        return Choice((kind, value), None, upstream, _displaced(levels, kind))
    base_url = next((level[URL] for level in levels[first:] if URL in level), DEFAULT_BASE_URL)
    start = Start(_command(value), _folder(config, first), base_url, first == TYPED)
    return Choice((URL, base_url), start, upstream)


def _levels(config: pytest.Config) -> list[Level]:
    named = [
        {kind: option_sources.given(config, kind) for kind in TARGETS},
        {URL: os.environ.get(ENV_BASE_URL)},
        {kind: option_sources.in_ini(config, kind) for kind in TARGETS},
    ]
    return [{kind: value for kind, value in level.items() if value} for level in named]


def _one_of(level: Level, where: str) -> tuple[str, str]:
    """The one target of a level; a base URL beside a start command says where that server answers."""
    rivals = [kind for kind in level if not (kind == URL and START in level)]
    if len(rivals) > 1:
        names = " and ".join(map(option_sources.flag, rivals))
        raise pytest.UsageError(
            f"{names}, both {where}, name two servers under test: give one of them"
        )
    return rivals[0], level[rivals[0]]


def _displaced(levels: list[Level], kind: str) -> str:
    if any(START in level for level in levels):
        return f"no server is started: {option_sources.flag(kind)} replaces models_start of the ini file"
    return ""


def _command(text: str) -> Command:
    try:
        return command.parse(text)
    except ValueError as error:
        # The text itself is not shown: part of it may be a secret.
        raise pytest.UsageError(
            f"--models-start: {error}: give a command as in a shell, such as 'my-gateway --port {{port}}'"
        ) from None


def _folder(config: pytest.Config, level: int) -> Path:
    return option_sources.ini_folder(config) if level == IN_INI else Path.cwd()


# --- the upstream --------------------------------------------------------------------------------


def _upstream(config: pytest.Config, kind: str | None, level: int) -> Address | None:
    """Where to play an upstream for a target of this kind, named on this level."""
    typed = option_sources.given(config, "models_upstream")
    text = typed or option_sources.in_ini(config, "models_upstream")
    if text is None:
        return None
    address = option_values.address(text)
    if why := _refuse_unused(address, kind):
        # What the ini file says belongs to the target there, which another one displaces.
        if typed is None and level < IN_INI:
            return None
        raise pytest.UsageError(f"--models-upstream {text}: {why}")
    return address


def _refuse_unused(address: Address, kind: str | None) -> str:
    if kind == CASSETTE:
        return "a recording asks no upstream: leave out --models-upstream or the recording"
    if address.port == 0 and kind not in (START, APP):
        return (
            "the server has to know the free port: add --models-start or --models-app, or give the"
            " port that your server uses for its upstream, such as --models-upstream 9000"
        )
    return ""


# --- what is refused -----------------------------------------------------------------------------


def _require_upstream(config: pytest.Config, chosen: Choice) -> None:
    """Refuse what is of use only with an upstream."""
    if option_sources.given(config, "models_proxy"):
        raise pytest.UsageError("--models-proxy needs an upstream: add --models-upstream")
    headers = option_sources.listed(config, "models_header")
    named = {
        "--models-start": chosen.start is not None and chosen.start.command.names("upstream"),
        "--models-header": any("{upstream}" in text for text in headers),
    }
    for option, is_named in named.items():
        if is_named:
            raise pytest.UsageError(
                f"{option} names {{upstream}}, but there is none: add --models-upstream, such as"
                " --models-upstream 0 beside --models-start"
            )


def _refuse_for_workers(chosen: Choice) -> None:
    """Refuse what the workers of pytest-xdist would have to share."""
    if chosen.upstream and chosen.start is None:
        raise pytest.UsageError(
            "--models-upstream under -n: each worker needs a server and an upstream of its own. Start the"
            " server by --models-start, which names {port} and {upstream}, or leave out -n"
        )
    if chosen.start and "{port}" not in chosen.start.base_url:
        raise pytest.UsageError(
            "--models-start under -n: each worker starts a server on a port of its own. Name {port} in"
            " --models-base-url, or leave out -n"
        )
    if chosen.upstream and chosen.upstream.port:
        raise pytest.UsageError(
            f"--models-upstream {chosen.upstream} under -n: each worker starts an upstream on a port of"
            " its own. Give port 0, or leave out -n"
        )
