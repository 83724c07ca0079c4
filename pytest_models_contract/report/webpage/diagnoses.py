"""What explains the violated checks: first what fails the run, then advice, then known deviations."""

from __future__ import annotations

from typing import Any

from pytest_models_contract.report.contents import WORDS, Report, by_id, diagnoses_of, of_kind
from pytest_models_contract.report.webpage.checks import anchor

MOST_CHECKS = 40


def section(report: Report) -> dict[str, Any]:
    """The diagnoses by kind, and what could not be tested, by reason."""
    kinds = [(kind, diagnoses_of(report, kind)) for kind in ("violated", "advice", "expected")]
    return {
        "groups": [
            (kind, WORDS[kind], [_entry(own, report) for own in found])
            for kind, found in kinds
            if found
        ],
        "errors": _reasons(of_kind(report, "error")),
        "stale": [(check["id"], check["summary"]) for check in of_kind(report, "stale")],
    }


def _entry(own: dict[str, Any], report: Report) -> dict[str, Any]:
    """The sentence, the hint, what the most telling check saw, and links to all of its checks."""
    checks = by_id(report)
    first = checks[own["checks"][0]]
    shown = own["checks"][:MOST_CHECKS]
    return {
        "title": own["title"],
        "hint": own["hint"] or "",
        "level": own["level"],
        "seen": f"{first['asked']}: {first['summary']}" if first["asked"] else first["summary"],
        "checks": [(name, anchor(name)) for name in shown],
        "more": len(own["checks"]) - len(shown),
    }


def _reasons(found: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    by_reason: dict[str, list[str]] = {}
    for check in found:
        by_reason.setdefault(check["summary"], []).append(check["id"])
    return list(by_reason.items())
