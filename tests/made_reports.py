"""Reports written by hand, for tests of their presentation."""

from __future__ import annotations

from typing import Any

from pytest_models_contract.report import contents
from pytest_models_contract.session import verdicts


def check(name: str, kind: str = "holds", **more: Any) -> dict[str, Any]:
    verdict = {"advice": "violated", "expected": "violated", "stale": "holds"}.get(kind, kind)
    return {
        "id": f"order/{name}",
        "level": "should" if kind == "advice" else "must",
        "verdict": verdict,
        "expected": kind == "expected",
        "clause": "model_list#",
        "title": "A rule with `code`.",
        "url": "https://page.test",
        "message": "text",
        "evidence": None,
        "duration_s": 0.1,
        "kind": kind,
        "place": 0,
        "summary": "seen this",
        "asked": "GET /v1/models",
        "note": "",
        "lines": [],
        **more,
    }


def diagnosis(title: str, *checks: dict[str, Any], hint: str | None = None) -> dict[str, Any]:
    """What explains these checks, the most telling one first."""
    return {
        "title": title,
        "level": checks[0]["level"],
        "hint": hint,
        "expected": all(check["expected"] for check in checks),
        "checks": [check["id"] for check in checks],
    }


def made(*checks: dict[str, Any], **more: Any) -> contents.Report:
    """A report of these checks; each that is violated has a diagnosis of its own."""
    kinds = [verdicts._counted_as(each) for each in checks]
    counts = {name: kinds.count(name) for name in contents.COUNTS}
    return {
        "report": 1,
        "plugin": "0.1.0",
        "revision": "2026-04-16",
        "target": {"kind": "live", "where": "http://here.test"},
        "started_at": "2026-11-20T10:00:00Z",
        "duration_s": 1.94,
        "requests": 31,
        "models": 27,
        "verdict": verdicts._verdict(counts, unclear=False),
        "complete": True,
        "interrupted": False,
        "news": [],
        "meets_revision": "2026-04-16",
        "counts": counts,
        "diagnoses": [
            diagnosis(each["title"], each) for each in checks if each["verdict"] == "violated"
        ],
        "notes": [],
        "checks": list(checks),
        **more,
    }
