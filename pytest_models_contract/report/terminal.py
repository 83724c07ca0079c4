"""The closing lines of the terminal: at most 80 columns, clear without colour, short when all is fine."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pytest_models_contract.client.redact import visible
from pytest_models_contract.report.contents import Report, counted, last_word, of_kind, size

WIDTH = 80
ROOM = 24
"""So many columns must be left beside an id for what was seen, or it goes on a line of its own."""
FEW = 3
RED, YELLOW = {"red": True}, {"yellow": True}
Line = tuple[str, dict[str, bool]]
Checks = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Findings:
    """What the closing lines tell besides the report: what else turns the run red, and what does not."""

    problems: Sequence[str]
    notes: Sequence[str]
    verbose: bool = False
    complete: bool = False


def lines(report: Report, found: Findings) -> Iterator[Line]:
    """The lines and how to colour them."""
    yield from ((line, {}) for line in _head(report))
    for kind, title, colour in (
        ("violated", "violated", RED),
        ("error", "not judged", RED),
        ("stale", "known deviations that are none any more", RED),
        ("advice", "advice (--models-strict makes it fail)", YELLOW),
        ("expected", "known deviations", YELLOW),
        ("unexercised", "unexercised (--models-complete)", RED)
        if found.complete
        else ("unexercised", "unexercised", {}),
    ):
        if checks := of_kind(report, kind):
            yield f"{title}:", colour
            grouped = kind in ("error", "unexercised") and not found.verbose
            told = _by_reason(checks) if grouped else _one_by_one(checks)
            yield from ((line, {}) for line in told)
    if noted := [check for check in report["checks"] if check["note"]]:
        yield "noted:", {}
        yield from ((line, {}) for check in noted for line in _noted(check))
    if report["news"]:
        yield "news (fields that this revision does not know; no violation):", {}
        yield from ((f"  {visible(text, WIDTH - 24)}", {}) for text in report["news"])
    if report["meets_revision"] not in (None, report["revision"]):
        yield f"every model meets revision {report['meets_revision']} in full", {}
    yield from ((line, RED) for text in found.problems for line in wrapped(text))
    yield from ((line, {}) for text in found.notes for line in wrapped(text))
    yield from _verdict(report, found)


def _verdict(report: Report, found: Findings) -> Iterator[Line]:
    """The counts and the last word; green is what ends with exit status 0."""
    gaps = found.complete and of_kind(report, "unexercised")
    but = bool(found.problems or gaps or of_kind(report, "stale"))
    good = report["verdict"] == "conforms" and not but
    said = last_word(report)
    said += ", but the run fails" if but and report["verdict"] == "conforms" else ""
    line = f"{counted(report)}: {said}"
    for text in [line] if len(line) <= WIDTH else [f"{counted(report)}:", said]:
        yield text, {"green": good, "red": not good, "bold": True}


def wrapped(text: str) -> list[str]:
    """A sentence on as many lines as it needs; what is longer than a line, such as a path, stays whole."""
    return textwrap.wrap(
        text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _head(report: Report) -> list[str]:
    where = visible(report["target"]["where"]) if report["target"] else "no server"
    size_and_revision = f"revision {report['revision']}, {size(report)}"
    line = f"{where}: {size_and_revision}"
    return [line] if len(line) <= WIDTH else [where, f"  {size_and_revision}"]


def _one_by_one(checks: Checks) -> Iterator[str]:
    for check in checks:
        beside = WIDTH - len(check["id"]) - 4
        if beside >= ROOM:
            yield f"  {check['id']}  {_cut(check['summary'], beside)}"
        else:
            yield f"  {check['id']}"
            yield f"    {_cut(check['summary'], WIDTH - 4)}"


def _noted(check: dict[str, Any]) -> Iterator[str]:
    yield f"  {check['id']}"
    yield from (f"    {line}" for line in textwrap.wrap(visible(check["note"], 400), WIDTH - 4))


def _by_reason(checks: Checks) -> Iterator[str]:
    """The reasons, the one with the most checks first, and which checks they concern."""
    by_summary: dict[str, list[str]] = {}
    for check in checks:
        by_summary.setdefault(check["summary"], []).append(check["id"])
    for reason, ids in sorted(by_summary.items(), key=lambda each: -len(each[1])):
        why = visible(reason, 300)
        if len(ids) == 1 and len(ids[0]) + len(why) + 4 <= WIDTH:
            yield f"  {ids[0]}  {why}"
        else:
            few = len(ids) <= FEW
            yield from (
                f"  {found}" for found in (ids if few else [f"{len(ids)} checks: {_areas(ids)}"])
            )
            yield from (f"    {line}" for line in textwrap.wrap(why, WIDTH - 4))


def _areas(ids: Sequence[str]) -> str:
    areas = groupby(ids, lambda found: found.partition("/")[0])
    counts = [f"{area} {len(list(own))}" for area, own in areas]
    return _cut(", ".join(counts), WIDTH - 16)


def _cut(text: str, width: int) -> str:
    shown = visible(text, 400)
    return shown if len(shown) <= width else f"{shown[: width - 3]}..."
