"""From options to collected checks: a run is set up, the suite is added, and only what applies stays."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest

from pytest_models_contract.session import deviations, explore_option, options, recording
from pytest_models_contract.session.pytest_state import FACTS, NODE, RUN
from pytest_models_contract.session.run import Run
from pytest_models_contract.spec.revision import DEFAULT_REVISION, Revision, UnknownRevision
from pytest_models_contract.suite import checks
from pytest_models_contract.suite.checks import SUITE
from pytest_models_contract.target.targets import TargetError, choose

SUITE_PACKAGE = "pytest_models_contract.suite"


def run_of(config: pytest.Config) -> Run:
    """The run of this session, set up when first needed. Raises `pytest.UsageError`."""
    if RUN not in config.stash:
        config.stash[RUN] = start(config)
    return config.stash[RUN]


def start(config: pytest.Config) -> Run:
    """Set up a run from the options. Raises `pytest.UsageError`."""
    settings = options.read(config)
    asks = settings.target and not only_shows(config)
    try:
        revision = Revision.load(settings.revision or DEFAULT_REVISION)
        known = deviations.load(settings.xfails) if settings.xfails else {}
        target = choose(*settings.target) if settings.target and asks else None
    except UnknownRevision as error:
        raise pytest.UsageError(f"--models-revision: {error}") from None
    except (deviations.DeviationError, TargetError) as error:
        raise pytest.UsageError(str(error)) from None
    if settings.explore:
        explore_option.refuse(target, records=bool(settings.record))
    if settings.record:
        recording.refuse(config, settings.record, target)
    # The option is the terminal plugin's, which `-p no:terminal` takes away.
    frames = config.getoption("tbstyle", "auto") == "long"
    return Run(settings, revision, known, target, long_tracebacks=frames)


def only_shows(config: pytest.Config) -> bool:
    """Whether pytest shows something, such as the collected checks, and runs nothing."""
    return any(config.getoption(name, False) for name in ("collectonly", "showfixtures", "markers"))


# --- which checks --------------------------------------------------------------------------------


def prepare(config: pytest.Config) -> None:
    """Set up the run where the suite is asked for, by the option or by its address. Raises `UsageError`."""
    gc.unfreeze()  # what an earlier run in this process left
    if is_asked_for(config):
        run_of(config)
        if options.has_workers(config):
            from pytest_models_contract.client.sharing import Hub

            config.pluginmanager.register(Hub())
    if config.getoption("models_contract"):
        _add_suite(config)


def is_asked_for(config: pytest.Config) -> bool:
    """Whether the option, or an argument, names the suite."""
    named = (SUITE_PACKAGE, str(SUITE))
    return config.getoption("models_contract") or any(
        arg.startswith(named) or str(Path(arg).absolute()).startswith(named) for arg in config.args
    )


def _add_suite(config: pytest.Config) -> None:
    """Have the suite collected: alone, or beside the paths the user named."""
    named = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
    config.args[:] = list(dict.fromkeys([*named, *map(str, checks.suite_files())]))


class SuiteModule(pytest.Module):
    """A file of the suite, which what a host says of its own test files does not touch."""

    def _getobj(self) -> ModuleType:
        """Imported as ever: pytest would put the folder the plugin lies in first on sys.path."""
        return checks.module_of(self.path)

    def funcnamefilter(self, name: str) -> bool:
        return name.startswith("test_")

    def classnamefilter(self, _name: str) -> bool:
        return False

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """The checks of the file, but for those that no option asks for."""
        run = run_of(self.config)
        own = run.settings
        given = {"alias": own.aliases, "explore": own.explore}
        asked_for = {"", *own.clients, *(name for name, value in given.items() if value)}
        for item in super().collect():
            facts = (
                checks.facts_of(item, run.revision) if isinstance(item, pytest.Function) else None
            )
            if facts:
                item.stash[FACTS] = facts
            if facts is None or facts.needs in asked_for:
                yield item


def suite_module(parent: pytest.Collector, path: Path) -> pytest.Module:
    """The collector of a suite file; where the plugin is installed does not show in its node id."""
    return SuiteModule.from_parent(parent, path=path, nodeid=NODE)


def parametrize(metafunc: pytest.Metafunc, run: Run) -> None:
    """Give the checks their properties and aliases."""
    if "models_property" in metafunc.fixturenames:
        properties = run.revision.properties
        metafunc.parametrize("models_property", properties, ids=[prop.path for prop in properties])
    aliases = run.settings.aliases
    if "models_alias" in metafunc.fixturenames and aliases:
        metafunc.parametrize("models_alias", aliases, ids=[alias for alias, _ in aliases])
