"""A program on a terminal: what it writes there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from subprocess import Popen

import pytest


def on_a_terminal(command: Sequence[str], folder: str) -> Iterator[str]:
    """What a command writes to a terminal; Windows has none that a test can read."""
    pty = pytest.importorskip("pty")
    ours, its = pty.openpty()
    process = Popen(command, cwd=folder, stdout=its, stderr=its)  # noqa: S603 - our own pytest
    os.close(its)
    try:
        while part := os.read(ours, 4096):
            yield part.decode("utf-8", "replace")
    except OSError:  # how Linux says that the terminal is closed
        pass
    finally:
        os.close(ours)
        process.wait(timeout=60)
