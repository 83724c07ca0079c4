"""The report as Markdown: it shows what the terminal shows, and no text of a server breaks it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from made_reports import check, diagnosis, made

from pytest_models_contract.report import contents, markdown

HOSTILE = (
    "a|b",
    "</code></td></tr></table></details><h1>x</h1>",
    "@somebody #1 www.evil.test https://evil.test :tada: $x$ **b** _i_ ![i](http://i.test)",
    "back\\|slash\\",
    "`tick` ```` fence",
    "::error title=x::boom",
    "&lt;b&gt;",
)


def test_a_newer_revision_that_the_server_meets_is_named() -> None:
    text = text_of(rendered(made(check("a"), meets_revision="2026-10-07")))
    assert "Every model meets revision 2026-10-07 in full, which is newer than 2026-04-16" in text
    assert "Every model meets" not in text_of(rendered(made(check("a"))))


def rendered(found: contents.Report, *problems: str) -> str:
    renderer = pytest.importorskip("markdown_it").MarkdownIt("commonmark", {"html": True})
    return str(renderer.enable("table").render(markdown.as_markdown(found, problems)))


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


def test_markdown_shows_what_the_terminal_shows() -> None:
    found = made(check("a", "violated"), check("b", "advice"), check("c", "unexercised"))
    text = markdown.as_markdown(found, ["too old"])
    assert text.startswith("### ❌ Models API contract: violates the contract\n")
    assert "**1 failed, 1 advice, 1 not tested**" in text
    assert "- <code>too old</code>" in text
    rule = "A rule with `code`. ([page](https://page.test))"
    seen = "<code>GET /v1/models&#58; seen this</code>"
    assert f"| {rule} | <code>order/a</code> | {seen} |" in text
    assert text.count("<details>") == text.count("</details>") == 3


def test_a_diagnosis_is_a_row_and_its_other_checks_are_folded_away() -> None:
    checks = [check(name, "violated", message=f"text of {name}") for name in "abc"]
    found = made(*checks, diagnoses=[diagnosis("`limit` is ignored", *checks, hint="read it")])
    text = markdown.as_markdown(found, [])
    cause = "**<code>limit</code> is ignored**<br>read it"
    assert f"| {cause} | 3 checks, such as <code>order/a</code> |" in text
    shown, _, folded = text.partition("<summary>Further checks that failed for the same reasons")
    assert "text of a" in shown
    assert "text of b" not in text
    assert [name for name in "abc" if f"| <code>order/{name}</code> |" in folded] == ["b", "c"]


def test_markdown_is_short_when_all_is_fine() -> None:
    assert markdown.as_markdown(made(check("a")), []).splitlines() == [
        "### ✅ Models API contract: conforms",
        "",
        "<code>http&#58;//here&#46;test</code>, revision 2026-04-16: 27 models, 31 requests, 1.9 s",
        "",
        "**1 passed**",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_leaves_its_cell(text: str) -> None:
    checks = [check(name, "violated", summary=text, message=text, asked=text) for name in "ac"]
    cause = diagnosis(text, *checks, hint=text)
    found = made(*checks, check("b", "error", summary=text), diagnoses=[cause])
    html = rendered(found, text)
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    assert [row.count("<td") for row in rows] == [0, 3, 0, 2, 0, 3]
    assert "<h1>" not in html
    assert html.count("<a ") == html.count('href="https://page.test"') == 1
    assert "<strong>b<" not in html
    assert text in text_of(html.replace("<code>", "").replace("</code>", ""))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_mentions_no_user_and_makes_no_link(text: str) -> None:
    table = [
        line
        for line in markdown.as_markdown(made(check("a", "error", summary=text)), []).splitlines()
        if line.startswith("|")
    ]
    for sign in ("@", ":tada:", "www.", "https:", "$x$", "`"):
        assert sign not in "\n".join(table)


def test_one_cause_of_many_errors_is_one_row() -> None:
    found = made(*(check(f"c{n}", "error", summary="no server") for n in range(99)))
    assert markdown.as_markdown(found, []).count("no server") == 1


def test_a_comment_has_room_for_it() -> None:
    long = "x" * 3000
    found = made(*(check(f"c{n}", "violated", message=long, summary=long) for n in range(60)))
    text = markdown.as_markdown(found, [])
    assert len(text) < 65536
    assert "… and 50 more: see the log" in text
