"""What is different in pytest when the user typed `models-contract check`."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_models_contract.session.progress import Progress
from pytest_models_contract.session.pytest_state import RUN
from pytest_models_contract.session.spelling import BY_COMMAND, as_command

ALONE = (
    *("-c", os.devnull, "--noconftest", "--disable-plugin-autoload", "--no-header"),
    *("-p", "no:cacheprovider", "-p", "pytest_models_contract", "--models-contract"),
    # The command imports the package before pytest does.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
"""Without the settings, conftests and other plugins of the project in the current folder."""
SETTINGS_OF_PYTEST = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
"""Variables of the environment that would change the run."""


def run(arguments: Sequence[str]) -> int:
    """Run the contract with these options of pytest, apart from any project. Returns pytest's exit status."""
    for name in SETTINGS_OF_PYTEST:
        os.environ.pop(name, None)
    # On a terminal a line shows how many checks are done; pytest needs no percentages.
    style = ("-o", "console_output_style=classic") if sys.stdout.isatty() else ()
    here = ("--rootdir", str(Path.cwd()))
    return int(pytest.main([*ALONE, *here, *style, *arguments], plugins=[Command()]))


class Command:
    """Hooks: options as the command spells them, a short header, and a progress line on a terminal."""

    def __init__(self) -> None:
        self._session: pytest.Session | None = None
        self._progress: Progress | None = None
        self._done = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> Generator[None, Any, Any]:
        setattr(config.option, BY_COMMAND, True)
        try:
            return (yield)
        except pytest.UsageError as error:
            raise pytest.UsageError(*map(as_command, map(str, error.args))) from None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        config = session.config
        reporter: Any = config.pluginmanager.getplugin("terminalreporter")
        if reporter.showheader and RUN in config.stash:
            from pytest_models_contract.session import finish

            for line in finish.header(config.stash[RUN]):
                reporter.write_line(line)
        progress = Progress(config)
        if progress.is_shown and not reporter.showlongtestinfo:
            reporter.showfspath = False
            self._session, self._progress = session, progress

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, Any, Any]:
        """No letter for a check where a line shows how many are done."""
        category, letter, word = yield
        return category, "" if self._progress else letter, word

    def pytest_runtest_logfinish(self) -> None:
        self._done += 1
        if self._progress and self._session:
            self._progress(f"{self._done} of {self._session.testscollected} checks")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        if self._progress:
            self._progress("")
