"""The report of a run as data: the keys that programs rely on."""

from __future__ import annotations

from typing import Any

from pytest_models_contract import __version__
from pytest_models_contract.report.contents import COUNTS, Report
from pytest_models_contract.session import diagnosing
from pytest_models_contract.session.run import Run


def report_of(run: Run, facts: dict[str, Any]) -> Report:
    """The report of a run with these facts. Its checks have the promised keys and those for our summaries."""
    checks = sorted(run.results.values(), key=lambda check: check["place"])
    counts = {name: sum(_counted_as(check) == name for check in checks) for name in COUNTS}
    return {
        "report": 1,
        "plugin": __version__,
        "revision": run.revision.name,
        "target": facts["target"],
        **({"upstream": facts["upstream"]} if facts["upstream"] else {}),
        "started_at": run.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "duration_s": round(run.seconds, 3),
        "requests": facts["requests"],
        "models": facts["models"],
        "verdict": _verdict(counts, unclear=run.interrupted or never_asked(facts)),
        "complete": not (run.interrupted or any(_is_a_gap(check) for check in checks)),
        "interrupted": run.interrupted,
        "news": facts["news"],
        "meets_revision": facts["meets_revision"],
        "counts": counts,
        "diagnoses": diagnosing.report_of(run, checks),
        "notes": list(run.notes),
        "checks": checks,
    }


def never_asked(facts: dict[str, Any]) -> bool:
    """Whether there is an upstream that none of the requests reached."""
    upstream = facts.get("upstream")
    return bool(upstream and facts["requests"] and not upstream["requests"])


def _counted_as(check: dict[str, Any]) -> str:
    return "holds" if check["kind"] == "stale" else str(check["kind"])


def _is_a_gap(check: dict[str, Any]) -> bool:
    return bool(check["verdict"] == "unexercised" and check["level"] == "must")


def _verdict(counts: dict[str, int], *, unclear: bool) -> str:
    if counts["violated"]:
        return "violates"
    judged = counts["holds"] + counts["advice"] + counts["expected"]
    return "error" if counts["error"] or unclear or not judged else "conforms"
