"""All that pytest sees: options, marks, fixtures and hooks. Each delegates in a line or two."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_models_contract import options

if TYPE_CHECKING:
    import httpx

    from pytest_models_contract.api import ModelsAPI
    from pytest_models_contract.checks import Facts
    from pytest_models_contract.revision import Revision
    from pytest_models_contract.run import Run
    from pytest_models_contract.survey import Catalogue, Survey
    from pytest_models_contract.verdict import Check

SUITE = Path(__file__).parent / "suite"
RUN: pytest.StashKey[Run] = pytest.StashKey()
FACTS: pytest.StashKey[Facts] = pytest.StashKey()
CHECK: pytest.StashKey[Check] = pytest.StashKey()
MARKERS = (
    "models_cites(pointer, level='must'): the clause of the Models API reference that a check cites",
    "models_only_with(option): a check that is collected only when the option asks for it",
)


# --- options and set-up --------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    options.add(parser)


def pytest_configure(config: pytest.Config) -> None:
    for line in MARKERS:
        config.addinivalue_line("markers", line)
    if config.getoption("models_contract"):
        from pytest_models_contract import collection

        _run(config)
        collection.add_suite(config)


def _run(config: pytest.Config) -> Run:
    """The run of this session, set up when first needed."""
    if RUN not in config.stash:
        from pytest_models_contract import collection

        config.stash[RUN] = run = collection.start(config)
        config.pluginmanager.register(_Listener(run), "models_contract_listener")
    return config.stash[RUN]


def pytest_report_header(config: pytest.Config) -> list[str]:
    if RUN not in config.stash:
        return []
    from pytest_models_contract import ending

    return ending.header(config.stash[RUN])


# --- collection ----------------------------------------------------------------------------------


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    if module_path.parent != SUITE:
        return None
    from pytest_models_contract import collection

    return collection.suite_module(parent, module_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.path.parent == SUITE:
        from pytest_models_contract import collection

        collection.parametrize(metafunc, _run(metafunc.config))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    suite = [
        item for item in items if isinstance(item, pytest.Function) and item.path.parent == SUITE
    ]
    if not suite:
        return
    from pytest_models_contract import collection

    run = _run(config)
    chosen = collection.select(suite, run)
    dropped = [item for item in suite if item not in chosen]
    items[:] = [item for item in items if item not in dropped]
    config.hook.pytest_deselected(items=dropped)
    for item, facts in chosen.items():
        item.stash[FACTS] = facts
        item.extra_keyword_matches.add(facts.id)
    if chosen and not config.option.collectonly:
        collection.require_target(next(iter(chosen)), run)


# --- the checks ----------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if FACTS not in pyfuncitem.stash:
        return None
    from pytest_models_contract import outcome

    outcome.call(_run(pyfuncitem.config), pyfuncitem)
    return True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if FACTS in item.stash:
        from pytest_models_contract import outcome

        check = item.stash.get(CHECK, None)
        outcome.settle(_run(item.config), item.stash[FACTS], check, call, report)
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    return ("", "", "") if getattr(report, "models_hushed", False) else None


class _Listener:
    """Hears every report, those of workers too, and keeps the entries for the report of the run."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        entry = getattr(report, "models_contract", None)
        if entry is not None:
            self._run.results[entry["id"]] = entry


# --- the end -------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if RUN in session.config.stash:
        from pytest_models_contract import ending

        ending.finish(session, session.config.stash[RUN])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    facts = getattr(node, "workeroutput", {}).get("models_contract")
    if facts:
        _run(node.config).worker_facts.append(facts)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if RUN in config.stash:
        from pytest_models_contract import ending

        ending.tell(terminalreporter, config.stash[RUN])


# --- fixtures ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def models_revision(request: pytest.FixtureRequest) -> Revision:
    """The revision of the reference: its schemas, its clauses, `validate_model_info(obj)`."""
    return _run(request.config).revision


@pytest.fixture(scope="session")
def models_base_url(request: pytest.FixtureRequest) -> str:
    """Where the server under test is, as an SDK's base URL; override it to name another."""
    target = _run(request.config).target
    if target is None:
        raise pytest.UsageError(options.WAYS)
    return target.base_url


@pytest.fixture(scope="session")
def models_api_key(request: pytest.FixtureRequest) -> str | None:
    """The key for the server under test, from MODELS_CONTRACT_API_KEY; override it to bring another."""
    return _run(request.config).settings.key


@pytest.fixture(scope="session")
def models_headers(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """Headers that go with every request; override it to bring others."""
    return _run(request.config).settings.headers


@pytest.fixture(scope="session")
def models_transport(
    request: pytest.FixtureRequest, models_base_url: str
) -> httpx.BaseTransport | httpx.AsyncBaseTransport:
    """The httpx transport to the server under test; override it to bring another."""
    from pytest_models_contract import target

    chosen = _run(request.config).target or target.live(models_base_url)
    return chosen.open()


@pytest.fixture(scope="session")
def models_survey(
    request: pytest.FixtureRequest,
    models_base_url: str,
    models_api_key: str | None,
    models_headers: Mapping[str, str],
    models_transport: httpx.BaseTransport | httpx.AsyncBaseTransport,
) -> Iterator[Survey]:
    """What the suite reads of the server under test."""
    from pytest_models_contract import ending

    run = _run(request.config)
    with ending.surveying(run, models_base_url, models_api_key, models_headers, models_transport):
        yield run.asked


@pytest.fixture(scope="session")
def models_api(models_survey: Survey) -> ModelsAPI:
    """The Models API under test: `list(...)`, `retrieve(id)`, `page(...)`, `walk(...)`."""
    return models_survey.api


@pytest.fixture(scope="session")
def models_catalogue(models_survey: Survey) -> Catalogue:
    """Every model of the server under test, newest first, read once."""
    return models_survey.catalogue


@pytest.fixture
def models_check(request: pytest.FixtureRequest) -> Check:
    """The check that runs: it judges occasions and remembers on what evidence."""
    from pytest_models_contract.verdict import Check

    request.node.stash[CHECK] = check = Check()
    return check
