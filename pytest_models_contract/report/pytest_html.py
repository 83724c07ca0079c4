"""What pytest-html shows of a check: the rule, the question and the answer, beside pytest's own log."""

from __future__ import annotations

from html import escape
from typing import Any

from pytest_models_contract.report.contents import Report

EMPTY = "No log output captured."


def add(entry: dict[str, Any], log: list[str]) -> None:
    """Put the rule, its page and what came out at the head of the log of a row.

    A failure's own text begins with them already; it only gains the link.
    """
    link = f'<a href="{escape(entry["url"])}">{escape(entry["url"])}</a>'
    if entry["message"] and entry["message"].startswith(entry["title"]):
        log[:] = [part.replace(escape(entry["url"]), link, 1) for part in log]
        return
    said = entry["message"] or entry["evidence"]
    lines = [f"<strong>{escape(entry['title'])}</strong>", f"  page      {link}"]
    if said:
        lines.append(f"  {entry['verdict']:<9} {escape(said)}")
    log[:] = ["\n".join(lines) + "\n", *(part for part in log if EMPTY not in part)]


def diagnoses(report: Report) -> list[str]:
    """The diagnoses for the head of the page, each with the checks that it explains."""
    if not report or not report["diagnoses"]:
        return []
    items = [
        f"<li><strong>{escape(own['title'])}</strong>{_hint(own)}"
        f"<br>{escape(', '.join(own['checks']))}</li>"
        for own in report["diagnoses"]
    ]
    return [f"<h2>Models API contract</h2><ul>{''.join(items)}</ul>"]


def _hint(own: dict[str, Any]) -> str:
    return f"<br>{escape(own['hint'])}" if own["hint"] else ""
