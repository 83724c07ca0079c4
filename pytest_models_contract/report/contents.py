"""The report as data, with the keys that programs rely on. Every rendering is made from it alone."""

from __future__ import annotations

import json
from typing import Any

Report = dict[str, Any]
COUNTS = ("holds", "violated", "advice", "unexercised", "expected", "error")
KINDS = (*COUNTS, "stale")
"""How a check is shown: as it is counted, or as a known deviation that now passes."""
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
WORDS = {
    "holds": "passed",
    "violated": "failed",
    "advice": "advice",
    "unexercised": "not tested",
    "expected": "known deviation",
    "error": "could not test",
    "stale": "failed",
}
"""What people read, for each kind."""
CONCLUSIONS = {
    "conforms": "conforms",
    "violates": "violates the contract",
    "error": "could not be tested",
}


def of_kind(report: Report, kind: str) -> list[dict[str, Any]]:
    """The checks of this kind."""
    return [check for check in report["checks"] if check["kind"] == kind]


def by_id(report: Report) -> dict[str, dict[str, Any]]:
    """The checks by their id."""
    return {check["id"]: check for check in report["checks"]}


def diagnoses_of(report: Report, kind: str) -> list[dict[str, Any]]:
    """The diagnoses that are shown as this: `violated` where a check fails the run, `advice`, `expected`."""
    checks = by_id(report)
    return [own for own in report["diagnoses"] if _kind(own, checks) == kind]


def _kind(own: dict[str, Any], checks: dict[str, dict[str, Any]]) -> str:
    kinds = {checks[check]["kind"] for check in own["checks"]}
    return next(kind for kind in ("violated", "advice", "expected") if kind in kinds)


def counted(report: Report) -> str:
    """The counts in words for people, without those that are 0."""
    counts = [_count(kind, number) for kind, number in report["counts"].items() if number]
    return ", ".join(counts) or "no check ran"


def _count(kind: str, number: int) -> str:
    return plural(number, WORDS[kind]) if kind == "expected" else f"{number} {WORDS[kind]}"


def size(report: Report) -> str:
    """The numbers of models and requests, and the duration."""
    upstream = report.get("upstream")
    further = f" ({upstream['requests']} reached the upstream)" if upstream else ""
    return (
        f"{plural(report['models'], 'model')}, {plural(report['requests'], 'request')}{further},"
        f" {report['duration_s']:.1f} s"
    )


def other_revision(report: Report) -> str:
    """The revision that every model meets, and how to test it if it is newer; empty if it was tested."""
    met, tested = report["meets_revision"], report["revision"]
    if met in (None, tested):
        return ""
    text = f"every model meets revision {met} in full"
    return (
        f"{text}, which is newer than {tested}: test it with --models-revision {met}"
        if met > tested
        else text
    )


def plural(number: int, noun: str) -> str:
    """
    >>> plural(1, "model"), plural(2, "model")
    ('1 model', '2 models')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def conclusion(report: Report, *, fails: bool) -> str:
    """The verdict on the server in words; `fails` is whether the run fails for another reason."""
    text = CONCLUSIONS[report["verdict"]]
    if report["interrupted"]:
        return f"{text}, stopped early" if report["verdict"] == "violates" else "stopped early"
    if report["verdict"] != "conforms":
        return text
    if fails:
        return "the server conforms, the run fails for the reasons above"
    return text if report["complete"] else f"{text}, but not every must rule was tested"


def as_json(report: Report) -> str:
    """The report for programs."""
    checks = [{name: check[name] for name in PROMISED} for check in report["checks"]]
    return json.dumps({**report, "checks": checks}, indent=2) + "\n"
