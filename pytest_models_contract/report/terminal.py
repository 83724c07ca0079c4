"""The summary in the terminal: the diagnoses first, readable without colour, short when all is fine."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.wording import NO_MODELS
from pytest_models_contract.report.contents import (
    WORDS,
    Report,
    by_id,
    conclusion,
    counted,
    diagnoses_of,
    of_kind,
    other_revision,
    plural,
    size,
)

FEW = 3
MOST = 1000
"""So much of a text is shown where no terminal bounds it."""
RED, YELLOW = {"red": True}, {"yellow": True}
Line = tuple[str, dict[str, bool]]
Checks = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Findings:
    """What the summary shows besides the report: problems make the run fail, notes do not.

    `width` is that of the terminal. It is None where there is no terminal: no line is cut or wrapped then.
    """

    problems: Sequence[str]
    notes: Sequence[str]
    verbose: bool = False
    complete: bool = False
    width: int | None = None


def lines(report: Report, found: Findings) -> Iterator[Line]:
    """The lines and their colours."""
    if NO_MODELS in found.notes:
        yield NO_MODELS, YELLOW
    yield from ((line, {}) for line in _head(report, found.width))
    yield from _diagnoses(report, "violated", RED, found.width)
    yield from _section(report, found, "error", "could not test", RED)
    yield from _section(report, found, "stale", "known deviations that now pass", RED)
    if diagnoses_of(report, "advice"):
        yield "advice (fails with --models-strict):", YELLOW
        yield from _diagnoses(report, "advice", {}, found.width)
    yield from _section(report, found, "expected", "known deviations", YELLOW)
    fails, colour = (" (fails with --models-complete)", RED) if found.complete else ("", {})
    yield from _section(report, found, "unexercised", f"not tested{fails}", colour)
    if noted := [check for check in report["checks"] if check["note"]]:
        yield "notes:", {}
        yield from ((line, {}) for check in noted for line in _noted(check, found.width))
    if report["news"]:
        yield "fields that this revision does not know (allowed):", {}
        yield from ((_fitted(f"  {text}", found.width), {}) for text in report["news"])
    yield from ((line, {}) for line in _wrapped(other_revision(report), found.width) if line)
    yield from ((line, RED) for text in found.problems for line in _wrapped(text, found.width))
    notes = (text for text in found.notes if text != NO_MODELS)
    yield from ((line, {}) for text in notes for line in _wrapped(text, found.width))
    yield from _verdict(report, found)


def _diagnoses(
    report: Report, kind: str, colour: dict[str, bool], width: int | None
) -> Iterator[Line]:
    """Two lines for each diagnosis: its sentence, and what it explains."""
    checks = by_id(report)
    for own in diagnoses_of(report, kind):
        yield _fitted(own["title"], width), colour
        yield _fitted(f"  {_explains(own, checks, kind)}", width), {}


def _explains(own: dict[str, Any], checks: dict[str, Any], kind: str) -> str:
    """How many checks a diagnosis explains, and its hint; without a cause or for advice, what was seen."""
    first, number = checks[own["checks"][0]], len(own["checks"])
    which = first["id"]
    if number > 1:
        others = _others([checks[check]["kind"] for check in own["checks"]], kind)
        which = f"{plural(number, 'check')}{others}, such as {first['id']}"
    more = own["hint"]
    if kind == "advice" or own["title"] == first["title"]:
        more = f"{first['asked']}: {first['summary']}"
    return f"{which}: {more}" if more else which


def _others(kinds: Sequence[str], kind: str) -> str:
    """How many of the checks of a diagnosis do not fail the run, although others of them do."""
    counts = {own: kinds.count(own) for own in ("advice", "expected") if own != kind}
    found = [f"{number} {WORDS[own]}" for own, number in counts.items() if number]
    return f" ({', '.join(found)})" if found else ""


def _section(
    report: Report, found: Findings, kind: str, title: str, colour: dict[str, bool]
) -> Iterator[Line]:
    """The checks of a kind, those with the same reason together."""
    if checks := of_kind(report, kind):
        yield f"{title}:", colour
        grouped = kind in ("error", "unexercised") and not found.verbose
        listed = _by_reason if grouped else _one_by_one
        yield from ((line, {}) for line in listed(checks, found.width))


def _verdict(report: Report, found: Findings) -> Iterator[Line]:
    """The counts and the conclusion; green means exit status 0."""
    gaps = found.complete and of_kind(report, "unexercised")
    fails = bool(found.problems or gaps or of_kind(report, "stale"))
    good = report["verdict"] == "conforms" and not fails
    end = conclusion(report, fails=fails)
    line = f"{counted(report)}: {end}"
    for text in [line] if _fits(line, found.width) else [f"{counted(report)}:", end]:
        yield text, {"green": good, "red": not good, "bold": True}


def _head(report: Report, width: int | None) -> list[str]:
    where = visible(report["target"]["where"]) if report["target"] else "no server"
    size_and_revision = f"revision {report['revision']}, {size(report)}"
    line = f"{where}: {size_and_revision}"
    return [line] if _fits(line, width) else [where, f"  {size_and_revision}"]


def _one_by_one(checks: Checks, width: int | None) -> Iterator[str]:
    yield from (_fitted(f"  {check['id']}  {check['summary']}", width) for check in checks)


def _noted(check: dict[str, Any], width: int | None) -> Iterator[str]:
    yield f"  {check['id']}"
    yield from _wrapped(visible(check["note"], MOST), width, "    ")


def _by_reason(checks: Checks, width: int | None) -> Iterator[str]:
    """The reasons with their checks; first the reason that concerns most checks."""
    by_summary: dict[str, list[str]] = {}
    for check in checks:
        by_summary.setdefault(check["summary"], []).append(check["id"])
    for reason, ids in sorted(by_summary.items(), key=lambda each: -len(each[1])):
        why = visible(reason, MOST)
        if len(ids) == 1 and _fits(f"  {ids[0]}  {why}", width):
            yield f"  {ids[0]}  {why}"
            continue
        shown = ids if len(ids) <= FEW else [f"{len(ids)} checks: {_areas(ids)}"]
        yield from (_fitted(f"  {line}", width) for line in shown)
        yield from _wrapped(why, width, "    ")


def _areas(ids: Sequence[str]) -> str:
    areas = groupby(ids, lambda found: found.partition("/")[0])
    return ", ".join(f"{area} {len(list(own))}" for area, own in areas)


def _fits(line: str, width: int | None) -> bool:
    return width is None or len(line) <= width


def _fitted(text: str, width: int | None) -> str:
    """The text on one line, cut where the terminal is narrower."""
    shown = visible(text, MOST)
    return shown if width is None or len(shown) <= width else f"{shown[: width - 3]}..."


def _wrapped(text: str, width: int | None, indent: str = "") -> list[str]:
    """The lines of a sentence. A word that is longer than a line, such as a path, stays in one piece."""
    if width is None:
        return [f"{indent}{text}"]
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent or "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
