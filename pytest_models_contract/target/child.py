"""A command as a child process: its group ends with the run, and only the end of its output is kept."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from pytest_models_contract.client.redact import Redactor, visible
from pytest_models_contract.target import guard

KEPT = 2**15
"""How much of the output is kept, in bytes."""
LINES, WIDTH = 20, 200
"""How many lines of it are shown, and how much of each, in characters."""
PATIENCE = guard.GRACE + 5.0
"""Seconds to wait for the guard, which itself ends the command within its grace."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Child:
    """A running command in a process group of its own, under the eyes of `guard.py`.

    `words` are program and arguments. The group ends at `end()`, and when this process ends.
    """

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._output, self._is_cut = b"", False
        self._guard = subprocess.Popen(  # noqa: S603 - the command that the user asked for
            [sys.executable, "-I", guard.__file__, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            env=environment,
            cwd=folder,
            # Ctrl-C is for the run alone.
            start_new_session=True,
            creationflags=guard.NEW_GROUP,
        )
        self._stdin = cast(IO[bytes], self._guard.stdin)
        self._stdout = cast(IO[bytes], self._guard.stdout)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def exit_status(self, patience: float = 0) -> int | None:
        """The exit status, as a shell would give it; None while the command runs.

        `patience` is how long to wait for its end, in seconds.
        """
        with suppress(subprocess.TimeoutExpired):
            return self._guard.wait(patience)
        return None

    def end(self) -> None:
        """End the whole process group and wait until it is gone."""
        with suppress(OSError):
            self._stdin.write(b".")  # a process forked from this one may keep the pipe open
        self._stdin.close()
        try:
            self._guard.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()
        self._reader.join(1)
        self._stdout.close()

    def last_lines(self, redactor: Redactor) -> list[str]:
        """The last lines of the output, standard error included, without secrets and harmless."""
        if self.exit_status() is not None:
            self._reader.join(1)
        text = _COLOUR.sub("", self._output.decode("utf-8", "replace")).expandtabs()
        lines = redactor.redact(text).splitlines()
        if self._is_cut:
            lines[0] = "…"  # it may begin in the middle of a secret
        return [visible(line[-WIDTH:], WIDTH) for line in lines if line.strip()][-LINES:]

    def _read(self) -> None:
        with suppress(OSError, ValueError):  # the pipe was closed meanwhile
            while piece := self._stdout.read(KEPT):
                self._is_cut = self._is_cut or len(self._output) + len(piece) > KEPT
                self._output = (self._output + piece)[-KEPT:]
