"""Fixtures of all tests."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from browsing import Visit, chromium, quiet_visits
from controlling import Controller

# Some tests start processes, all of which import the same modules: those are compiled once.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The contract runs in a checkout where nothing but the plugin is installed, too.
if find_spec("hypothesis"):
    import hypothesis_profiles  # noqa: F401  # importing it loads the profile


def pytest_collection_finish() -> None:
    """Keep modules and collected tests out of garbage collection, which takes a quarter of the time else."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for the tests of one module."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    """Opens files in Chromium; their pages may log nothing and load nothing."""
    with quiet_visits(browser) as visit:
        yield visit
