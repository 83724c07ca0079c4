"""Hooks that come before those of the plugin and of pytest: every report passes through them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from pytest_models_contract.session.pytest_state import RUN


class Listener:
    """Receives every report, also those of workers, and keeps the entries for the report of the run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if hasattr(report, "models_contract"):
            from pytest_models_contract.session import collection, failures, outcome

            run = collection.run_of(self._config)
            outcome.keep(run, report)
            if not hasattr(self._config, "workerinput"):
                failures.show(run, report)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        return ("", "", "") if getattr(report, "models_repeated", False) else None

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        output = getattr(node, "workeroutput", {}).get("models_contract")
        if output:
            from pytest_models_contract.session import collection, observing

            run = collection.run_of(self._config)
            run.worker_facts.append(output["facts"])
            run.refused = run.refused or output["refused"]
            run.diagnoses.update([output["diagnoses"]])
            if "overview" in output:
                observing.keep(run, *output["overview"])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Generator[None]:
        failed = list(terminalreporter.stats.get("failed", ()))
        yield
        if failed:  # those that the short summary left out are counted
            terminalreporter.stats["failed"][:] = failed

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        if RUN in self._config.stash:
            from pytest_models_contract.report import pytest_html

            prefix += pytest_html.diagnoses(self._config.stash[RUN].report)
