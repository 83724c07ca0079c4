"""From options to collected checks: set up a run, add the suite, keep the checks that apply."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest

from pytest_models_contract.session import (
    deviations,
    explore_option,
    named_checks,
    option_sources,
    options,
    recording,
    servers,
)
from pytest_models_contract.session.pytest_state import FACTS, NODE, RUN
from pytest_models_contract.session.run import Run
from pytest_models_contract.spec.revision import DEFAULT_REVISION, Revision, UnknownRevision
from pytest_models_contract.suite import checks
from pytest_models_contract.suite.checks import SUITE
from pytest_models_contract.target.targets import TargetError, choose

SUITE_PACKAGE = "pytest_models_contract.suite"


def run_of(config: pytest.Config) -> Run:
    """The run of this session, set up on first use. Raises `pytest.UsageError`."""
    if RUN not in config.stash:
        config.stash[RUN] = start(config)
    return config.stash[RUN]


def start(config: pytest.Config) -> Run:
    """Set up a run from the options. Raises `pytest.UsageError`."""
    # The option is the terminal plugin's, which `-p no:terminal` takes away.
    frames = config.getoption("tbstyle", "auto") == "long"
    settings = options.read(config)
    try:
        revision = Revision.load(settings.revision or DEFAULT_REVISION)
        known = deviations.load(settings.xfails) if settings.xfails else {}
        run = Run(settings, revision, known, None, long_tracebacks=frames)
        if not only_shows(config):
            _choose(run, config)
    except UnknownRevision as error:
        raise pytest.UsageError(f"--models-revision: {error}") from None
    except (deviations.DeviationError, TargetError) as error:
        raise pytest.UsageError(str(error)) from None
    if settings.explore:
        explore_option.refuse(run.target, records=bool(settings.record))
    if settings.record:
        recording.refuse(config, settings.record, run.target)
    return run


def _choose(run: Run, config: pytest.Config) -> None:
    """Give the run its server under test, and the upstream behind it. Raises `TargetError`."""
    settings = run.settings
    if settings.start and is_controller(config):
        return  # each worker starts its own
    stack = ExitStack()
    config.add_cleanup(stack.close)
    settings = servers.with_keys(settings)
    run.upstream = servers.played(settings, run.revision, stack)
    if run.upstream:
        run.upstream_ids = [model["id"] for model in run.upstream.models]
        settings = servers.with_upstream(settings, run.upstream.base_url)
    run.settings = settings
    if settings.start:
        run.target, run.process = servers.commanded(settings.start, settings, run.upstream, stack)
    elif settings.target:
        if run.upstream and settings.target[0] == "models_app":
            servers.set_variables(settings, run.upstream, stack)
        run.target = choose(*settings.target)


def is_controller(config: pytest.Config) -> bool:
    """Whether the checks run in workers of this process."""
    return option_sources.has_workers(config) and not hasattr(config, "workerinput")


def only_shows(config: pytest.Config) -> bool:
    """Whether pytest only shows something, such as the collected checks, and runs nothing."""
    return any(
        config.getoption(name, False)
        for name in ("collectonly", "setupplan", "showfixtures", "markers", "help")
    )


# --- which checks --------------------------------------------------------------------------------


def prepare(config: pytest.Config) -> None:
    """Set up the run when the option or an argument names the suite. Raises `pytest.UsageError`."""
    gc.unfreeze()  # undoes the freeze of an earlier run in this process
    named_checks.take_from_arguments(config)
    if is_asked_for(config):
        run_of(config)
        if option_sources.has_workers(config):
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
    """Collect the suite: alone, or together with the paths that the user named."""
    named = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
    given = run_of(config).settings.asked_for
    without = [area for area, option in checks.ADDED_BY.items() if option not in given]
    config.args[:] = list(dict.fromkeys([*named, *map(str, checks.suite_files(without))]))


class SuiteModule(pytest.Module):
    """A file of the suite. The project's settings for its own test files do not apply to it."""

    def _getobj(self) -> ModuleType:
        """Import the usual way: pytest would put the folder of the plugin first on sys.path."""
        return checks.module_of(self.path)

    def funcnamefilter(self, name: str) -> bool:
        return name.startswith("test_")

    def classnamefilter(self, _name: str) -> bool:
        return False

    def istestfunction(self, obj: object, name: str) -> bool:
        given = run_of(self.config).settings.asked_for
        return super().istestfunction(obj, name) and checks.applies(obj, given)

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """The checks of the file, without those whose option was not given."""
        run = run_of(self.config)
        given = run.settings.asked_for
        for item in super().collect():
            facts = (
                checks.facts_of(item, run.revision) if isinstance(item, pytest.Function) else None
            )
            if facts:
                item.stash[FACTS] = facts
            if facts is None or {facts.needs, facts.needs_too} <= given:
                yield item


def suite_module(parent: pytest.Collector, path: Path) -> pytest.Module:
    """The collector of a suite file; its node id does not show where the plugin is installed."""
    return SuiteModule.from_parent(parent, path=path, nodeid=NODE)


def parametrize(metafunc: pytest.Metafunc, run: Run) -> None:
    """Parametrize the checks over properties, aliases, expected models and the requests of profiles."""
    if "models_property" in metafunc.fixturenames:
        properties = run.revision.properties
        metafunc.parametrize("models_property", properties, ids=[prop.path for prop in properties])
    aliases = run.settings.aliases
    if "models_alias" in metafunc.fixturenames and aliases:
        metafunc.parametrize("models_alias", aliases, ids=[alias for alias, _ in aliases])
    if "models_expected" in metafunc.fixturenames and run.settings.expect:
        metafunc.parametrize("models_expected", run.settings.expect, ids=run.settings.expect)
    if "models_need" in metafunc.fixturenames and run.settings.needs:
        needs = run.settings.needs
        metafunc.parametrize("models_need", needs, ids=[need.id for need in needs])
