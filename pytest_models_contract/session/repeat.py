"""The command that repeats one check alone, from the command line of a run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from pytest_models_contract.session import explore_option
from pytest_models_contract.session.options import (
    DEFAULT_AUTH,
    DEFAULT_MAX_BODY,
    DEFAULT_TIMEOUT,
)
from pytest_models_contract.session.run import Run
from pytest_models_contract.spec.revision import DEFAULT_REVISION
from pytest_models_contract.suite.checks import Facts

COMMAND = "pytest -p pytest_models_contract --models-contract"
FLAGS = {"live": "--models-base-url", "app": "--models-app", "cassette": "--models-cassette"}


def repeat(run: Run, facts: Facts) -> str:
    """The command; secrets are left out of it, so that those come from the environment again."""
    options = [*_target(run), *_ways(run), *_asked_for(run, facts), ("-k", facts.id)]
    return " ".join([COMMAND, *(f"{flag} {shlex.quote(value)}" for flag, value in options)])


def _target(run: Run) -> Iterator[tuple[str, str]]:
    if run.target and run.settings.target:
        yield FLAGS[run.target.kind], run.target.where


def _ways(run: Run) -> Iterator[tuple[str, str]]:
    """What else decides over the answers, where it is not the default."""
    own = run.settings
    given = {
        "--models-revision": (run.revision.name, DEFAULT_REVISION),
        "--models-auth": (own.auth, DEFAULT_AUTH),
        "--models-timeout": (f"{own.timeout:g}", f"{DEFAULT_TIMEOUT:g}"),
        "--models-max-body": (str(own.max_body), str(DEFAULT_MAX_BODY)),
    }
    yield from ((flag, value) for flag, (value, default) in given.items() if value != default)
    yield from (("--models-header", shown) for shown in own.headers_shown)


def _asked_for(run: Run, facts: Facts) -> Iterator[tuple[str, str]]:
    """The option that has the check collected."""
    own = run.settings
    if facts.needs == "explore" and own.explore:
        yield from explore_option.repeated(own.explore, run.peers.parts if run.peers else 1)
    elif facts.needs == "alias":
        named = [pair for pair in own.aliases if facts.id.endswith(f"[{pair[0]}]")]
        yield from (("--models-alias", "=".join(pair)) for pair in named or own.aliases)
    elif facts.needs:
        yield "--models-client", facts.needs
