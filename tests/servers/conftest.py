"""Where the servers that others wrote are installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def installations(pytestconfig: pytest.Config) -> Path:
    """Where the servers are installed, once."""
    named = os.environ.get("MODELS_CONTRACT_SERVERS")
    assert pytestconfig.cache is not None
    return Path(named) if named else pytestconfig.cache.mkdir("real-servers")
