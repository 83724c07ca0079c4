"""The table as Markdown: an overview, and a section for each server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pytest_models_contract.cli.matrix.table import Row, Table, areas, kind, sentence
from pytest_models_contract.cli.matrix.wording import LEGEND, MARKS, counted, facts, marked
from pytest_models_contract.report.contents import WORDS, plural
from pytest_models_contract.report.markdown_text import code, words

NAMED = 5
HEAD = """\
# The Models API contract, server by server"""
Check = dict[str, Any]


def text(made: Table, head: str = HEAD) -> str:
    """The table as Markdown. Text from a server cannot change its structure."""
    return "\n".join(_lines(made, head)) + "\n"


def _lines(made: Table, head: str) -> Iterator[str]:
    yield from (head, "", *_overview(made), "", LEGEND)
    if made["compared_with"]:
        yield from ("", f"Changes since {made['compared_with']}.")
    if made["gone"]:
        yield from ("", f"No longer in the table: {', '.join(map(code, made['gone']))}.")
    for row in made["servers"]:
        yield from ("", f"## {words(row['name'])}", "", *_section(row))


def _overview(made: Table) -> Iterator[str]:
    columns = areas(made)
    yield f"| server | {' | '.join(columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for row in made["servers"]:
        cells = [_cell(row["areas"].get(area)) for area in columns]
        if row["report"] is None:
            cells = ["did not run" if not n else "" for n in range(len(columns))]
        yield f"| {marked(words(row['name']), row['change'])} | {' | '.join(cells)} |"


def _cell(cell: dict[str, Any] | None) -> str:
    return marked(counted(cell), cell["change"]) if cell else ""


def _section(row: Row) -> Iterator[str]:
    yield from (f"{words(row['verdict'])}: {', '.join(map(words, facts(row)))}", "")
    yield from ("```sh", row["command"], "```")
    if row["said"]:
        fence = "`" * 4
        yield from ("", f"{fence}text", row["said"].replace("`" * 4, "` ` ` `"), fence)
    if row["report"]:
        yield from _diagnoses(row["report"])
    yield from _changes(row)


def _diagnoses(report: dict[str, Any]) -> Iterator[str]:
    kinds = {check["id"]: kind(check, report) for check in report["checks"]}
    if report["diagnoses"]:
        yield from ("", "| | diagnosis | checks |", "|---|---|---|")
    outcomes = [
        (_worst([kinds[check] for check in own["checks"]]), own) for own in report["diagnoses"]
    ]
    for worst, own in sorted(outcomes, key=lambda each: [*MARKS].index(each[0])):
        yield f"| {MARKS[worst]} {WORDS[worst]} | {words(sentence(own, report))} | {_named(own['checks'])} |"


def _worst(kinds: Sequence[str]) -> str:
    return next(each for each in MARKS if each in kinds)


def _named(checks: Sequence[str]) -> str:
    more = f" and {plural(len(checks) - NAMED, 'more check')}" if len(checks) > NAMED else ""
    return f"{', '.join(map(code, checks[:NAMED]))}{more}"


def _changes(row: Row) -> Iterator[str]:
    changes = [change for cell in row["areas"].values() for change in cell["changes"]]
    if changes:
        yield from ("", "| | check | before | now |", "|---|---|---|---|")
    for own in changes:
        was, now = (WORDS.get(own[when] or "", "no such check") for when in ("was", "now"))
        yield f"| {own['change']} | {code(own['check'])} | {was} | {now} |"
