"""The folders that ship with the code, the schemas and the cassettes: installed, or in a checkout."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path


def folder(name: str) -> Traversable:
    """`schemas` or `cassettes`; beside the code where the code runs as it stands in a checkout."""
    try:
        return resources.files(f"pytest_models_contract.{name}")
    except ModuleNotFoundError:
        return Path(__file__).parents[2] / name
