"""The command that repeats one check alone, with the options of the run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from pytest_models_contract.session import explore_option
from pytest_models_contract.session.option_values import PROXIES
from pytest_models_contract.session.options import (
    DEFAULT_AUTH,
    DEFAULT_MAX_BODY,
    DEFAULT_START_TIMEOUT,
    DEFAULT_TIMEOUT,
)
from pytest_models_contract.session.run import Run
from pytest_models_contract.session.target_choice import DEFAULT_BASE_URL
from pytest_models_contract.spec.revision import DEFAULT_REVISION
from pytest_models_contract.suite.checks import Facts

COMMAND = "pytest -p pytest_models_contract --models-contract"
FLAGS = {"live": "--models-base-url", "app": "--models-app", "cassette": "--models-cassette"}


def repeat(run: Run, facts: Facts) -> str:
    """The command, without secrets: they come from the environment again."""
    options = [
        *_target(run),
        *_other_options(run),
        *_needed_option(run, facts),
        ("-k", facts.id),
    ]
    return " ".join([COMMAND, *(f"{flag} {shlex.quote(value)}" for flag, value in options)])


def _target(run: Run) -> Iterator[tuple[str, str]]:
    own = run.settings
    if own.start and own.start.typed:
        yield "--models-start", own.start.command.shown
        if own.start.base_url != DEFAULT_BASE_URL:
            yield "--models-base-url", own.start.base_url
    elif run.target and own.target and not own.start:
        yield FLAGS[run.target.kind], run.target.where
    if own.upstream:
        yield "--models-upstream", str(own.upstream)


def _other_options(run: Run) -> Iterator[tuple[str, str]]:
    """The other options that decide over the responses, if they are not the default."""
    own = run.settings
    given = {
        "--models-revision": (run.revision.name, DEFAULT_REVISION),
        "--models-auth": (own.auth, DEFAULT_AUTH),
        "--models-proxy": (own.proxy, PROXIES[0]),
        "--models-start-timeout": (f"{own.start_timeout:g}", f"{DEFAULT_START_TIMEOUT:g}"),
        "--models-timeout": (f"{own.timeout:g}", f"{DEFAULT_TIMEOUT:g}"),
        "--models-max-body": (str(own.max_body), str(DEFAULT_MAX_BODY)),
    }
    yield from ((flag, value) for flag, (value, default) in given.items() if value != default)
    yield from (("--models-header", shown) for shown in own.headers_shown)


def _needed_option(run: Run, facts: Facts) -> Iterator[tuple[str, str]]:
    """The option that collects the check."""
    own = run.settings
    if facts.needs == "explore" and own.explore:
        yield from explore_option.repeated(own.explore, run.peers.parts if run.peers else 1)
    elif facts.needs == "alias":
        named = [pair for pair in own.aliases if facts.id.endswith(f"[{pair[0]}]")]
        yield from (("--models-alias", "=".join(pair)) for pair in named or own.aliases)
    elif facts.needs == "expect":
        named_ids = [model for model in own.expect if facts.id.endswith(f"[{model}]")]
        yield from (("--models-expect", model) for model in named_ids or own.expect)
    elif facts.needs in own.clients:
        yield "--models-client", facts.needs
