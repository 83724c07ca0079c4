"""What a run leaves behind: JSON for programs, Markdown, annotations and closing lines for people."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import contracting
import jsonschema
import pytest
from contracting import HONEST, contract, liar, reported

from pytest_models_contract import github, markdown, markup, report, summary
from pytest_models_contract.summary import Findings

KEY = "sk-s3cret-0123456789"
LIE = "envelope_key_absent[has_more]"
HOSTILE = (
    "a|b",
    "</code></td></tr></table></details><h1>x</h1>",
    "@somebody #1 www.evil.test https://evil.test :tada: $x$ **b** _i_ ![i](http://i.test)",
    "back\\|slash\\",
    "`tick` ```` fence",
    "::error title=x::boom",
    "&lt;b&gt;",
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


def schema() -> Any:
    path = resources.files("pytest_models_contract.schemas").joinpath("report.json")
    return json.loads(path.read_text("utf-8"))


def check(name: str, kind: str = "holds", **more: Any) -> dict[str, Any]:
    verdict = {"advice": "violated", "expected": "violated", "stale": "holds"}.get(kind, kind)
    return {
        "id": f"order/{name}",
        "level": "should" if kind == "advice" else "must",
        "verdict": verdict,
        "expected": kind == "expected",
        "clause": "model_list#",
        "title": "A rule with `code`.",
        "url": "https://page.test",
        "message": "text",
        "evidence": None,
        "duration_s": 0.1,
        "kind": kind,
        "place": 0,
        "summary": "seen this",
        **more,
    }


def made(*checks: dict[str, Any], **more: Any) -> report.Report:
    kinds = [report._counted_as(each) for each in checks]
    counts = {name: kinds.count(name) for name in report.COUNTS}
    return {
        "report": 1,
        "plugin": "0.1.0",
        "revision": "2026-04-16",
        "target": {"kind": "live", "where": "http://here.test"},
        "started_at": "2026-11-20T10:00:00Z",
        "duration_s": 1.94,
        "requests": 31,
        "models": 27,
        "verdict": report._verdict(counts, interrupted=False),
        "complete": True,
        "interrupted": False,
        "news": [],
        "meets_revision": "2026-04-16",
        "counts": counts,
        "checks": list(checks),
        **more,
    }


# --- JSON ----------------------------------------------------------------------------------------


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("lies", [(), (LIE,), ("list_shape_is[openai]",), ("list_redirects[301]",)])
def test_a_report_is_as_promised(pytester: pytest.Pytester, lies: tuple[str, ...]) -> None:
    contract(pytester, "--models-report", "report.json", app=liar(pytester, *lies))
    found = reported(pytester)
    jsonschema.validate(found, schema())
    assert list(found) == schema()["required"]
    assert all(list(each) == list(report.PROMISED) for each in found["checks"])
    assert sum(found["counts"].values()) == len(found["checks"])
    assert found["target"] == {"kind": "app", "where": "liar:app"}


def test_the_promise_of_the_interface_is_the_schemas() -> None:
    promised = """report plugin revision target started_at duration_s requests models verdict complete
    interrupted news meets_revision counts checks"""
    assert schema()["required"] == promised.split()
    assert schema()["$defs"]["check"]["required"] == list(report.PROMISED)
    assert schema()["properties"]["counts"]["required"] == list(report.COUNTS)


def test_the_numbers_are_those_of_the_run(pytester: pytest.Pytester) -> None:
    contract(pytester, "--models-report", "report.json")
    found = reported(pytester)
    assert found["models"] == 27
    assert found["requests"] > 27
    assert found["meets_revision"] == "2026-04-16"
    assert (found["verdict"], found["interrupted"], found["news"]) == ("conforms", False, [])


def test_news_say_since_when_a_field_is_known(pytester: pytest.Pytester) -> None:
    app = liar(pytester, revision="2026-10-07")
    contract(pytester, "--models-report", "report.json", app=app)
    found = reported(pytester)
    assert "ModelInfo.lifecycle, known since 2026-10-07" in found["news"]
    assert found["meets_revision"] == "2026-10-07"


def test_checks_that_need_an_option_are_not_in_it(pytester: pytest.Pytester) -> None:
    contract(pytester, "--models-report", "report.json")
    areas = {each["id"].partition("/")[0] for each in reported(pytester)["checks"]}
    assert "clients" not in areas
    contract(pytester, "--models-report", "report.json", "--models-client", "claude-code")
    areas = {each["id"].partition("/")[0] for each in reported(pytester)["checks"]}
    assert "clients" in areas


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [
        (["holds"], "conforms"),
        (["holds", "advice", "expected", "unexercised", "stale"], "conforms"),
        (["holds", "violated"], "violates"),
        (["violated", "error"], "violates"),
        (["holds", "error"], "error"),
        (["unexercised"], "error"),
        ([], "error"),
    ],
)
def test_the_verdict_is_the_worst_that_was_found(kinds: list[str], verdict: str) -> None:
    assert made(*(check(kind, kind) for kind in kinds))["verdict"] == verdict


@pytest.mark.parametrize(
    ("kind", "level", "gap"),
    [
        ("unexercised", "must", True),
        ("unexercised", "should", False),
        ("holds", "must", False),
        ("violated", "must", False),
        ("error", "must", False),
    ],
)
def test_complete_is_false_while_a_must_is_unexercised(kind: str, level: str, gap: bool) -> None:
    assert report._is_a_gap(check("a", kind, level=level)) is gap


def test_no_key_is_in_any_file(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    app = liar(pytester, "key_in_body_of[page]", "key_in_message_of[404]", key=KEY)
    result = contract(
        pytester, "--models-report", "report.json", "--models-report", "report.md", app=app
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    for text in (result.stdout.str(), *(path.read_text() for path in pytester.path.glob("rep*"))):
        assert KEY not in text


def test_a_field_name_may_be_a_secret_too(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    app = liar(pytester, models=[{"id": "claude-a", KEY: 1}], key=KEY)
    result = contract(pytester, "--models-report", "report.json", app=app)
    assert reported(pytester)["news"] == ["ModelInfo.***, in no known revision"]
    assert KEY not in result.stdout.str()


def test_under_xdist_the_controller_writes_one_report(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    contract(pytester, "--models-report", "alone.json")
    contract(pytester, "--models-report", "report.json", "-n", "2", process=True)
    alone, many = reported(pytester, "alone.json"), reported(pytester)
    jsonschema.validate(many, schema())
    assert [each["id"] for each in many["checks"]] == [each["id"] for each in alone["checks"]]
    same = ("verdict", "counts", "models", "target", "meets_revision", "complete")
    assert [many[name] for name in same] == [alone[name] for name in same]


# --- writing -------------------------------------------------------------------------------------


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.json"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        report.write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_output_that_became_unwritable_is_exit_status_4(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import shutil

        def pytest_runtestloop():
            shutil.rmtree("out")
        """
    )
    pytester.mkdir("out")
    result = contract(pytester, "--models-report", "out/r.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--models-report" in result.stdout.str()
    assert "could not be written" in result.stdout.str()


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a child")
def test_ctrl_c_leaves_a_report(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    if workers:
        pytest.importorskip("xdist")
    pytester.makepyfile(
        slow="""
        import time
        from pytest_models_contract.fake import Fake

        def tarry(ask, question):
            time.sleep(0.1)
            return ask(question)

        app = Fake(faults=[tarry])
        """
    )
    command = [sys.executable, "-m", "pytest", *contracting.LOADED, "--models-contract", "-v"]
    asked = ["--models-app", "slow:app", "--models-report", "report.json", *workers]
    run = subprocess.Popen(  # noqa: S603 - pytest itself
        [*command, *asked],
        cwd=pytester.path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert run.stdout is not None
    for line in run.stdout:
        if "PASSED" in line:
            break
    time.sleep(0.5)
    os.killpg(run.pid, signal.SIGINT)
    run.communicate(timeout=60)
    assert run.returncode == pytest.ExitCode.INTERRUPTED
    found = reported(pytester)
    jsonschema.validate(found, schema())
    assert (found["interrupted"], found["verdict"]) == (True, "error")
    assert found["requests"] > 0
    assert found["checks"]


def test_a_run_that_stops_at_the_first_failure_says_so(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "-x", "--models-report", "report.json", app=liar(pytester, LIE))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert reported(pytester)["interrupted"] is True
    assert "violates the contract, stopped early" in result.stdout.str()


# --- the closing lines ---------------------------------------------------------------------------


def lines(found: report.Report, **more: Any) -> list[str]:
    findings = replace(Findings([], []), **more)
    return [line for line, _ in summary.lines(found, findings)]


def test_when_all_is_fine_two_lines_say_so() -> None:
    assert lines(made(check("a"), check("b"))) == [
        "http://here.test: revision 2026-04-16, 27 models, 31 requests, 1.9 s",
        "holds 2: conforms",
    ]


def test_one_of_each_is_counted_as_one() -> None:
    head, _ = lines(made(check("a"), models=1, requests=1))
    assert head.endswith("1 model, 1 request, 1.9 s")


def test_a_finding_is_a_line_and_advice_stands_apart() -> None:
    found = made(check("a", "violated"), check("b", "advice"), check("c", "expected"))
    assert lines(found)[1:] == [
        "violated:",
        "  order/a  seen this",
        "advice (--models-strict makes it fail):",
        "  order/b  seen this",
        "known deviations:",
        "  order/c  seen this",
        "violated 1, advice 1, expected 1: violates the contract",
    ]


def test_what_has_one_cause_is_told_once() -> None:
    checks = [check(f"c{n}", "unexercised", summary="see order/a") for n in range(5)]
    checks += [check("z", "unexercised", id="limit/z", summary="see order/a")]
    found = lines(made(check("a"), *checks, complete=False))
    assert found[1:] == [
        "unexercised:",
        "  6 checks: order 5, limit 1",
        "    see order/a",
        "holds 1, unexercised 6: conforms, as far as exercised",
    ]


def test_verbose_names_them_all() -> None:
    checks = [check(f"c{n}", "unexercised") for n in range(5)]
    found = lines(made(check("a"), *checks), verbose=True)
    assert [line for line in found if line.startswith("  order/c")] == [
        f"  order/c{n}  seen this" for n in range(5)
    ]


@pytest.mark.parametrize(
    "kind", ["violated", "advice", "unexercised", "error", "expected", "stale"]
)
@pytest.mark.parametrize("name", ["a", "a_long_name" * 5])
def test_it_fits_80_columns(kind: str, name: str) -> None:
    checks = [check(f"{name}{n}", kind, summary="seen " * 99) for n in range(6)]
    news = ["ModelInfo." + "x" * 99]
    where = {"kind": "live", "where": "http://" + "h" * 60}
    told = lines(
        made(*checks, news=news, target=where, meets_revision="2024-12-17"),
        complaints=["a sentence " * 20],
        notes=["a note " * 30],
    )
    assert max(map(len, told)) <= 80


@pytest.mark.parametrize("sign", ["\x1b[31m", "\n::error::", "\r", "\u202e"])
def test_no_line_acts_on_the_terminal_or_the_runner(sign: str) -> None:
    found = made(check("a", "violated", summary=f"{sign}x"), news=[f"ModelInfo.{sign}x"])
    assert not any(sign in line for line in lines(found))


@pytest.mark.parametrize(
    ("more", "kinds"),
    [({"complaints": ["too old"]}, []), ({}, ["stale"]), ({"complete": True}, ["unexercised"])],
)
def test_a_red_run_is_not_told_as_a_green_one(more: dict[str, Any], kinds: list[str]) -> None:
    found = made(check("a"), *(check(kind, kind) for kind in kinds))
    *_, (last, colour) = summary.lines(found, replace(Findings([], []), **more))
    assert last.endswith("conforms, but the run fails")
    assert colour["red"]
    assert not colour["green"]


# --- Markdown ------------------------------------------------------------------------------------


def rendered(found: report.Report, *complaints: str) -> str:
    renderer = pytest.importorskip("markdown_it").MarkdownIt("commonmark", {"html": True})
    return str(renderer.enable("table").render(markdown.as_markdown(found, complaints)))


def text_of(html: str) -> str:
    from html import unescape

    return unescape(re.sub(r"<[^>]+>", " ", html))


def test_markdown_tells_what_the_terminal_tells() -> None:
    found = made(check("a", "violated"), check("b", "advice"), check("c", "unexercised"))
    text = markdown.as_markdown(found, ["too old"])
    assert text.startswith("### ❌ Models API contract: violates the contract\n")
    assert "**violated 1, advice 1, unexercised 1**" in text
    assert "- <code>too old</code>" in text
    assert "| <code>order/a</code> | A rule with `code`. ([page](https://page.test)) |" in text
    assert text.count("<details>") == text.count("</details>") == 3


def test_markdown_is_short_when_all_is_fine() -> None:
    assert markdown.as_markdown(made(check("a")), []).splitlines() == [
        "### ✅ Models API contract: conforms",
        "",
        "<code>http&#58;//here&#46;test</code>, revision 2026-04-16: 27 models, 31 requests, 1.9 s",
        "",
        "**holds 1**",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_left(text: str) -> None:
    found = made(
        check("a", "violated", summary=text, message=text), check("b", "error", summary=text)
    )
    html = rendered(found, text)
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    assert [row.count("<td") for row in rows] == [0, 3, 0, 2]
    assert "<h1>" not in html
    assert html.count("<a ") == html.count('href="https://page.test"') == 1
    assert "<strong>b" not in html
    assert text in text_of(html.replace("<code>", "").replace("</code>", ""))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_cell_calls_anybody(text: str) -> None:
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


# --- annotations ---------------------------------------------------------------------------------


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
    app = liar(pytester, LIE)
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
    log = [f"<span>{markup.EMPTY}</span>"]
    markup.add(check("a", message=None, evidence="27 <models>"), log)
    assert "<strong>A rule with `code`.</strong>" in log[0]
    assert '<a href="https://page.test">' in log[0]
    assert "holds     27 &lt;models&gt;" in log[0]
    assert len(log) == 1


def test_a_row_of_a_failure_keeps_its_text_and_links_the_page() -> None:
    text = "A rule with `code`.\n  page      https://page.test\n  seen      &lt;b&gt;"
    log = [text, "captured"]
    markup.add(check("a", "violated", message="A rule with `code`.\n…"), log)
    assert log[0].count('<a href="https://page.test">') == 1
    assert log[0].endswith("&lt;b&gt;")
    assert log[1] == "captured"


def test_pytest_html_shows_rule_curl_and_answer(pytester: pytest.Pytester) -> None:
    pytest.importorskip("pytest_html", reason="pytest-html is not installed")
    app = liar(pytester, LIE)
    contract(pytester, "--html", "r.html", "--self-contained-html", app=app, process=True)
    page = (pytester.path / "r.html").read_text("utf-8")
    for said in ("is true or false.", "curl -i", "200, application/json", "27 models"):
        assert said in page


def test_an_honest_server_is_told_in_a_few_lines(pytester: pytest.Pytester) -> None:
    text = contract(pytester, "-q").stdout.str()
    closing = text.partition("= models contract =")[2]
    assert HONEST in closing
    assert len(closing.splitlines()) < 16
