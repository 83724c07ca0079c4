"""From options to collected checks: a run is set up, the suite is added, and only what applies stays."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from pytest_models_contract import checks, deviations, options
from pytest_models_contract.checks import Facts
from pytest_models_contract.revision import DEFAULT_REVISION, Revision, UnknownRevision
from pytest_models_contract.run import Run
from pytest_models_contract.target import Target, TargetError, choose


def start(config: pytest.Config) -> Run:
    """Set up a run from the options. Raises `pytest.UsageError`."""
    settings = options.read(config)
    try:
        revision = Revision.load(settings.revision or DEFAULT_REVISION)
        known = deviations.load(settings.xfails) if settings.xfails else {}
        target = (
            choose(*settings.target) if settings.target and not config.option.collectonly else None
        )
    except UnknownRevision as error:
        raise pytest.UsageError(f"--models-revision: {error}") from None
    except (deviations.DeviationError, TargetError) as error:
        raise pytest.UsageError(str(error)) from None
    if settings.record:
        _refuse_to_record(config, settings.record, target)
    frames = config.option.tbstyle == "long"
    return Run(settings, revision, known, target, long_tracebacks=frames)


def _refuse_to_record(config: pytest.Config, path: Path, target: Target | None) -> None:
    options.writable(path, "--models-record")
    if target and target.kind == "cassette":
        raise pytest.UsageError(
            "--models-record needs a server: give --models-base-url or --models-app, not a cassette"
        )
    if config.getoption("numprocesses", None):
        raise pytest.UsageError(
            "--models-record cannot run under -n: each worker would record a part. Record without -n"
        )
    if any(config.getoption(name, None) for name in ("keyword", "markexpr", "deselect", "lf")):
        raise pytest.UsageError(
            "--models-record records the whole suite: a cassette of half of it would answer half of"
            " it. Leave out -k, -m, --deselect and --lf"
        )


def add_suite(config: pytest.Config) -> None:
    """Have the suite collected: alone, or beside the paths the user named."""
    files = [str(path) for path in checks.suite_files()]
    named = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
    config.args[:] = [*named, *(path for path in files if path not in named)]


class SuiteModule(pytest.Module):
    """A file of the suite: a host's python_functions and python_classes do not apply to it."""

    def funcnamefilter(self, name: str) -> bool:
        return name.startswith("test_")

    def classnamefilter(self, _name: str) -> bool:
        return False


def suite_module(parent: pytest.Collector, path: Path) -> pytest.Module:
    """The collector of a suite file, under the same node id wherever the plugin is installed."""
    nodeid = f"pytest_models_contract/suite/{path.name}"
    return SuiteModule.from_parent(parent, path=path, nodeid=nodeid)


def parametrize(metafunc: pytest.Metafunc, run: Run) -> None:
    """Give the checks their properties and aliases."""
    if "models_property" in metafunc.fixturenames:
        properties = run.revision.properties
        metafunc.parametrize("models_property", properties, ids=[prop.path for prop in properties])
    if "models_alias" in metafunc.fixturenames:
        aliases = run.settings.aliases
        metafunc.parametrize("models_alias", aliases, ids=[alias for alias, _ in aliases])


def select(items: Iterable[pytest.Function], run: Run) -> dict[pytest.Function, Facts]:
    """The checks that apply: the revision has their clause, and the options ask for them."""
    wanted = {"alias": bool(run.settings.aliases), **dict.fromkeys(run.settings.clients, True)}
    chosen: dict[pytest.Function, Facts] = {}
    for item in items:
        only = item.get_closest_marker("models_only_with")
        if only and not wanted.get(only.args[0]):
            continue
        if facts := checks.facts_of(item, run.revision):
            chosen[item] = facts
    return chosen


def require_target(item: pytest.Function, run: Run) -> None:
    """Without a target and without a fixture that names one, say how to name it."""
    # pytest has no public way to ask whether a fixture is overridden.
    known = item._fixtureinfo.name2fixturedefs
    overridden = any(
        known[name][-1].func.__module__ != "pytest_models_contract.plugin"
        for name in ("models_base_url", "models_transport")
        if name in known
    )
    if run.target is None and not overridden:
        raise pytest.UsageError(options.WAYS)
