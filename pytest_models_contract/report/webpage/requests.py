"""The requests over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_models_contract.report.contents import Report

SLOW = 1.0
"""A response that takes longer is marked, in seconds."""
MOST = 1_000
"""So many requests are shown."""
UNITS = ((2**20, "MB"), (2**10, "kB"))


def section(rows: Sequence[Any], report: Report) -> dict[str, Any] | None:
    """A row for each request with its bar, None where none was sent."""
    if not rows:
        return None
    begin = rows[0].started
    span = max(0.001, max(row.started + row.seconds for row in rows) - begin)
    shown = rows[:MOST]
    return {
        "span": f"{span:.1f} s" if span >= 1 else f"{1000 * span:.0f} ms",
        "slowest": duration(max(row.seconds for row in rows)),
        "failed": sum(_failed(row) for row in rows),
        "retried": sum(bool(row.retries) for row in rows),
        "left": max(0, report["requests"] - len(shown)),
        "rows": [_entry(row, begin, span) for row in shown],
    }


def _entry(row: Any, begin: float, span: float) -> dict[str, Any]:
    return {
        "start": f"{row.started - begin:.3f}",
        "asked": row.asked,
        "x": f"{100 * (row.started - begin) / span:.4g}",
        "width": f"{100 * row.seconds / span:.4g}",
        "duration": duration(row.seconds),
        "slow": row.seconds >= SLOW,
        "size": size(row.size),
        "status": row.status or "none",
        "failed": _failed(row),
        "retries": row.retries,
        "problem": row.problem,
    }


def _failed(row: Any) -> bool:
    """Whether the server failed. A refusal is what many checks ask for."""
    return not row.status or row.status >= 500 or bool(row.problem)


def duration(seconds: float) -> str:
    """
    >>> duration(0.0042), duration(0.25), duration(2.5)
    ('4.2 ms', '250 ms', '2.50 s')
    """
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{1000 * seconds:.0f} ms" if seconds >= 0.01 else f"{1000 * seconds:.1f} ms"


def size(length: int) -> str:
    """
    >>> size(120), size(2048), size(3 * 2**20)
    ('120 B', '2.0 kB', '3.0 MB')
    """
    return next(
        (f"{length / unit:.1f} {name}" for unit, name in UNITS if length >= unit), f"{length} B"
    )
