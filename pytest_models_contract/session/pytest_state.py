"""The keys under which the plugin keeps its state on pytest's objects. Cheap to import: always loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_models_contract.client.verdict import Check
    from pytest_models_contract.session.run import Run
    from pytest_models_contract.suite.checks import Facts

NODE = "models_contract"
"""The first part of every check's node id."""
SERVER_FIXTURES = ("models_base_url", "models_api_key", "models_headers", "models_transport")
"""The fixtures that say how the server under test is reached."""

RUN: pytest.StashKey[Run] = pytest.StashKey()
FACTS: pytest.StashKey[Facts] = pytest.StashKey()
CHECK: pytest.StashKey[Check] = pytest.StashKey()
