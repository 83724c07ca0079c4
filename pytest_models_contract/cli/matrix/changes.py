"""What is different from an earlier table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_models_contract.cli.check import UsageError
from pytest_models_contract.cli.matrix.table import Row, Table

RANKS = {"holds": 0, "expected": 1, "advice": 2, "violated": 3}
"""A check that could not be tested, or had no case, is neither better nor worse."""
BETTER, WORSE, OTHER, NEW = "better", "worse", "changed", "new"
Cell = dict[str, Any]


def load(path: Path) -> Table:
    """An earlier table. Raises `UsageError`."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"--compare {path}: it cannot be read: {error.strerror}") from None
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("matrix") != 1:
        raise UsageError(f"--compare {path}: give a .json that `models-contract matrix -o` wrote")
    return found


def mark(made: Table, earlier: Table) -> None:
    """Mark in the table what changed since the earlier one."""
    before = {row["name"]: row for row in earlier["servers"]}
    made["compared_with"] = earlier["made_at"]
    now = {row["name"] for row in made["servers"]}
    made["gone"] = [name for name in before if name not in now]
    for row in made["servers"]:
        _mark(row, before.get(row["name"]))


def _mark(row: Row, before: Row | None) -> None:
    if before is None:
        row["change"] = NEW
    elif (row["report"] is None) != (before["report"] is None):
        row["change"] = WORSE if row["report"] is None else BETTER
    else:
        for area, cell in row["areas"].items():
            _mark_cell(cell, before["areas"].get(area))


def _mark_cell(cell: Cell, before: Cell | None) -> None:
    if before is None:
        cell["change"] = NEW
        return
    cell["changes"] = list(_changes(before["checks"], cell["checks"]))
    found = {change["change"] for change in cell["changes"]}
    cell["change"] = next((each for each in (WORSE, BETTER, OTHER) if each in found), None)


def _changes(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[dict[str, str | None]]:
    """The checks whose outcome is another one; of those that only one of the runs has, the failed ones."""
    for check in dict.fromkeys([*now, *was]):
        old, new = was.get(check), now.get(check)
        failed = {old, new} & {"violated", "advice"}
        if old != new and (failed or (old and new)):
            yield {"check": check, "was": old, "now": new, "change": _direction(old, new)}


def _direction(old: str | None, new: str | None) -> str:
    if old in RANKS and new in RANKS:
        return WORSE if RANKS[new] > RANKS[old] else BETTER
    return OTHER
