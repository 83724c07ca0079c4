"""The HTML report of runs: what it shows, and that no text of a server acts in it."""

from __future__ import annotations

import re

import contracting
import pytest
import webpage_reading
from contracting import contract, faulty_app, reported
from webpage_reading import BOTH, drawn, read, row, rows, written
from webpage_servers import FIRST_PAGE_ONLY, KEY

from pytest_models_contract.fake import Fake, serve
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.session import option_values

SECTIONS = ["diagnoses", "pages", "models", "requests", "checks", "untested"]
IGNORED = "cursor_ignored[after_id]"
WRONG_END = "before_gives_the_first_models[always]"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


# --- contents ------------------------------------------------------------------------------------


def test_the_page_of_a_conformant_server(pytester: pytest.Pytester) -> None:
    page, report = written(pytester, app=contracting.CONFORMANT_APP), reported(pytester)
    assert [own.attributes["id"] for own in page.all("section")] == SECTIONS
    assert page.all("h1")[0].text.startswith("✓ Conforms")
    assert "Each page held what was expected." in page.by_id("pages").text
    assert not [each for each in rows(page) if "wrong" in each.classes]
    models = page.by_id("models")
    ids = [cell.text for cell in models.all("th") if cell.attributes.get("scope") == "row"]
    assert ids == [model["id"] for model in Fake().models]
    assert "Claude Opus 5" in models.text
    assert "1,000,000" in models.text
    assert not models.all("td", "odd")
    sent = page.by_id("requests").all("table")[0].all("tr")[1:]
    assert len(sent) == report["requests"]
    shown = [check.all("code", "id")[0].text for check in page.all("details", "check")]
    assert shown == [check["id"] for check in report["checks"]]
    links = {link.attributes["href"] for link in page.by_id("checks").all("a")}
    assert links == {check["url"] for check in report["checks"]}


def test_each_link_inside_of_the_page_has_its_target(pytester: pytest.Pytester) -> None:
    page = written(pytester, app=faulty_app(pytester, IGNORED, "envelope_key_absent[first_id]"))
    names = [each.attributes["id"] for each in page.all("*") if "id" in each.attributes]
    assert len(names) == len(set(names))
    inside = [link.attributes["href"] for link in page.all("a")]
    assert {href[1:] for href in inside if href.startswith("#")} <= set(names)


def test_the_page_of_a_faulty_server(pytester: pytest.Pytester) -> None:
    page = written(pytester, app=faulty_app(pytester, IGNORED, "dates_are_epoch_seconds"))
    report = reported(pytester)
    assert page.all("h1")[0].text == "✗ Violates the contract"
    sentences = [each.text for each in page.by_id("diagnoses").all("p", "sentence")]
    assert sorted(sentences) == sorted(own["title"].replace("`", "") for own in report["diagnoses"])
    assert sentences[0].startswith("after_id is ignored")
    failed = [check for check in page.all("details", "check") if "violated" in check.classes]
    for check in failed:
        names = [each.text for each in check.all("dt")]
        assert [name for name in names if name in ("request", "response", "seen", "expected")] == [
            *("request", "response", "seen", "expected")
        ]
        command, button = check.all("span", "command")[0].inside
        assert command.text.startswith("python -c ")
        assert "hidden" in button.attributes
    assert len(failed) == report["counts"]["violated"] > 3
    odd = page.by_id("models").all("td", "odd")
    assert len(odd) == report["models"]
    assert "created_at is" in page.by_id("models").all("ol", "odd-values")[0].text


def test_a_server_gets_the_curl_line(pytester: pytest.Pytester) -> None:
    with serve(Fake(faults=[FAULTS[IGNORED]])) as base_url:
        page = written(pytester, "--models-base-url", base_url, app="")
    commands = [each.text for each in page.by_id("checks").all("span", "command")]
    assert f"curl -i '{base_url}/v1/models?" in "\n".join(commands)


def test_what_was_not_tested_comes_with_what_would_make_it_testable(
    pytester: pytest.Pytester,
) -> None:
    page = written(pytester, app=faulty_app(pytester, models=1))
    rows_of_reasons = page.by_id("untested").all("table", "reasons")[0].all("tr")[1:]
    reasons = {each.all("td")[0].text: each.all("td")[1].text for each in rows_of_reasons}
    assert (
        "variable MODELS_CONTRACT_API_KEY"
        in reasons["no key was sent: set MODELS_CONTRACT_API_KEY"]
    )
    assert all(reasons.values())
    options = page.by_id("untested").all("table", "options")[0].text
    for flag in ("--models-alias", "--models-upstream", "--models-client claude-code"):
        assert flag in options


def test_a_cassette_has_a_page_and_no_option_that_needs_a_server(pytester: pytest.Pytester) -> None:
    page = written(pytester, "--models-cassette", "reference", app="")
    assert "a recording" in page.all("p", "target")[0].text
    assert rows(page)
    assert "--models-upstream" not in page.by_id("untested").text


def test_a_server_that_is_not_there_has_a_page(pytester: pytest.Pytester) -> None:
    page = written(pytester, "--models-base-url", "http://127.0.0.1:9", app="")
    assert page.all("h1")[0].text == "? Could not be tested"
    assert "cannot connect" in page.by_id("diagnoses").text
    assert "no" in page.by_id("requests").text


def test_a_run_that_stops_early_has_a_page(pytester: pytest.Pytester) -> None:
    page = written(pytester, "-x", app=faulty_app(pytester, "envelope_key_absent[has_more]"))
    assert page.all("h1")[0].text.endswith("stopped early")
    assert rows(page)


@pytest.mark.slow
def test_explored_requests_are_counted(pytester: pytest.Pytester) -> None:
    page = written(pytester, "--models-explore", "40", app=faulty_app(pytester, IGNORED))
    assert re.search(r"\d+ more were sent and are not listed", page.by_id("requests").text)
    assert "explore/" in page.by_id("checks").text


@pytest.mark.slow
def test_workers_make_the_same_page(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    with serve(Fake(faults=[FAULTS["dates_are_epoch_seconds"]])) as base_url:
        options = (*BOTH, "--models-base-url", base_url)
        contract(pytester, *options, app="")
        alone = read(pytester.path / "report.html")
        contract(pytester, *options, "-n", "2", app="", process=True)
        split = read(pytester.path / "report.html")
    for section in ("pages", "models", "untested"):
        assert split.by_id(section).text == alone.by_id(section).text
    assert len(split.by_id("requests").all("tr")) == len(alone.by_id("requests").all("tr"))


# --- the page map --------------------------------------------------------------------------------


def test_the_map_of_an_ignored_cursor(pytester: pytest.Pytester) -> None:
    page = written(pytester, app=faulty_app(pytester, IGNORED))
    second = row(page, "after_id=claude-haiku-4-5-20251001 limit=9")
    assert drawn(second, "extra", 27) == [(1, 9)]
    assert drawn(second, "missing", 27) == [(10, 18)]
    assert second.all("span", "result")[0].text == "✗ the first page again"
    assert "the list never ends" in page.by_id("pages").text
    assert drawn(row(page, "limit=9"), "held", 27) == [(1, 9)]
    wrong = [each.all("code", "asked")[0].text for each in rows(page) if "wrong" in each.classes]
    assert all(asked.startswith(("after_id", "All")) for asked in wrong)


def test_the_map_of_before_id_from_the_wrong_end(pytester: pytest.Pytester) -> None:
    page = written(pytester, app=faulty_app(pytester, WRONG_END))
    wrong = row(page, "before_id=lab/claude été 2 limit=9")
    assert drawn(wrong, "extra", 27) == [(1, 9)]
    assert drawn(wrong, "missing", 27) == [(18, 26)]
    assert "from the wrong end" in wrong.text


def test_the_map_of_a_walk_that_ends_after_the_first_page(pytester: pytest.Pytester) -> None:
    page = written(pytester, app=faulty_app(pytester, "has_more_is[false]"))
    [walk] = [
        own for own in page.all("div", "map") if own.text.startswith("A walk forward with limit=9")
    ]
    whole = walk.all("li", "total")[0]
    assert drawn(whole, "held", 27) == [(1, 9)]
    assert drawn(whole, "missing", 27) == [(10, 27)]
    assert "has_more false, expected true" in row(page, "limit=9").text


def test_the_map_of_a_proxy_that_reads_one_page_of_its_upstream(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    pytester.makepyfile(one_page=FIRST_PAGE_ONLY)
    wanted = ("--models-upstream", "0", "-k", "every_model_is_listed or cursors")
    page = written(pytester, *wanted, app="one_page:app")
    size = reported(pytester)["upstream"]["models"]
    whole = row(page, "All pages together")
    assert drawn(whole, "held", size) == [(1, 20)]
    assert drawn(whole, "missing", size) == [(21, size)]
    lost = next(
        check
        for check in page.all("details", "check")
        if "every_model_is_listed" in check.text and "violated" in check.classes
    )
    ours, theirs = lost.all("div", "sides")[0].inside
    assert "request" in ours.text
    assert "GET /v1/models?limit=20 with the client's key: 200, 20 models" in theirs.text
    assert KEY not in (pytester.path / "report.html").read_text("utf-8")


# --- size, and what is needed ----------------------------------------------------------------------


@pytest.mark.slow
def test_a_page_of_27_models_is_small(pytester: pytest.Pytester) -> None:
    for faults in ((), ("list_status_is[500]",), ("capabilities_are[null]", IGNORED)):
        known = [name for name in faults if name in FAULTS]
        written(pytester, app=faulty_app(pytester, *known))
        assert (pytester.path / "report.html").stat().st_size < 1_000_000


@pytest.mark.slow
def test_a_page_of_10_000_models_is_not_large(pytester: pytest.Pytester) -> None:
    page = written(pytester, app=faulty_app(pytester, "dates_are_epoch_seconds", models=10_000))
    assert (pytester.path / "report.html").stat().st_size < 5_000_000
    table = page.by_id("models").all("table", "models")[0]
    assert len(table.all("tr")) == 10_001
    assert len(table.all("td", "odd")) == 10_000


def test_without_jinja2_nothing_is_sent(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(option_values, "find_spec", lambda _: None)
    fake = Fake()
    with serve(fake) as base_url:
        result = contract(pytester, *BOTH, "--models-base-url", base_url, app="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "pip install 'pytest-models-contract[html]'" in result.stderr.str()
    assert not fake.requests
    assert not list(pytester.path.glob("report.*"))


def test_the_reader_of_this_file_finds_what_is_there() -> None:
    page = webpage_reading.read(
        "<p class='a b'>x<b>y</b></p><table><tr><td>1<td>2<tr><td>3</table>"
    )
    assert page.all("p", "b")[0].text == "xy"
    assert [each.text for each in page.all("tr")] == ["12", "3"]
