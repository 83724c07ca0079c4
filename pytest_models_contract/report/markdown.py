"""The report for people, as Markdown: for `$GITHUB_STEP_SUMMARY` and for comments on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pytest_models_contract.client.redact import visible
from pytest_models_contract.report.contents import KINDS, Report, conclusion, counted, of_kind, size

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
    yield from ("", f"{_code(where)}, revision {report['revision']}: {size(report)}")
    yield from ("", f"**{counted(report)}**")
    if problems:
        yield from ("", *(f"- {_code(text)}" for text in problems))
    yield from _section("Notes", (f"- {_code(text)}" for text in report["notes"]))
    yield from _section("Failed", _table(found["violated"]))
    yield from _section("Could not test", _reasons(found["error"]))
    yield from _section("Known deviations that now pass", _table(found["stale"]))
    yield from _fold("Requests and responses", _details(found["violated"]))
    yield from _fold("Advice (does not fail the run)", _table(found["advice"]))
    yield from _fold("Known deviations", _table(found["expected"], "reason"))
    yield from _fold("Not tested", _reasons(found["unexercised"]))
    unknown = [f"- {_code(text)}" for text in report["news"]]
    yield from _fold("Fields that this revision does not know", unknown)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    if lines := list(lines):
        yield from ("", f"#### {title}", "", *lines)


def _fold(title: str, lines: Iterable[str]) -> Iterator[str]:
    if lines := list(lines):
        yield from ("", f"<details><summary>{title}</summary>", "", *lines, "", "</details>")


def _table(checks: Checks, column: str = "seen") -> Iterator[str]:
    if checks:
        yield from (f"| check | rule | {column} |", "|---|---|---|")
    for check in checks:
        rule = f"{_rule(check['title'])} ([page]({check['url']}))"
        yield f"| {_code(check['id'])} | {rule} | {_code(check['summary'])} |"


def _reasons(checks: Checks) -> Iterator[str]:
    """One row for each reason: one cause may concern most of the suite."""
    if checks:
        yield from ("| checks | why |", "|---|---|")
    for reason in dict.fromkeys(check["summary"] for check in checks):
        ids = [check["id"] for check in checks if check["summary"] == reason]
        more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        yield f"| {', '.join(map(_code, ids[:NAMED]))}{more} | {_code(reason)} |"


def _details(checks: Checks) -> Iterator[str]:
    """The first failures in full."""
    for check in checks[:MOST_DETAILS]:
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", check["message"])), default=0))
        yield from (_code(check["id"]), "", f"{fence}text", check["message"], fence, "")
    if len(checks) > MOST_DETAILS:
        yield f"… and {len(checks) - MOST_DETAILS} more: see the log"


def _rule(title: str) -> str:
    return title.replace("|", "\\|")


def _code(text: str) -> str:
    """Text that cannot leave its cell, become markup, make a link or mention a user."""
    return f"<code>{_entities(visible(text, 300))}</code>"


def _entities(text: str) -> str:
    """Every character that Markdown, HTML or GitHub could interpret, as an entity."""
    return "".join(
        char if not char.isascii() or char.isalnum() or char in " -/" else f"&#{ord(char)};"
        for char in text
    )
