"""The verdicts as data, as promised to programs; the renderings of it are made from this alone."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from pytest_models_contract import __version__
from pytest_models_contract.run import Run

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


def report_of(run: Run) -> Report:
    """The report of a run; its checks carry what is promised and, for us, how they are shown."""
    facts = run.facts()
    checks = sorted(run.results.values(), key=lambda check: check["place"])
    counts = {name: sum(_counted_as(check) == name for check in checks) for name in COUNTS}
    return {
        "report": 1,
        "plugin": __version__,
        "revision": run.revision.name,
        "target": facts["target"],
        "started_at": run.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "duration_s": round(run.seconds, 3),
        "requests": facts["requests"],
        "models": facts["models"],
        "verdict": _verdict(counts, interrupted=run.interrupted),
        "complete": not (run.interrupted or any(_is_a_gap(check) for check in checks)),
        "interrupted": run.interrupted,
        "news": facts["news"],
        "meets_revision": facts["meets_revision"],
        "counts": counts,
        "checks": checks,
    }


def _counted_as(check: dict[str, Any]) -> str:
    return "holds" if check["kind"] == "stale" else str(check["kind"])


def _is_a_gap(check: dict[str, Any]) -> bool:
    return bool(check["verdict"] == "unexercised" and check["level"] == "must")


def _verdict(counts: dict[str, int], *, interrupted: bool) -> str:
    if counts["violated"]:
        return "violates"
    judged = counts["holds"] + counts["advice"] + counts["expected"]
    return "error" if counts["error"] or interrupted or not judged else "conforms"


def of_kind(report: Report, kind: str) -> list[dict[str, Any]]:
    """The checks that are shown as this: a count's name, or `stale`."""
    return [check for check in report["checks"] if check["kind"] == kind]


def counted(report: Report) -> str:
    """The counts by verdict, those that are not 0."""
    counts = [f"{name} {number}" for name, number in report["counts"].items() if number]
    return ", ".join(counts) or "no check ran"


def size(report: Report) -> str:
    """How much was asked and seen, and how long it took."""
    return (
        f"{plural(report['models'], 'model')}, {plural(report['requests'], 'request')},"
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


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises `OSError`."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
