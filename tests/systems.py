"""What a test needs of the system that Windows does not have."""

from __future__ import annotations

import os

import pytest

WHY = "it needs a POSIX shell, signals or process groups"
POSIX = pytest.mark.skipif(os.name == "nt", reason=WHY)


def require_posix() -> None:
    """Skip the test that runs, on Windows."""
    if os.name == "nt":
        pytest.skip(WHY)
