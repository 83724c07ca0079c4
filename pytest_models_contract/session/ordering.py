"""The collected checks made ready: those that apply, each once, in the order of the areas, by their ids."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from pytest_models_contract.session import options, recording
from pytest_models_contract.session.collection import SuiteModule, only_shows, run_of
from pytest_models_contract.session.pytest_state import FACTS, NODE, REACHES
from pytest_models_contract.session.run import Run
from pytest_models_contract.suite.checks import AREAS, Facts

QUIET = -1


def arrange(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Arrange what was collected; raises `pytest.UsageError` when it cannot be judged.

    A worker of pytest-xdist that raised would count as crashed: it collects nothing, and says why.
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
    if checks and hasattr(config, "workerinput"):
        _listen(run, config, next(iter(checks.values())))
    for item in checks.values():
        _dress(item, config)
    hosts = [item for item in items if not isinstance(item.parent, SuiteModule)]
    _keep(config, items, _exact(config, checks) or [*hosts, *checks.values()])
    if checks and not hosts:
        gc.freeze()  # modules and checks stay: collecting garbage need not go through them again


def _each_once(suite: Sequence[pytest.Item]) -> dict[str, pytest.Item]:
    """The checks that the revision knows, by id, in the order of the areas."""
    known = [item for item in suite if FACTS in item.stash]
    known.sort(key=lambda item: AREAS.index(item.stash[FACTS].id.partition("/")[0]))
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
    """The check that `-k` names by its whole id, and no other that only begins like it."""
    wanted = checks.get(config.getoption("keyword", "").strip())
    if wanted is None:
        return []
    config.option.keyword = ""
    return [wanted]


# --- under which name ----------------------------------------------------------------------------


def _dress(item: pytest.Item, config: pytest.Config) -> None:
    """Show the check under its id: in the terminal, in JUnit, to `-k`, `-m`, `--lf` and `--deselect`."""
    facts = item.stash[FACTS]
    item.add_marker(f"models_{facts.level}")
    item.name = facts.id
    _set_node_id(item, f"{NODE}::{facts.id}")
    # The last part heads the failure; pytest would turn the dots of a bare id into `::`.
    item.location = (NODE, None, f"check {facts.id}")
    if config.option.collectonly and config.getoption("verbose", 0) == QUIET:
        _set_node_id(item, listed(facts))


def _set_node_id(item: Any, text: str) -> None:
    """pytest has no public way to name an item, and keeps the name otherwise from 9.2 on."""
    if hasattr(item, "_nodeid"):
        item._nodeid = text
    else:
        item._id = type(item._id).parse(text)


def listed(facts: Facts) -> str:
    """The line of a check in `--collect-only -q`."""
    return f"{facts.id}  {facts.level}  {facts.title}"


def _listen(run: Run, config: pytest.Config, first: pytest.Item) -> None:
    """Have a worker hear what others received, where all ask one server in one way."""
    if run.target and run.target.kind == "live" and not overridden(first, *REACHES):
        from pytest_models_contract.client.sharing import peers

        run.peers = peers(config)


# --- what is wanting -----------------------------------------------------------------------------


def _require(run: Run, suite: Sequence[pytest.Item], first: pytest.Item) -> None:
    if run.settings.record:
        recording.require_whole([item for item in suite if isinstance(item, pytest.Function)])
    if run.target is None and not overridden(first, "models_base_url", "models_transport"):
        raise pytest.UsageError(options.NO_TARGET)


def overridden(item: Any, *names: str) -> bool:
    """Whether the host overrides one of these fixtures of ours; pytest has no public way to ask."""
    found = (item.session._fixturemanager.getfixturedefs(name, item) for name in names)
    return any(known[-1].func.__module__ != "pytest_models_contract.plugin" for known in found)
