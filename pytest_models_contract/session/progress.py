"""How far a run is, on the last line of a terminal; nothing in a log."""

from __future__ import annotations

import time
from typing import Any

import pytest

PACE = 0.1
"""The line is written again after so many seconds."""


class Progress:
    """Writes a line over the one before, past the capturing of output; the empty text takes it away."""

    def __init__(self, config: pytest.Config) -> None:
        plugins = config.pluginmanager
        self._reporter: Any = plugins.getplugin("terminalreporter")
        self._capture: Any = plugins.getplugin("capturemanager")
        self._shown = 0.0

    @property
    def is_shown(self) -> bool:
        """Whether there is a terminal to show it on."""
        return bool(self._reporter and self._reporter.isatty)

    def __call__(self, text: str) -> None:
        """Show how far it is, unless the line has just been written."""
        now = time.monotonic()
        if not self.is_shown or (text and now - self._shown < PACE):
            return
        if self._capture is None:
            self._write(text)
        else:
            with self._capture.global_and_fixture_disabled():
                self._write(text)
        self._shown = now

    def _write(self, text: str) -> None:
        if not self._shown:
            self._reporter.ensure_newline()
        self._reporter.rewrite(text, erase=True)
        self._reporter.flush()
