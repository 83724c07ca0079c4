"""The report for people: made for `$GITHUB_STEP_SUMMARY` and for comments on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pytest_models_contract.client.redact import visible
from pytest_models_contract.report.contents import KINDS, Report, counted, last_word, of_kind, size

MARKS = {"conforms": "✅", "violates": "❌", "error": "⚠️"}
MOST_DETAILS = 10
"""A comment on GitHub holds 65536 characters."""
NAMED = 3

Checks = Sequence[dict[str, Any]]


def as_markdown(report: Report, problems: Sequence[str]) -> str:
    """The report as Markdown; nothing that a server said can leave its place in it."""
    return "\n".join(_lines(report, problems)) + "\n"


def _lines(report: Report, problems: Sequence[str]) -> Iterator[str]:
    where = report["target"]["where"] if report["target"] else "no server"
    found = {kind: of_kind(report, kind) for kind in KINDS}
    mark = "❌" if problems or found["stale"] else MARKS[report["verdict"]]
    yield f"### {mark} Models API contract: {last_word(report)}"
    yield from ("", f"{_code(where)}, revision {report['revision']}: {size(report)}")
    yield from ("", f"**{counted(report)}**")
    if problems:
        yield from ("", *(f"- {_code(text)}" for text in problems))
    yield from _section("Violated", _table(found["violated"]))
    yield from _section("Not judged", _reasons(found["error"]))
    yield from _section("Known deviations no more", _table(found["stale"]))
    yield from _fold("What was asked and answered", _details(found["violated"]))
    yield from _fold("Advice: does not fail the run", _table(found["advice"]))
    yield from _fold("Known deviations", _table(found["expected"], "reason"))
    yield from _fold("Unexercised: no occasion to try it", _reasons(found["unexercised"]))
    news = [f"- {_code(text)}" for text in report["news"]]
    yield from _fold("News: fields that this revision does not know", news)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    if lines := list(lines):
        yield from ("", f"#### {title}", "", *lines)


def _fold(title: str, lines: Iterable[str]) -> Iterator[str]:
    if lines := list(lines):
        yield from ("", f"<details><summary>{title}</summary>", "", *lines, "", "</details>")


def _table(checks: Checks, told: str = "what was seen") -> Iterator[str]:
    if checks:
        yield from (f"| check | rule | {told} |", "|---|---|---|")
    for check in checks:
        rule = f"{_rule(check['title'])} ([page]({check['url']}))"
        yield f"| {_code(check['id'])} | {rule} | {_code(check['summary'])} |"


def _reasons(checks: Checks) -> Iterator[str]:
    """A row for each reason, since one cause may concern most of the suite."""
    if checks:
        yield from ("| checks | why |", "|---|---|")
    for reason in dict.fromkeys(check["summary"] for check in checks):
        ids = [check["id"] for check in checks if check["summary"] == reason]
        more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        yield f"| {', '.join(map(_code, ids[:NAMED]))}{more} | {_code(reason)} |"


def _details(checks: Checks) -> Iterator[str]:
    """The failures in full, the first of them."""
    for check in checks[:MOST_DETAILS]:
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", check["message"])), default=0))
        yield from (_code(check["id"]), "", f"{fence}text", check["message"], fence, "")
    if len(checks) > MOST_DETAILS:
        yield f"… and {len(checks) - MOST_DETAILS} more: see the log"


def _rule(title: str) -> str:
    return title.replace("|", "\\|")


def _code(text: str) -> str:
    """Text that cannot leave its cell, become markup, link anything or call anybody."""
    return f"<code>{_entities(visible(text, 300))}</code>"


def _entities(text: str) -> str:
    """Every sign that Markdown, HTML or GitHub could take for more than a sign, as an entity."""
    return "".join(
        char if not char.isascii() or char.isalnum() or char in " -/" else f"&#{ord(char)};"
        for char in text
    )
