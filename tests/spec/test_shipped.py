"""Schemas and cassettes are found wherever the code runs."""

from __future__ import annotations

import runpy
from importlib import resources
from pathlib import Path

import pytest

from pytest_models_contract.spec import shipped

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "pytest_models_contract" / "spec" / "shipped.py"


@pytest.mark.parametrize("name", ["schemas", "cassettes"])
def test_a_checkout_that_is_not_installed_has_them_beside_the_code(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(package: str) -> None:
        raise ModuleNotFoundError(package)

    installed = {each.name for each in shipped.folder(name).iterdir()}
    monkeypatch.setattr(resources, "files", missing)
    beside = runpy.run_path(str(SOURCE))["folder"](name)
    assert beside == ROOT / name
    assert {each.name for each in beside.iterdir()} - {"__pycache__"} == installed - {"__pycache__"}
