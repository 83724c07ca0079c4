"""What pytest-html shows of a check: the rule, the question and the answer, beside pytest's own log."""

from __future__ import annotations

from html import escape
from typing import Any


def add(entry: dict[str, Any], log: list[str], *, silent: bool = False) -> None:
    """Put the rule, its page and what came out at the head of the log of a row.

    A failure's own text begins with them already; it only gains the link. `silent` says that pytest has
    nothing to show of the check: the log then holds only a remark of pytest-html on that, which goes.
    """
    link = f'<a href="{escape(entry["url"])}">{escape(entry["url"])}</a>'
    if entry["message"] and entry["message"].startswith(entry["title"]):
        log[:] = [part.replace(escape(entry["url"]), link, 1) for part in log]
        return
    said = entry["message"] or entry["evidence"]
    lines = [f"<strong>{escape(entry['title'])}</strong>", f"  page      {link}"]
    if said:
        lines.append(f"  {entry['verdict']:<9} {escape(said)}")
    log[:] = ["\n".join(lines) + "\n", *([] if silent else log)]
