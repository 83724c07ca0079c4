"""What pytest loads: options, markers, fixtures and hooks. Each hook delegates in one or two lines."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_models_contract.session import options
from pytest_models_contract.session.fixtures import (  # noqa: F401 - pytest finds them here
    models_aliases,
    models_api,
    models_api_key,
    models_base_url,
    models_catalogue,
    models_check,
    models_evidence,
    models_exploration,
    models_explorer,
    models_fake,
    models_headers,
    models_proxy,
    models_restart,
    models_revision,
    models_sdks,
    models_transport,
    models_upstream,
)
from pytest_models_contract.session.listener import Listener
from pytest_models_contract.session.pytest_state import FACTS, NODE, RUN

if TYPE_CHECKING:
    from pytest_models_contract.session.run import Run

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
