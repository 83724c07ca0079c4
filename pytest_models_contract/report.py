"""The verdicts as data first, then as JSON, Markdown and the closing lines of the terminal."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_models_contract import __version__
from pytest_models_contract.redact import visible
from pytest_models_contract.run import Run

COUNTS = ("holds", "violated", "advice", "unexercised", "expected", "error")
SAID = {
    "conforms": "conforms",
    "violates": "violates the contract",
    "error": "could not be judged in full",
}
Report = dict[str, Any]


def report_of(run: Run, *, interrupted: bool) -> Report:
    """The report of a run, as promised to programs."""
    checks = list(run.results.values())
    counts = {name: sum(_counted_as(check) == name for check in checks) for name in COUNTS}
    unexercised = any(
        check["verdict"] == "unexercised" and check["level"] == "must" for check in checks
    )
    return {
        "report": 1,
        "plugin": __version__,
        "revision": run.revision.name,
        **_ordered(run.facts()),
        "started_at": run.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "duration_s": round(run.seconds, 3),
        "verdict": _verdict(counts, interrupted),
        "complete": not unexercised and not interrupted and not counts["error"],
        "interrupted": interrupted,
        "counts": counts,
        "checks": checks,
    }


def _ordered(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: facts[name] for name in ("target", "requests", "models", "news", "meets_revision")
    }


def _counted_as(check: dict[str, Any]) -> str:
    if check["verdict"] == "violated" and check["expected"]:
        return "expected"
    if check["verdict"] == "violated" and check["level"] == "should":
        return "advice"
    return str(check["verdict"])


def _verdict(counts: dict[str, int], interrupted: bool) -> str:
    if counts["violated"]:
        return "violates"
    judged = counts["holds"] + counts["advice"] + counts["expected"]
    return "error" if counts["error"] or interrupted or not judged else "conforms"


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


def rendered(report: Report, suffix: str) -> str:
    """The report in the format of a file's suffix, `.json` or `.md`."""
    if suffix == ".json":
        checks = [
            {name: check[name] for name in check if name != "summary"} for check in report["checks"]
        ]
        return json.dumps({**report, "checks": checks}, indent=2) + "\n"
    return "\n".join(_markdown(report)) + "\n"


def headline(report: Report) -> str:
    """One line: where, which revision, how much was asked, how long it took."""
    where = report["target"]["where"] if report["target"] else "no server"
    return (
        f"{where} · revision {report['revision']} · {report['models']} models"
        f" · {report['requests']} requests · {report['duration_s']:.1f} s"
    )


def counted(report: Report) -> str:
    return ", ".join(f"{number} {name}" for name, number in report["counts"].items() if number)


def last_word(report: Report) -> str:
    """What it comes to."""
    said = "was interrupted" if report["interrupted"] else SAID[report["verdict"]]
    return (
        said
        if report["complete"] or report["verdict"] != "conforms"
        else f"{said}, as far as exercised"
    )


def terminal_lines(report: Report, complaints: list[str]) -> Iterator[tuple[str, dict[str, bool]]]:
    """The closing lines of the terminal and how to colour them; short when all is fine."""
    yield headline(report), {}
    sections: tuple[tuple[str, str, dict[str, bool]], ...] = (
        ("violated", "violated", {"red": True}),
        ("error", "not judged", {"red": True}),
        ("advice", "advice", {"yellow": True}),
        ("expected", "known deviations", {"yellow": True}),
        ("unexercised", "unexercised", {}),
    )
    for kind, title, colour in sections:
        found = [check for check in report["checks"] if _counted_as(check) == kind]
        if found:
            yield f"{title}:", colour
            yield from ((line, {}) for line in _grouped(found))
    for complaint in complaints:
        yield complaint, {"red": True}
    if report["news"]:
        yield "news (fields this revision does not know, no violation):", {}
        yield from ((f"  {visible(text, 76)}", {}) for text in report["news"])
    if report["meets_revision"] not in (None, report["revision"]):
        yield f"the models meet revision {report['meets_revision']} in full", {}
    good = report["verdict"] == "conforms" and not complaints
    yield f"{counted(report)}: {last_word(report)}", {"green": good, "red": not good, "bold": True}


def _grouped(checks: list[dict[str, Any]]) -> Iterator[str]:
    """One line a check; checks that say the same share one."""
    by_summary: dict[str, list[str]] = {}
    for check in checks:
        by_summary.setdefault(check["summary"], []).append(check["id"])
    for summary, ids in by_summary.items():
        if len(ids) <= 2:
            yield from (f"  {found}" for found in ids)
        else:
            yield f"  {ids[0]} and {len(ids) - 1} more"
        yield f"      {visible(summary, 72)}"


def _markdown(report: Report) -> Iterator[str]:
    mark = {"conforms": "✅", "violates": "❌", "error": "⚠️"}[report["verdict"]]
    yield f"### {mark} Models API contract: {last_word(report)}"
    yield ""
    yield f"`{headline(report)}`"
    yield ""
    yield f"{counted(report)}."
    for kind, title in (
        ("violated", "Violated"),
        ("error", "Not judged"),
        ("advice", "Advice"),
        ("expected", "Known deviations"),
        ("unexercised", "Unexercised"),
    ):
        found = [check for check in report["checks"] if _counted_as(check) == kind]
        if found:
            yield from (
                "",
                f"#### {title}",
                "",
                "| check | rule | what was seen |",
                "|---|---|---|",
            )
            yield from map(_row, found)
    if report["news"]:
        yield from ("", "#### News", "", *(f"- {_cell(text)}" for text in report["news"]))


def _row(check: dict[str, Any]) -> str:
    link = f"[`{_cell(check['id'])}`]({check['url']})"
    return f"| {link} | {_cell(check['title'])} | {_cell(check['summary'])} |"


def _cell(text: str) -> str:
    """Text that cannot leave its table cell or turn into markup."""
    shown = visible(text, 200)
    for sign in "\\`|<>[]*_@":
        shown = shown.replace(sign, f"&#{ord(sign)};")
    return shown
