"""Fixtures of all tests."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from controlling import Controller
from hypothesis import HealthCheck, settings

# Some tests start processes, all of which import the same modules: those are compiled once.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# CI runs the same examples each time (`CI=1`); elsewhere hypothesis looks for new ones, however slowly.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("here", UNHURRIED)
settings.register_profile("ci", UNHURRIED, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True, scope="session")
def ctrl_c() -> Iterator[None]:
    """Make Ctrl-C interrupt us and our subprocesses: background jobs of a script inherit it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def controller() -> Iterator[Controller]:
    """A controller of two workers."""
    made = Controller()
    yield made
    made.hub.pytest_unconfigure()
