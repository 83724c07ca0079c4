"""The command that repeats one check alone, with the options of the run."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from pytest_models_contract.session import explore_option
from pytest_models_contract.session.option_values import PROXIES
from pytest_models_contract.session.options import (
    DEFAULT_AUTH,
    DEFAULT_MAX_BODY,
    DEFAULT_START_TIMEOUT,
    DEFAULT_TIMEOUT,
)
from pytest_models_contract.session.run import Run
from pytest_models_contract.session.spelling import PYTEST
from pytest_models_contract.session.target_choice import DEFAULT_BASE_URL
from pytest_models_contract.spec.revision import DEFAULT_REVISION
from pytest_models_contract.suite.checks import Facts

FLAGS = {"live": "--models-base-url", "app": "--models-app", "cassette": "--models-cassette"}


def repeat(run: Run, facts: Facts) -> str:
    """The command for pytest, without secrets: they come from the environment again."""
    options = [*_target(run), *_other_options(run)]
    more = [*_lists(run, facts), *_exploration(run, facts), ("-k", facts.id)]
    return " ".join([PYTEST, *map(_typed, options), *_switches(run), *map(_typed, more)])


def _typed(option: tuple[str, str]) -> str:
    flag, value = option
    return f"{flag} {shlex.quote(value)}"


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
    files = {"--models-xfails": own.xfails, "--models-max-age": own.max_age}
    yield from ((flag, _shown(value)) for flag, value in files.items() if value is not None)


def _shown(value: Path | float) -> str:
    """A file as seen from here, a number without a fraction that is none."""
    return os.path.relpath(value) if isinstance(value, Path) else f"{value:g}"


def _switches(run: Run) -> Iterator[str]:
    given = {"--models-strict": run.settings.strict, "--models-complete": run.settings.complete}
    yield from (flag for flag, is_given in given.items() if is_given)


def _lists(run: Run, facts: Facts) -> Iterator[tuple[str, str]]:
    """The options that may be given several times; of those that make the check, its own."""
    own = run.settings
    given = {
        "header": own.headers_shown,
        "client": own.clients,
        "alias": ["=".join(pair) for pair in own.aliases],
        "expect": own.expect,
    }
    for name, values in given.items():
        mine = [value for value in values if facts.id.endswith(_parameters(value))]
        chosen = mine if name == facts.needs and mine else values
        yield from ((f"--models-{name}", value) for value in chosen)


def _parameters(value: str) -> tuple[str, str]:
    """How the id of a check may end that an expected model, or an alias, makes."""
    return f"[{value}]", f"[{value.partition('=')[0]}]"


def _exploration(run: Run, facts: Facts) -> Iterator[tuple[str, str]]:
    """What an exploration needs to ask for the same windows; no other check depends on it."""
    if facts.needs == "explore" and run.settings.explore:
        parts = run.peers.parts if run.peers else 1
        yield from explore_option.repeated(run.settings.explore, parts)
