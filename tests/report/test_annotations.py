"""Findings where people look already: annotations on GitHub, rows of pytest-html."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import contracting
import pytest
from contracting import contract, faulty_app
from made_reports import check, made

from pytest_models_contract import plugin
from pytest_models_contract.report import github, pytest_html

FAULT = "envelope_key_absent[has_more]"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


# --- GitHub --------------------------------------------------------------------------------------


def test_findings_become_annotations() -> None:
    found = made(
        check("a", "violated", message="two\r\nlines, 100%: x"),
        check("b", "advice"),
        check("c", "expected"),
        check("d", "unexercised"),
    )
    assert list(github.commands(found, ["too old"])) == [
        "::error title=order/a::two%0D%0Alines, 100%25: x",
        "::warning title=order/b::text",
        "::error title=models contract::too old",
    ]


def test_a_title_is_escaped() -> None:
    found = made(check("x", "violated", id="retrieve/alias[a:b,c%]"))
    [line] = github.commands(found, [])
    assert line == "::error title=retrieve/alias[a%3Ab%2Cc%25]::text"


def test_one_cause_of_many_errors_is_one_annotation() -> None:
    found = made(*(check(f"c{n}", "error", summary="no server") for n in range(9)))
    assert len(list(github.commands(found, []))) == 1


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_they_appear_on_github_alone(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    if workers:
        pytest.importorskip("xdist")
    app = faulty_app(pytester, FAULT)
    assert "::error" not in contract(pytester, app=app).stdout.str()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    found = contract(pytester, *workers, app=app, process=bool(workers)).stdout.lines
    errors = [line for line in found if line.startswith("::error")]
    assert len(errors) == 1
    assert errors[0].startswith(
        "::error title=model_list/has_more::`has_more` is true or false.%0A"
    )


# --- pytest-html ---------------------------------------------------------------------------------


def test_a_row_of_what_holds_shows_rule_and_evidence() -> None:
    log = ["a remark on that nothing was said"]
    pytest_html.add(check("a", message=None, evidence="27 <models>"), log, silent=True)
    assert "<strong>A rule with `code`.</strong>" in log[0]
    assert '<a href="https://page.test">' in log[0]
    assert "holds     27 &lt;models&gt;" in log[0]
    assert len(log) == 1


def test_a_row_where_nothing_was_said_shows_the_rule_alone() -> None:
    log: list[str] = []
    pytest_html.add(check("a", message=None), log)
    assert [line.partition(" ")[0] for line in log[0].splitlines()] == ["<strong>A", ""]


def test_only_the_rows_of_checks_are_touched() -> None:
    report: Any = SimpleNamespace(longrepr=None, sections=[("stdout", "captured")])
    plugin.pytest_html_results_table_html(report, log := ["captured"])
    assert log == ["captured"]
    report.models_contract = check("a", message=None)
    plugin.pytest_html_results_table_html(report, log)
    assert log[0].startswith("<strong>A rule")
    assert log[1] == "captured"
    report.sections = []
    plugin.pytest_html_results_table_html(report, log := ["nothing was captured"])
    assert len(log) == 1


def test_a_row_of_a_failure_keeps_its_text_and_links_the_page() -> None:
    text = "A rule with `code`.\n  page      https://page.test\n  seen      &lt;b&gt;"
    log = [text, "captured"]
    pytest_html.add(check("a", "violated", message="A rule with `code`.\n…"), log)
    assert log[0].count('<a href="https://page.test">') == 1
    assert log[0].endswith("&lt;b&gt;")
    assert log[1] == "captured"


def test_pytest_html_shows_rule_curl_and_answer(pytester: pytest.Pytester) -> None:
    pytest.importorskip("pytest_html", reason="pytest-html is not installed")
    app = faulty_app(pytester, FAULT)
    contract(pytester, "--html", "r.html", "--self-contained-html", app=app, process=True)
    page = (pytester.path / "r.html").read_text("utf-8")
    for said in ("is true or false.", "curl -i", "200, application/json", "27 models"):
        assert said in page
