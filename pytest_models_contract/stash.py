"""What the plugin keeps on pytest's own objects, and under which keys; light enough to be always loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_models_contract.checks import Facts
    from pytest_models_contract.run import Run
    from pytest_models_contract.verdict import Check

NODE = "models_contract"
"""What the node id of every check begins with."""

RUN: pytest.StashKey[Run] = pytest.StashKey()
FACTS: pytest.StashKey[Facts] = pytest.StashKey()
CHECK: pytest.StashKey[Check] = pytest.StashKey()
