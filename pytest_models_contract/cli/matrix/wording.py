"""What a table says of a cell and of a server, the same on every page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_models_contract.cli.matrix.table import WORST_FIRST, Row
from pytest_models_contract.report.contents import WORDS, plural

MARKS = dict(zip(WORST_FIRST, ("✗", "?", "!", "≈", "✓", "-"), strict=True))
"""A mark for each outcome: nobody needs the colour to know it. The worst comes first."""
CHANGES = {"better": "▲", "worse": "▼", "changed": "◆", "new": "●"}
LEGEND = f"{', '.join(f'{mark} {WORDS[kind]}' for kind, mark in MARKS.items())}."


def counted(cell: dict[str, Any]) -> str:
    """The verdict of a cell with the number of checks that have it."""
    kind = cell["verdict"]
    return f"{MARKS[kind]} {cell['counts'][kind]} {WORDS[kind]}"


def marked(text: str, change: str | None) -> str:
    """The text with the mark of a change."""
    return f"{text} {CHANGES[change]} {change}" if change else text


def facts(row: Row) -> Iterator[str]:
    """Versions, date and size of the run; the exit status where there is no report."""
    report = row["report"]
    if report is None:
        if row["status"] is not None:
            yield f"exit status {row['status']}"
        return
    yield f"revision {report['revision']}"
    yield f"meets {report['meets_revision'] or 'no revision'} in full"
    yield plural(report["models"], "model")
    yield plural(report["requests"], "request")
    yield f"tested {report['started_at'][:10]} with version {report['plugin']}"
