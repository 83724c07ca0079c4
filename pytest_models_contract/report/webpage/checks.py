"""Every check: its rule, what was asked, answered and expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pytest_models_contract.client.redact import visible
from pytest_models_contract.report.contents import WORDS, Report
from pytest_models_contract.report.webpage.verdict import KIND_GLYPHS

LONGEST = 2_000
UPSTREAM = "upstream"
NAMES = {
    *("first", "request", "response", "raised", "seen", "expected"),
    *("when", "where", "hint", "repeat", UPSTREAM),
}
"""The lines of a message that are shown."""
COMMANDS = ("first", "request", "repeat")


def anchor(check: str) -> str:
    """The anchor of a check in the page; no two checks share one.

    >>> anchor("limit/refuses[-1]")
    'check-limit.refuses_5b-1_5d'
    """
    return "check-" + re.sub(
        r"[^\w.-]", lambda found: f"_{ord(found[0]):x}", check.replace("/", ".")
    )


def section(report: Report) -> dict[str, Any]:
    """The checks by area, and what they can be filtered by."""
    areas = groupby(report["checks"], key=lambda check: check["id"].partition("/")[0])
    grouped = [(area, [_entry(check) for check in own]) for area, own in areas]
    kinds = {check["kind"] for check in report["checks"]}
    return {
        "areas": grouped,
        "total": len(report["checks"]),
        "kinds": [(kind, WORDS[kind]) for kind in KIND_GLYPHS if kind in kinds],
    }


def _entry(check: dict[str, Any]) -> dict[str, Any]:
    lines = list(_joined(check["lines"]))
    return {
        "id": check["id"],
        "anchor": anchor(check["id"]),
        "kind": check["kind"],
        "glyph": KIND_GLYPHS[check["kind"]],
        "word": WORDS[check["kind"]],
        "level": check["level"],
        "title": check["title"],
        "url": check["url"],
        "lines": [line for line in lines if line["name"] != UPSTREAM],
        "upstream": [text for line in lines if line["name"] == UPSTREAM for text in line["texts"]],
        "message": "" if lines or not check["message"] else visible(check["message"], LONGEST),
        "evidence": check["evidence"] or "",
        "deviation": check["summary"] if check["kind"] == "expected" else "",
    }


def _joined(lines: Sequence[Sequence[str]]) -> Iterator[dict[str, Any]]:
    """The lines that are shown; a line without a name belongs to the one before."""
    name, texts = "", list[str]()
    for own, text in (*lines, ("end", "")):
        if not own:
            texts.append(text)
            continue
        if name in NAMES:
            yield {"name": name, "command": name in COMMANDS, "texts": texts}
        name, texts = own, [text]
