"""What every test of ours needs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from controlling import Controller

# Some tests start processes, all of which import the same modules: those are compiled once.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(autouse=True, scope="session")
def ctrl_c() -> Iterator[None]:
    """Ctrl-C interrupts us and what we start: a script's background jobs inherit it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def controller() -> Iterator[Controller]:
    """A controller of two workers."""
    made = Controller()
    yield made
    made.hub.pytest_unconfigure()
