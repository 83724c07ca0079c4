"""The rows of checks in the report of pytest-html."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import contracting
import pytest
from contracting import contract, faulty_app
from made_reports import check, diagnosis, made

from pytest_models_contract import plugin
from pytest_models_contract.report import pytest_html

FAULT = "envelope_key_absent[has_more]"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


def test_a_row_of_a_check_that_passed_shows_rule_and_evidence() -> None:
    log = ["a remark that nothing was captured"]
    pytest_html.add(check("a", message=None, evidence="27 <models>"), log, silent=True)
    assert "<strong>A rule with `code`.</strong>" in log[0]
    assert '<a href="https://page.test">' in log[0]
    assert "passed    27 &lt;models&gt;" in log[0]
    assert len(log) == 1


def test_a_row_without_evidence_shows_only_the_rule() -> None:
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
    plugin.pytest_html_results_table_html(report, log := ["a remark that nothing was captured"])
    assert len(log) == 1


def test_a_row_of_a_failure_keeps_its_text_and_links_the_page() -> None:
    text = "A rule with `code`.\n  page      https://page.test\n  seen      &lt;b&gt;"
    log = [text, "captured"]
    pytest_html.add(check("a", "violated", message="A rule with `code`.\n…"), log)
    assert log[0].count('<a href="https://page.test">') == 1
    assert log[0].endswith("&lt;b&gt;")
    assert log[1] == "captured"


def test_the_head_of_the_page_has_the_diagnoses() -> None:
    checks = [check("a", "violated"), check("b", "violated")]
    cause = diagnosis("a <b> is ignored", *checks, hint="read <it>")
    [head] = pytest_html.diagnoses(made(*checks, diagnoses=[cause]))
    assert "<strong>a &lt;b&gt; is ignored</strong><br>read &lt;it&gt;" in head
    assert "<br>order/a, order/b</li>" in head
    assert pytest_html.diagnoses(made(check("a"))) == []


def test_pytest_html_shows_rule_request_and_response(pytester: pytest.Pytester) -> None:
    pytest.importorskip("pytest_html", reason="pytest-html is not installed")
    app = faulty_app(pytester, FAULT)
    contract(pytester, "--html", "r.html", "--self-contained-html", app=app, process=True)
    page = (pytester.path / "r.html").read_text("utf-8")
    for said in (
        "Models API contract",
        "is true or false.",
        "python -c",
        "200, application/json",
        "27 models",
    ):
        assert said in page
