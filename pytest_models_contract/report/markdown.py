"""The report for people, as Markdown: for `$GITHUB_STEP_SUMMARY` and for comments on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pytest_models_contract.report.contents import (
    KINDS,
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
from pytest_models_contract.report.markdown_text import code, words

MARKS = {"conforms": "✅", "violates": "❌", "error": "⚠️"}
MOST_DETAILS = 10
"""A comment on GitHub has at most 65536 characters."""
NAMED = 3

Checks = Sequence[dict[str, Any]]


def as_markdown(report: Report, problems: Sequence[str]) -> str:
    """The report as Markdown. Text from a server cannot change its structure."""
    return "\n".join(_lines(report, problems)) + "\n"


def _lines(report: Report, problems: Sequence[str]) -> Iterator[str]:
    where = report["target"]["where"] if report["target"] else "no server"
    found = {kind: of_kind(report, kind) for kind in KINDS}
    fails = bool(problems or found["stale"])
    mark = "❌" if fails else MARKS[report["verdict"]]
    yield f"### {mark} Models API contract: {conclusion(report, fails=fails)}"
    yield from ("", f"{code(where)}, revision {report['revision']}: {size(report)}")
    yield from ("", f"**{counted(report)}**")
    if other := other_revision(report):
        yield from ("", f"{other[0].upper()}{other[1:]}.")
    if problems:
        yield from ("", *(f"- {code(text)}" for text in problems))
    yield from _section("Notes", (f"- {code(text)}" for text in report["notes"]))
    causes = diagnoses_of(report, "violated")
    telling, others = _telling_and_others(report, causes)
    yield from _section("Failed", _causes(report, causes))
    yield from _section("Could not test", _reasons(found["error"]))
    yield from _section("Known deviations that now pass", _table(found["stale"]))
    yield from _fold("Requests and responses", _details(telling))
    yield from _fold("Further checks that failed for the same reasons", _table(others))
    advice = _causes(report, diagnoses_of(report, "advice"))
    yield from _fold("Advice (does not fail the run)", advice)
    yield from _fold("Known deviations", _table(found["expected"], "reason"))
    yield from _fold("Not tested", _reasons(found["unexercised"]))
    unknown = [f"- {code(text)}" for text in report["news"]]
    yield from _fold("Fields that this revision does not know", unknown)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    if lines := list(lines):
        yield from ("", f"#### {title}", "", *lines)


def _fold(title: str, lines: Iterable[str]) -> Iterator[str]:
    if lines := list(lines):
        yield from ("", f"<details><summary>{title}</summary>", "", *lines, "", "</details>")


def _telling_and_others(report: Report, causes: Checks) -> tuple[Checks, Checks]:
    """The most telling check of each diagnosis, and the others that fail the run."""
    checks = by_id(report)
    first = [checks[own["checks"][0]] for own in causes]
    others = [checks[name] for own in causes for name in own["checks"][1:]]
    return first, [check for check in others if check["kind"] == "violated"]


def _causes(report: Report, causes: Checks) -> Iterator[str]:
    """A row for each diagnosis: its sentence and hint, its checks, and what the most telling one saw."""
    checks = by_id(report)
    if causes:
        yield from ("| diagnosis | checks | seen |", "|---|---|---|")
    for own in causes:
        first, number = checks[own["checks"][0]], len(own["checks"])
        which = f"{plural(number, 'check')}, such as " if number > 1 else ""
        seen = f"{first['asked']}: {first['summary']}" if first["asked"] else first["summary"]
        yield f"| {_sentence(own, first)} | {which}{code(first['id'])} | {code(seen)} |"


def _sentence(own: dict[str, Any], first: dict[str, Any]) -> str:
    """The diagnosis with its hint. Where it is the rule of its check, the rule with its page."""
    if own["title"] == first["title"]:
        return _linked(first)
    hint = f"<br>{words(own['hint'])}" if own["hint"] else ""
    return f"**{words(own['title'])}**{hint}"


def _table(checks: Checks, column: str = "seen") -> Iterator[str]:
    if checks:
        yield from (f"| check | rule | {column} |", "|---|---|---|")
    for check in checks:
        yield f"| {code(check['id'])} | {_linked(check)} | {code(check['summary'])} |"


def _reasons(checks: Checks) -> Iterator[str]:
    """One row for each reason: one cause may concern most of the suite."""
    if checks:
        yield from ("| checks | why |", "|---|---|")
    for reason in dict.fromkeys(check["summary"] for check in checks):
        ids = [check["id"] for check in checks if check["summary"] == reason]
        more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        yield f"| {', '.join(map(code, ids[:NAMED]))}{more} | {code(reason)} |"


def _details(checks: Checks) -> Iterator[str]:
    """The first failures in full."""
    for check in checks[:MOST_DETAILS]:
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", check["message"])), default=0))
        yield from (code(check["id"]), "", f"{fence}text", check["message"], fence, "")
    if len(checks) > MOST_DETAILS:
        yield f"… and {len(checks) - MOST_DETAILS} more: see the log"


def _linked(check: dict[str, Any]) -> str:
    """The rule of a check, which is our own text, with a link to its page."""
    rule = check["title"].replace("|", "\\|")
    return f"{rule} ([page]({check['url']}))"
