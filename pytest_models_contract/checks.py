"""What a check is called and what it cites: the same however the suite was collected."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from pytest_models_contract.revision import Clause, Property, Revision, UnknownClause
from pytest_models_contract.verdict import Level

SUITE = Path(__file__).parent / "suite"
AREAS = (
    "model_list",
    "model_info",
    "order",
    "limit",
    "cursors",
    "retrieve",
    "headers",
    "lifecycle",
    "clients",
    "errors",
)
REPEAT = "pytest -p pytest_models_contract --models-contract"


@dataclass(frozen=True)
class Facts:
    """What is known of a check before it runs."""

    id: str
    level: Level
    clause: Clause
    title: str


def suite_files() -> list[Path]:
    """The files of the suite, in the order of its areas."""
    return [SUITE / f"test_{area}.py" for area in AREAS]


def facts_of(item: pytest.Function, revision: Revision) -> Facts | None:
    """What a collected check is called and cites; None when the revision does not have its clause.

    Raises `pytest.UsageError` when no revision has it.
    """
    marker = item.get_closest_marker("models_cites")
    if marker is None:
        raise pytest.UsageError(f"{item.name} cites no clause: mark it with models_cites")
    params: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    prop: Property | None = params.get("models_property")
    own = item.callspec.id if params else None
    try:
        clause = prop.clause if prop else revision.clause(marker.args[0])
    except UnknownClause:
        _cited_somewhere(marker.args[0])
        return None
    title = prop.clause.rule if prop else _title(item.function)
    level = marker.kwargs.get("level", "must")
    return Facts(check_id(item.module, item.function, own, prop), level, clause, title)


def check_id(
    module: ModuleType, function: FunctionType, own: str | None, prop: Property | None = None
) -> str:
    """`<area>/<name>`, with `[own]` where the check has a parameter."""
    area = module.__name__.rpartition(".")[2].removeprefix("test_")
    if prop:
        return f"{area}/{prop.path}"
    return f"{area}/{function.__name__.removeprefix('test_')}" + (f"[{own}]" if own else "")


def known_ids() -> set[str]:
    """The ids of every check of every revision, those that need an option without their parameter."""
    properties = {
        f"model_info/{prop.path}"
        for name in Revision.known()
        for prop in Revision.load(name).properties
    }
    return properties | {found for area in AREAS for found in _ids_in(area)}


def _ids_in(area: str) -> Iterator[str]:
    module = importlib.import_module(f"pytest_models_contract.suite.test_{area}")
    for name, function in vars(module).items():
        if not name.startswith("test_") or not isinstance(function, FunctionType):
            continue
        values = _parameters(function)
        yield from (check_id(module, function, value) for value in values or [""])


def _parameters(function: Any) -> list[str]:
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    return [str(value) for mark in marks for value in mark.args[1]]


def _cited_somewhere(pointer: str) -> None:
    for name in Revision.known():
        try:
            Revision.load(name).clause(pointer)
        except UnknownClause:
            continue
        return
    raise pytest.UsageError(f"{pointer} is a clause of no revision")


def _title(function: Any) -> str:
    return " ".join((function.__doc__ or function.__name__).split())
