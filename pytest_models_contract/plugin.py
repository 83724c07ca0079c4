"""What pytest loads: options, markers, fixtures and hooks. Each hook delegates in one or two lines."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_models_contract.session import options
from pytest_models_contract.session.listener import Listener
from pytest_models_contract.session.pytest_state import CHECK, FACTS, NODE, RUN, SERVER_FIXTURES

if TYPE_CHECKING:
    import httpx

    from pytest_models_contract.client.api import ModelsAPI
    from pytest_models_contract.client.verdict import Check
    from pytest_models_contract.evidence.explore.explored import Explored
    from pytest_models_contract.evidence.explore.explorer import Explorer
    from pytest_models_contract.evidence.gathering import Catalogue, Evidence
    from pytest_models_contract.evidence.proxy import ProxyUnderTest
    from pytest_models_contract.fake.server import FakeServer
    from pytest_models_contract.fake.upstream import Upstream
    from pytest_models_contract.session.run import Run
    from pytest_models_contract.spec.revision import Revision

NEED_SERVER = {"models_transport", "models_evidence"}
SUITE_FOLDER = "suite"
SUITE_PACKAGE = "pytest_models_contract.suite."


# --- options and set-up --------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    options.add(parser)


def pytest_configure(config: pytest.Config) -> None:
    for line in options.MARKERS:
        config.addinivalue_line("markers", line)
    config.pluginmanager.register(Listener(config), "models_contract_listener")
    if config.getoption("models_contract") or any(
        SUITE_FOLDER in arg or arg.startswith(f"{NODE}::") for arg in config.args
    ):
        from pytest_models_contract.client.gc_pause import no_collecting

        with no_collecting():
            from pytest_models_contract.session import collection

            collection.prepare(config)


def pytest_report_header(config: pytest.Config) -> list[str]:
    if RUN not in config.stash:
        return []
    from pytest_models_contract.session import finish

    return finish.header(config.stash[RUN])


def pytest_report_collectionfinish(
    config: pytest.Config, items: Sequence[pytest.Item]
) -> list[str]:
    hint = "" if items else options.without_the_suite(config)
    return [hint] if hint else []


# --- collection ----------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path) -> bool | None:
    # The settings of the user's project decide over its own tests, not over the suite.
    return False if _is_suite_file(collection_path) else None


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    found = yield
    if not _is_suite_file(file_path):
        return found
    from pytest_models_contract.session import collection

    # The project's own python_files and collectors do not apply to a file of the suite.
    return [collection.suite_module(parent, file_path)]


def _is_suite_file(path: Path) -> bool:
    """Whether the file is one of the suite, under whatever path pytest found it."""
    if path.parent.name != SUITE_FOLDER or not path.name.startswith("test_"):
        return False
    return _is_suite_folder(path.parent)


@cache
def _is_suite_folder(path: Path) -> bool:
    return path.resolve() == (Path(__file__).parent / SUITE_FOLDER).resolve()


@pytest.hookimpl(tryfirst=True)
def pytest_make_collect_report(collector: pytest.Collector) -> pytest.CollectReport | None:
    if collector.nodeid != NODE:
        return None
    # --lf skips files without failures. It does not know checks by their file, so it must not skip this one.
    runner = collector.config.pluginmanager.getplugin("runner")
    report: pytest.CollectReport = runner.pytest_make_collect_report(collector)
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.startswith(SUITE_PACKAGE):
        from pytest_models_contract.session import collection

        collection.parametrize(metafunc, collection.run_of(metafunc.config))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if any(not NEED_SERVER.isdisjoint(getattr(item, "fixturenames", ())) for item in items):
        # Before any test or fixture patches httpx.
        import pytest_models_contract.client.unpatched  # noqa: F401 - for its effect
    if any(item.nodeid.startswith(f"{NODE}::") for item in items):
        from pytest_models_contract.session import ordering

        ordering.arrange(config, items)


# --- the checks ----------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if FACTS not in pyfuncitem.stash:
        return None
    from pytest_models_contract.session import outcome

    outcome.call(_run(pyfuncitem.config), pyfuncitem)
    return True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if FACTS in item.stash:
        from pytest_models_contract.session import outcome

        outcome.settle(_run(item.config), item, call, report)
    return report


# --- the end -------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if RUN in session.config.stash:
        from pytest_models_contract.session import finish

        finish.finish(session, session.config.stash[RUN])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if RUN in config.stash:
        from pytest_models_contract.session import finish

        finish.print_summary(terminalreporter, config.stash[RUN])


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_html(report: pytest.TestReport, data: list[str]) -> None:
    if hasattr(report, "models_contract"):
        from pytest_models_contract.report import pytest_html

        silent = not (report.longrepr or report.sections)
        pytest_html.add(report.models_contract, data, silent=silent)


def _run(config: pytest.Config) -> Run:
    from pytest_models_contract.session import collection

    return collection.run_of(config)


# --- fixtures ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def models_revision(request: pytest.FixtureRequest) -> Revision:
    """The revision of the reference: its schemas, its clauses, `validate_model_info(obj)`."""
    return _run(request.config).revision


@pytest.fixture(scope="session")
def models_base_url(request: pytest.FixtureRequest) -> str:
    """The address of the server under test, as an SDK's base URL; override it to name another."""
    from pytest_models_contract.session import ordering, servers
    from pytest_models_contract.target import targets

    run = _run(request.config)
    servers.begin(run)
    if run.target:
        return run.target.base_url
    if ordering.overridden(request._pyfuncitem, "models_transport"):
        return targets.IN_PROCESS
    raise pytest.UsageError(options.NO_TARGET)


@pytest.fixture(scope="session")
def models_api_key(request: pytest.FixtureRequest) -> str | None:
    """The key for the server under test, from MODELS_CONTRACT_API_KEY; override it to give another."""
    return _run(request.config).settings.key


@pytest.fixture(scope="session")
def models_headers(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """Headers that go with every request; override it to give others."""
    return _run(request.config).settings.headers


@pytest.fixture(scope="session")
def models_transport(
    request: pytest.FixtureRequest, models_base_url: str
) -> httpx.BaseTransport | httpx.AsyncBaseTransport:
    """The httpx transport to the server under test; override it to give another."""
    from pytest_models_contract.target import targets

    chosen = _run(request.config).target or targets.live(models_base_url)
    return chosen.open()


@pytest.fixture(scope="session")
def models_evidence(request: pytest.FixtureRequest) -> Iterator[Evidence]:
    """What the suite has read from the server under test."""
    from pytest_models_contract.session import finish

    run = _run(request.config)
    # By name: for parameters, pytest would repeat the look-up for each check.
    with finish.gathered_evidence(run, *map(request.getfixturevalue, SERVER_FIXTURES)):
        yield run.asked


@pytest.fixture(scope="session")
def models_api(models_evidence: Evidence) -> ModelsAPI:
    """The Models API under test: `list`, `retrieve`, `page`, `model`, `walk`."""
    return models_evidence.api


@pytest.fixture(scope="session")
def models_catalogue(models_evidence: Evidence) -> Catalogue:
    """Every model of the server under test, newest first, read once."""
    return models_evidence.catalogue


@pytest.fixture(scope="session")
def models_upstream(request: pytest.FixtureRequest) -> Upstream:
    """The upstream of `--models-upstream`, which the server under test asks: its catalogue, its failures
    and what reached it."""
    from pytest_models_contract.session import servers

    return servers.upstream_of(_run(request.config))


@pytest.fixture(scope="session")
def models_proxy(
    request: pytest.FixtureRequest, models_api: ModelsAPI, models_upstream: Upstream
) -> ProxyUnderTest:
    """The server under test as a proxy, seen from both sides."""
    from pytest_models_contract.evidence.proxy import ProxyUnderTest
    from pytest_models_contract.session import servers

    run = _run(request.config)
    expect, restart = run.settings.proxy, servers.restarter(run, cold=True)
    return ProxyUnderTest(models_api, run.revision, models_upstream, expect, restart)


@pytest.fixture(scope="session")
def models_restart(request: pytest.FixtureRequest) -> Callable[[], None] | None:
    """Restarts the server under test; None where `--models-start` did not start it."""
    from pytest_models_contract.session import servers

    return servers.restarter(_run(request.config), cold=False)


@pytest.fixture(scope="session")
def models_explorer(models_evidence: Evidence) -> Explorer:
    """Windows of the server under test for Hypothesis: `ask(window)`, `expected(window)`, `judge(...)`."""
    from pytest_models_contract.session import exploring

    return exploring.explorer(models_evidence)


@pytest.fixture(scope="session")
def models_exploration(request: pytest.FixtureRequest, models_evidence: Evidence) -> Explored:
    """What came of the windows that `--models-explore` asks for; explored once, when first needed."""
    from pytest_models_contract.session import exploring

    return exploring.explored(_run(request.config), models_evidence, request.config)


@pytest.fixture
def models_check(request: pytest.FixtureRequest, models_evidence: Evidence) -> Check:
    """The running check: it judges cases and keeps the evidence."""
    from pytest_models_contract.client.verdict import Check

    check = Check(incomparable=lambda: models_evidence.changing)
    request.node.stash[CHECK] = check
    return check


@pytest.fixture
def models_fake() -> Iterator[FakeServer]:
    """A conformant Models API on a loopback port, for tests of clients: `.base_url` says where."""
    from pytest_models_contract.fake.server import fake_server

    with fake_server() as server:
        yield server
