"""Prepare the collected checks: those that apply, each once, in the order of the areas, named by id."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from pytest_models_contract.session import base_url, named_checks, options, recording, servers
from pytest_models_contract.session.collection import SuiteModule, only_shows, run_of
from pytest_models_contract.session.pytest_state import FACTS, NODE, SERVER_FIXTURES
from pytest_models_contract.session.run import Run
from pytest_models_contract.suite.checks import Facts, order

QUIET = -1
FIXTURES = "pytest_models_contract.session.fixtures"


def arrange(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Arrange the collected items. Raises `pytest.UsageError` when the contract cannot run.

    pytest-xdist counts a worker that raises as crashed. So a worker collects nothing and keeps the reason.
    """
    try:
        _arrange(config, items)
    except pytest.UsageError as error:
        if not hasattr(config, "workerinput"):
            raise
        run_of(config).refused = str(error)
        items.clear()


def _arrange(config: pytest.Config, items: list[pytest.Item]) -> None:
    suite = [item for item in items if isinstance(item.parent, SuiteModule)]
    run = run_of(config)
    checks = _each_once(suite)
    run.chosen |= set(checks)
    if checks and not only_shows(config):
        _require(run, suite, next(iter(checks.values())))
        servers.begin(run)
        base_url.require_root(run)
    if checks and hasattr(config, "workerinput"):
        _share_responses(run, config, next(iter(checks.values())))
    for item in checks.values():
        _name(item, config)
    hosts = [item for item in items if not isinstance(item.parent, SuiteModule)]
    wanted = named_checks.selected(config, checks) or checks.values()
    _keep(config, items, _exact(config, checks) or [*hosts, *wanted])
    if checks and not hosts:
        gc.freeze()  # modules and checks stay: the garbage collector need not visit them again


def _each_once(suite: Sequence[pytest.Item]) -> dict[str, pytest.Item]:
    """The checks that the revision knows, by id, in the order of the areas."""
    known = [item for item in suite if FACTS in item.stash]
    known.sort(key=lambda item: order(item.stash[FACTS]))
    checks = {item.stash[FACTS].id: item for item in known}
    for place, item in enumerate(checks.values()):
        item.stash[FACTS] = replace(item.stash[FACTS], place=place)
    return checks


def _keep(config: pytest.Config, items: list[pytest.Item], kept: Sequence[pytest.Item]) -> None:
    places = {id(item) for item in kept}
    gone = [item for item in items if id(item) not in places]
    items[:] = kept
    if gone:
        config.hook.pytest_deselected(items=gone)


def _exact(config: pytest.Config, checks: Mapping[str, pytest.Item]) -> list[pytest.Item]:
    """The check that `-k` names by its whole id, without others that only begin like it."""
    wanted = checks.get(config.getoption("keyword", "").strip())
    if wanted is None:
        return []
    config.option.keyword = ""
    return [wanted]


# --- names ---------------------------------------------------------------------------------------


def _name(item: pytest.Item, config: pytest.Config) -> None:
    """Name the check by its id: in the terminal, in JUnit, for `-k`, `-m`, `--lf` and `--deselect`."""
    facts = item.stash[FACTS]
    item.add_marker(f"models_{facts.level}")
    item.name = facts.id
    _set_node_id(item, f"{NODE}::{facts.id}")
    # The last part is the heading of the failure; pytest would turn the dots of a bare id into `::`.
    item.location = (NODE, None, f"check {facts.id}")
    if config.option.collectonly and config.getoption("verbose", 0) == QUIET:
        _set_node_id(item, listed(facts))


def _set_node_id(item: Any, text: str) -> None:
    """pytest has no public way to set a node id. From 9.2 on it keeps the id elsewhere."""
    if hasattr(item, "_nodeid"):
        item._nodeid = text
    else:
        item._id = type(item._id).parse(text)


def listed(facts: Facts) -> str:
    """The line of a check under `--collect-only -q`."""
    return f"{facts.id}  {facts.level}  {facts.title}"


def _share_responses(run: Run, config: pytest.Config, first: pytest.Item) -> None:
    """Let workers share responses, if all send the same requests to one server."""
    own = run.process or run.upstream
    shared = run.target and run.target.kind == "live" and not own
    if shared and not overridden(first, *SERVER_FIXTURES):
        from pytest_models_contract.client.sharing import peers

        run.peers = peers(config)


# --- missing inputs ------------------------------------------------------------------------------


def _require(run: Run, suite: Sequence[pytest.Item], first: pytest.Item) -> None:
    if run.settings.record:
        recording.require_whole([item for item in suite if isinstance(item, pytest.Function)])
    if run.target is None and not overridden(first, "models_base_url", "models_transport"):
        raise pytest.UsageError(options.NO_TARGET)


def overridden(item: Any, *names: str) -> bool:
    """Whether the project overrides one of these fixtures of ours; pytest has no public way to ask."""
    found = (item.session._fixturemanager.getfixturedefs(name, item) for name in names)
    return any(known[-1].func.__module__ != FIXTURES for known in found)
