"""The verdicts as data, as promised to programs; the renderings of it are made from this alone."""

from __future__ import annotations

import json
from typing import Any

Report = dict[str, Any]
COUNTS = ("holds", "violated", "advice", "unexercised", "expected", "error")
KINDS = (*COUNTS, "stale")
"""How a check is shown: as it is counted, or as a known deviation that is none any more."""
PROMISED = (
    "id",
    "level",
    "verdict",
    "expected",
    "clause",
    "title",
    "url",
    "message",
    "evidence",
    "duration_s",
)
SAID = {
    "conforms": "conforms",
    "violates": "violates the contract",
    "error": "could not be judged",
}


def of_kind(report: Report, kind: str) -> list[dict[str, Any]]:
    """The checks that are shown as this: a count's name, or `stale`."""
    return [check for check in report["checks"] if check["kind"] == kind]


def counted(report: Report) -> str:
    """The counts by verdict, those that are not 0."""
    counts = [f"{name} {number}" for name, number in report["counts"].items() if number]
    return ", ".join(counts) or "no check ran"


def size(report: Report) -> str:
    """How much was asked and seen, and how long it took."""
    upstream = report.get("upstream")
    further = f" ({upstream['requests']} reached the upstream)" if upstream else ""
    return (
        f"{plural(report['models'], 'model')}, {plural(report['requests'], 'request')}{further},"
        f" {report['duration_s']:.1f} s"
    )


def plural(number: int, noun: str) -> str:
    """
    >>> plural(1, "model"), plural(2, "model")
    ('1 model', '2 models')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def last_word(report: Report) -> str:
    """What it comes to."""
    said = SAID[report["verdict"]]
    if report["interrupted"]:
        return f"{said}, stopped early" if report["verdict"] == "violates" else "stopped early"
    if report["verdict"] == "conforms" and not report["complete"]:
        return f"{said}, as far as exercised"
    return said


def as_json(report: Report) -> str:
    """The report for programs."""
    checks = [{name: check[name] for name in PROMISED} for check in report["checks"]]
    return json.dumps({**report, "checks": checks}, indent=2) + "\n"
