"""What pytest-html shows of a check: rule, request and response, together with pytest's own log."""

from __future__ import annotations

from html import escape
from typing import Any

from pytest_models_contract.report.contents import WORDS, Report


def add(entry: dict[str, Any], log: list[str], *, silent: bool = False) -> None:
    """Put the rule, its page and the result at the head of the log of a row.

    The text of a failure begins with them already; it only gets the link. `silent` says that pytest has
    nothing to show of the check: the log then has only a remark of pytest-html, which is removed.
    """
    link = f'<a href="{escape(entry["url"])}">{escape(entry["url"])}</a>'
    if entry["message"] and entry["message"].startswith(entry["title"]):
        log[:] = [part.replace(escape(entry["url"]), link, 1) for part in log]
        return
    text = entry["message"] or entry["evidence"]
    lines = [f"<strong>{escape(entry['title'])}</strong>", f"  page      {link}"]
    if text:
        lines.append(f"  {WORDS[entry['kind']]:<9} {escape(text)}")
    log[:] = ["\n".join(lines) + "\n", *([] if silent else log)]


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
