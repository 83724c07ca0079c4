"""Fixtures of the tests of a run."""

from __future__ import annotations

import contracting
import pytest


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)
