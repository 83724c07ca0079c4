"""The table: its cells, what changed since an earlier one, and its pages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import made_reports
import pytest
from made_reports import diagnosis, made
from markdown_it import MarkdownIt

from pytest_models_contract.cli.check import UsageError
from pytest_models_contract.cli.matrix import changes, markdown, page
from pytest_models_contract.cli.matrix.table import Row, Table, areas, table
from pytest_models_contract.report import contents
from pytest_models_contract.suite.checks import DOCUMENT

HOSTILE = '</pre><script>alert(1)</script><img src=x onerror=alert(2)>|`[a](javascript:x)\u202e"'
ANCHOR = re.compile(rf"{re.escape(DOCUMENT)}#[\w-]+")


def check(name: str, kind: str, **more: Any) -> dict[str, Any]:
    """A check of the JSON report, by its whole id."""
    found = made_reports.check("x", kind, **more)
    return {**{key: found[key] for key in contents.PROMISED}, "id": name}


def row(name: str, *checks: dict[str, Any], status: int = 0, **more: Any) -> Row:
    report = made(*({**made_reports.check("x"), **each} for each in checks))
    report["checks"] = list(checks)
    kinds = {"advice": sum(c["level"] == "should" and c["verdict"] == "violated" for c in checks)}
    report["counts"] |= kinds
    report |= {
        "diagnoses": [diagnosis(c["title"], c) for c in checks if c["verdict"] == "violated"]
    }
    command = f"models-contract check {name}:app"
    return {
        "name": name,
        "command": command,
        "status": status,
        "said": None,
        "report": {**report, **more},
    }


def nothing(name: str, said: str = "it did not start") -> Row:
    return {
        "name": name,
        "command": "models-contract check",
        "status": 4,
        "said": said,
        "report": None,
    }


def cell(made: Table, name: str, area: str = "order") -> Any:
    [found] = [row for row in made["servers"] if row["name"] == name]
    return found["areas"][area]


# --- cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [
        (["holds", "unexercised"], "holds"),
        (["unexercised"], "unexercised"),
        (["holds", "expected"], "expected"),
        (["expected", "advice"], "advice"),
        (["advice", "error"], "error"),
        (["error", "violated", "holds"], "violated"),
    ],
)
def test_a_cell_has_the_verdict_of_its_worst_check(kinds: list[str], verdict: str) -> None:
    found = cell(table([row("a", *(check(f"order/{kind}", kind) for kind in kinds))]), "a")
    assert found["verdict"] == verdict
    assert found["checks"] == {f"order/{kind}": kind for kind in kinds}


def test_a_cell_has_the_diagnoses_of_its_checks() -> None:
    one, two, three = (check(name, "violated") for name in ("order/a", "limit/b", "limit/c"))
    own = [diagnosis("both", one, two), diagnosis("third", three)]
    found = table([row("a", one, two, three, diagnoses=own)])
    assert areas(found) == ["order", "limit"]
    assert cell(found, "a")["diagnoses"] == ["both"]
    assert cell(found, "a", "limit")["diagnoses"] == ["both", "third"]


def test_a_rule_without_a_diagnosis_is_named_as_such() -> None:
    found = table([row("a", check("order/a", "violated", title="The list is sorted."))])
    shown = "this rule is not kept: The list is sorted."
    assert cell(found, "a")["diagnoses"] == [shown]
    assert shown in Tags(page.text(found)).text
    assert "this rule is not kept&#58; The list is sorted&#46;" in markdown.text(found)


def test_in_a_strict_run_a_violated_should_has_failed() -> None:
    strict = row("a", check("order/a", "advice"))
    strict["report"]["counts"]["advice"] = 0
    assert cell(table([strict]), "a")["verdict"] == "violated"


def test_the_reason_is_there_where_a_server_could_not_be_tested() -> None:
    found = table([row("a", check("order/a", "error", message="cannot connect\nmore"), status=1)])
    assert found["servers"][0]["said"] == "cannot connect"


def test_a_run_may_fail_although_the_server_conforms() -> None:
    rows = table([
        row("a", status=1, verdict="conforms"),
        row("b", status=1, verdict="violates"),
        row("c", status=0, verdict="conforms"),
    ])  # fmt: skip
    assert [own["verdict"] for own in rows["servers"]] == [
        "conforms, but the run failed: exit status 1",
        "violates the contract",
        "conforms",
    ]


# --- changes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        (["holds"], ["holds"], None),
        (["holds"], ["violated"], "worse"),
        (["advice"], ["violated"], "worse"),
        (["violated"], ["expected"], "better"),
        (["violated"], ["holds"], "better"),
        (["holds"], ["unexercised"], "changed"),
        (["violated", "holds"], ["holds", "violated"], "worse"),
        (["holds", "holds"], ["holds"], None),
        (["holds"], ["holds", "violated"], "changed"),
    ],
)
def test_what_changed_is_marked(was: list[str], now: list[str], change: str | None) -> None:
    before, after = (
        table([row("a", *(check(f"order/{n}", kind) for n, kind in enumerate(kinds)))])
        for kinds in (was, now)
    )
    changes.mark(after, before)
    assert cell(after, "a")["change"] == change
    assert [own["check"] for own in cell(after, "a")["changes"]] == [
        f"order/{n}"
        for n in range(max(len(was), len(now)))
        if was[n : n + 1] != now[n : n + 1] and change
    ]
    assert after["compared_with"] == before["made_at"]


def test_servers_and_areas_that_came_and_went() -> None:
    before = table(
        [row("a", check("order/a", "holds")), nothing("b"), row("c"), row("gone"), nothing("e")]
    )
    after = table([
        row("a", check("order/a", "holds"), check("limit/a", "holds")),
        row("b"), nothing("c"), row("d"), nothing("e"),
    ])  # fmt: skip
    changes.mark(after, before)
    assert [own["change"] for own in after["servers"]] == [None, "better", "worse", "new", None]
    assert (cell(after, "a", "limit")["change"], cell(after, "a")["change"]) == ("new", None)
    assert after["gone"] == ["gone"]


def test_what_is_no_earlier_table(tmp_path: Path) -> None:
    path = tmp_path / "earlier.json"
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        changes.load(path)
    for text in ("{", "[]", json.dumps(made())):
        path.write_text(text)
        with pytest.raises(
            UsageError, match=r"give a \.json that `models-contract matrix -o` wrote"
        ):
            changes.load(path)
    path.write_text(json.dumps(table([row("a")])))
    assert [own["name"] for own in changes.load(path)["servers"]] == ["a"]


# --- pages ---------------------------------------------------------------------------------------


def compared() -> Table:
    """A table with everything in it that a page shows."""
    own = [
        check("order/a", "violated", message=HOSTILE, title=HOSTILE),
        check("order/b", "holds"),
        check("order/[param]", "advice"),
        check("limit/a", "unexercised", message="no case"),
        check("errors/a", "expected"),
        check("retrieve/a", "error", message="cannot connect"),
    ]
    before = table([row("a", check("order/a", "holds")), row("gone" + HOSTILE), row("c")])
    after = table(
        [row("a", *own, status=1), nothing("b" + HOSTILE, HOSTILE), nothing("c"), row("d", own[1])]
    )
    changes.mark(after, before)
    return after


class Tags(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_loads_and_runs_nothing() -> None:
    text = page.text(compared())
    tags = Tags(text)
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policies = [own["content"] for tag, own in tags.found if own.get("http-equiv")]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]
    assert {"script", "img", "link", "iframe", "object", "form"}.isdisjoint(
        tag for tag, _ in tags.found
    )
    attributes = {name for _, own in tags.found for name in own}
    assert {
        name for name in attributes if name.startswith("on") or name in ("src", "style")
    } == set()
    assert all(ANCHOR.fullmatch(own["href"] or "") for _, own in tags.found if "href" in own)
    assert "url(" not in style
    assert "@import" not in style


def test_the_page_shows_the_table() -> None:
    text = Tags(page.text(compared())).text
    for shown in (
        *(
            "✗ 1 failed",
            "- 1 not tested",
            "≈ 1 known deviation",
            "? 1 could not test",
            "? did not run",
        ),
        *(
            "▼ worse",
            "● new",
            "▼ order/a: passed before, failed now",
            "models-contract check a:app",
        ),
        *(
            "revision 2026-04-16, meets 2026-04-16 in full, 27 models",
            "version 0.1.0",
            "2026-11-20",
        ),
        "<script>alert(1)</script>",
    ):
        assert shown in text
    assert "\u202e" not in text


def test_markdown_shows_the_table_and_keeps_its_structure() -> None:
    text = markdown.text(compared())
    assert "| server | order | limit | retrieve | errors |" in text
    assert "| a | ✗ 1 failed ▼ worse | - 1 not tested ● new | ? 1 could not test ● new |" in text
    assert "| worse | <code>order/a</code> | passed | failed |" in text
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    tags = Tags(html)
    assert {"script", "img", "a"}.isdisjoint(tag for tag, _ in tags.found)
    assert "<script>alert(1)</script>" in tags.text
    first, _ = html.split("</table>", 1)
    widths = {line.count("<td>") for line in first.split("</tr>")[1:-1]}
    assert widths == {5}


def test_a_server_that_was_not_run_has_its_reason_alone() -> None:
    stopped = table([{**nothing("a", "not run: stopped by Ctrl-C"), "status": None}])
    for text in (Tags(page.text(stopped)).text, markdown.text(stopped)):
        assert "not run: stopped by Ctrl-C" in text
        assert "exit status" not in text


def test_without_jinja_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert page.why_not() == ""
    monkeypatch.setattr(page, "find_spec", lambda _: None)
    assert page.why_not() == "an HTML page needs Jinja2: pip install 'pytest-models-contract[html]'"
