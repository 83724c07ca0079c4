"""The folders that ship with the code, `schemas` and `cassettes`: installed, or in a checkout."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path


def folder(name: str) -> Traversable:
    """The folder `schemas` or `cassettes`; in a checkout it is beside the package."""
    try:
        return resources.files(f"pytest_models_contract.{name}")
    except ModuleNotFoundError:
        return Path(__file__).parents[2] / name
