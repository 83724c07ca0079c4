"""The table as data: a row for each server, a cell for each area of its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pytest_models_contract import __version__
from pytest_models_contract.report.contents import conclusion
from pytest_models_contract.suite.checks import AREAS

WORST_FIRST = ("violated", "error", "advice", "expected", "holds", "unexercised")
"""The verdict of a cell is the first of these that one of its checks has."""
Table = dict[str, Any]
Row = dict[str, Any]
Check = dict[str, Any]


def table(rows: Sequence[Row]) -> Table:
    """The table of these rows, each with name, command, exit status and report, or what was said instead."""
    return {
        "matrix": 1,
        "plugin": __version__,
        "made_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "compared_with": None,
        "gone": [],
        "servers": [_with_cells(row) for row in rows],
    }


def areas(made: Table) -> list[str]:
    """The areas that a server of the table has, in the order of the suite."""
    there = {area for row in made["servers"] for area in row["areas"]}
    return [area for area in AREAS if area in there]


def fails(row: Row) -> bool:
    """Whether a run failed: a violated check, a server that could not be tested or did not start."""
    return bool(row["status"] != 0)


def verdict(row: Row) -> str:
    """The verdict on a server in words."""
    report = row["report"]
    if report is None:
        return "no report"
    if report["verdict"] == "conforms" and fails(row):
        return f"conforms, but the run failed: exit status {row['status']}"
    return conclusion(report, fails=False)


def kind(check: Check, report: dict[str, Any]) -> str:
    """How a check is shown and counted: a violated `should` is advice, unless the run was strict."""
    if check["verdict"] != "violated":
        return str(check["verdict"])
    if check["expected"]:
        return "expected"
    strict = not report["counts"]["advice"]
    return "violated" if check["level"] == "must" or strict else "advice"


def sentence(diagnosis: dict[str, Any], report: dict[str, Any]) -> str:
    """What is wrong: the diagnosis, or the rule of a check that nothing explains."""
    title = str(diagnosis["title"])
    is_rule = any(title == check["title"] for check in report["checks"])
    return f"this rule is not kept: {title}" if is_rule else title


def _with_cells(row: Row) -> Row:
    report = row["report"]
    cells = {} if report is None else {area: _cell(area, report) for area in _areas(report)}
    said = row["said"] or (report and _why_not_tested(report))
    return {**row, "said": said, "verdict": verdict(row), "change": None, "areas": cells}


def _why_not_tested(report: dict[str, Any]) -> str | None:
    """What kept checks from being tested: the first reason."""
    found = (check["message"] for check in report["checks"] if check["verdict"] == "error")
    return next((str(text).partition("\n")[0] for text in found), None)


def _areas(report: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(_area(check) for check in report["checks"]))


def _area(check: Check) -> str:
    return str(check["id"].partition("/")[0])


def _cell(area: str, report: dict[str, Any]) -> dict[str, Any]:
    """Verdict, counts, checks by kind and diagnoses of one area."""
    kinds = {check["id"]: kind(check, report) for check in report["checks"] if _area(check) == area}
    counts = Counter(kinds.values())
    return {
        "verdict": next(each for each in WORST_FIRST if counts[each]),
        "counts": {each: counts[each] for each in WORST_FIRST if counts[each]},
        "checks": kinds,
        "diagnoses": [
            sentence(own, report)
            for own in report["diagnoses"]
            if not kinds.keys().isdisjoint(own["checks"])
        ],
        "change": None,
        "changes": [],
    }
