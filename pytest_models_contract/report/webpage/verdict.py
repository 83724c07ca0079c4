"""The head of the page: the verdict, the server under test, the counts, and what else matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_models_contract.report.contents import WORDS, Report, conclusion, of_kind, plural

GLYPHS = {"conforms": "✓", "violates": "✗", "error": "?"}
KIND_GLYPHS = {
    "holds": "✓",
    "violated": "✗",
    "advice": "!",
    "unexercised": "\u2013",
    "expected": "≈",
    "error": "?",
    "stale": "✗",
}
KINDS = {"live": "a server", "app": "an application, in process", "cassette": "a recording"}


def section(report: Report, problems: Sequence[str]) -> dict[str, Any]:
    """What the head shows."""
    fails = bool(problems or of_kind(report, "stale"))
    state = "violates" if fails and report["verdict"] == "conforms" else report["verdict"]
    text = conclusion(report, fails=fails)
    target = report["target"]
    return {
        "state": state,
        "glyph": GLYPHS[state],
        "text": text[0].upper() + text[1:],
        "where": target["where"] if target else "no server",
        "kind": KINDS.get(target["kind"], target["kind"]) if target else "",
        "counts": [
            (kind, number, KIND_GLYPHS[kind], WORDS[kind])
            for kind, number in report["counts"].items()
            if number
        ],
        "facts": list(_facts(report)),
        "problems": list(problems),
        "notes": [
            *report["notes"],
            *(_noted(check) for check in report["checks"] if check["note"]),
        ],
        "unknown": report["news"],
    }


def _noted(check: dict[str, Any]) -> str:
    return f"{check['id']}: {check['note']}"


def _facts(report: Report) -> Any:
    yield "Revision", report["revision"]
    if report["meets_revision"] not in (None, report["revision"]):
        yield "Every model meets", f"revision {report['meets_revision']}"
    yield "Models", f"{report['models']:,}"
    yield "Requests", f"{report['requests']:,}"
    if upstream := report.get("upstream"):
        yield "Reached the upstream", plural(upstream["requests"], "request")
        yield "Models of the upstream", f"{upstream['models']:,}"
    yield "Duration", f"{report['duration_s']:.1f} s"
    yield "Date", report["started_at"].replace("T", " ").replace("Z", " UTC")
