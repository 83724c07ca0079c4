"""The sections of the HTML report from data made by hand: what runs seldom show, and the bounds."""

from __future__ import annotations

from typing import Any

from made_reports import check, made
from webpage_reading import Element, read

from pytest_models_contract.evidence.overview.requests import RequestRow
from pytest_models_contract.report.webpage import models, pages, requests
from pytest_models_contract.report.webpage.rendering import as_html

NOTHING: dict[str, Any] = {"requests": [], "catalogue": None}


def page(*checks: dict[str, Any], catalogue: Any = None, **more: Any) -> Element:
    overview = {"requests": [], "catalogue": catalogue}
    return read(as_html(made(*checks, **more), [], overview, {}))


def catalogue(*rows: Any, problems: Any = (), profiles: Any = (("yes", "no"),)) -> dict[str, Any]:
    """A catalogue of models with one column and two capabilities."""
    table = {
        "columns": ["max_tokens"],
        "capabilities": ["batch", "effort"],
        "profiles": list(profiles),
        "problems": list(problems),
        "rows": list(rows),
        "left": 0,
    }
    drawing = {"size": 3, "of_upstream": False, "groups": [], "not_compared": ""}
    return {**drawing, "models": table}


# --- head, findings ------------------------------------------------------------------------------


def test_without_any_evidence_only_the_checks_are_shown() -> None:
    found = page(check("a", "error", summary="no server"), check("b", "error", summary="no server"))
    assert [own.attributes["id"] for own in found.all("section")] == [
        "diagnoses",
        "checks",
        "untested",
    ]
    assert "2 checks such as order/a" in found.by_id("diagnoses").text
    assert found.all("h1")[0].text == "? Could not be tested"


def test_problems_fail_the_run() -> None:
    text = as_html(made(check("a")), ["the `cassette` is too old"], NOTHING, {})
    found = read(text)
    assert "violates" in found.all("header")[0].classes
    assert found.all("div", "problems")[0].text == "The run fails because the cassette is too old"


def test_a_known_deviation_that_passes_is_said_first() -> None:
    found = page(check("a", "stale", summary="delete its entry"))
    assert "order/a delete its entry" in found.by_id("diagnoses").text


def test_a_known_deviation_has_its_reason() -> None:
    found = page(check("a", "expected", summary="tracked in #42"))
    texts = [each.text for each in found.by_id("checks").all("dd")]
    assert "tracked in #42" in texts


def test_the_head_names_the_upstream_the_other_revision_and_notes() -> None:
    upstream = {"requests": 412, "models": 1205, "expect": "mirror"}
    found = page(
        check("a", note="a response came only after a retry"),
        upstream=upstream,
        meets_revision="2026-10-07",
    )
    facts = found.all("dl", "facts")[0].text
    assert "412 requests" in facts
    assert "1,205" in facts
    assert "revision 2026-10-07" in facts
    assert "order/a: a response came only after a retry" in found.by_id("diagnoses").text


def test_many_checks_of_a_diagnosis_are_counted() -> None:
    checks = [check(f"c{n}", "violated") for n in range(60)]
    cause = {"title": "x", "level": "must", "hint": None, "expected": False}
    cause["checks"] = [each["id"] for each in checks]
    assert "and 20 more" in page(*checks, diagnoses=[cause]).by_id("diagnoses").text


# --- models --------------------------------------------------------------------------------------


def test_wrong_capabilities_are_marked_in_their_column() -> None:
    problems = [["capabilities.effort.max", "effort.max is 5"], ["max_tokens", "max_tokens is x"]]
    rows = [["a", ["7"], 0, [0]], ["b", ["x"], 0, [1]], ["c", ["7"], 0, []]]
    found = page(catalogue=catalogue(*rows, problems=problems)).by_id("models")
    marked = [[cell.text for cell in row.all("td", "odd")] for row in found.all("tr")[1:]]
    assert marked == [["\u2013"], ["x"], []]
    assert [row.all("td")[-1].text for row in found.all("tr")[1:]] == ["1", "2", ""]


def test_all_capabilities_unknown_are_one_cell() -> None:
    profiles = [("null", "null"), ("?", "yes 3/5")]
    rows = [["a", ["7"], 0, []], ["b", ["7"], 1, []]]
    one, two = page(catalogue=catalogue(*rows, profiles=profiles)).by_id("models").all("tr")[1:]
    assert one.all("td", "none")[0].attributes["colspan"] == "2"
    assert [cell.text for cell in two.all("td")][-2:] == ["?", "✓ 3/5"]


def test_more_wrong_values_than_are_explained_have_a_mark() -> None:
    problems = [["max_tokens", f"max_tokens is {n}"] for n in range(models.MOST_PROBLEMS + 1)]
    found = models.section(catalogue(["a", ["7"], 0, [models.MOST_PROBLEMS]], problems=problems))
    assert found is not None
    assert found["more_problems"] == 1
    assert found["rows"][0].endswith("<td>…")


def test_models_beyond_the_bound_of_bytes_are_counted() -> None:
    rows = [[f"{n}", ["<" * 160], 0, []] for n in range(10_000)]
    found = models.section(catalogue(*rows))
    assert found is not None
    assert sum(map(len, found["rows"])) <= models.LONGEST
    assert len(found["rows"]) + found["left"] == 10_000
    assert found["left"] > 0


# --- pages, requests -----------------------------------------------------------------------------


def test_positions_are_held_missing_or_of_another_place() -> None:
    assert list(pages.parts([[0, 4]], [[3, 6]])) == [
        ("extra", (0, 2)),
        ("held", (3, 4)),
        ("missing", (5, 6)),
    ]
    assert list(pages.parts([[0, 1], [5, 5]], [[5, 5]])) == [("extra", (0, 1)), ("held", (5, 5))]
    assert list(pages.parts([[2, 3]], None)) == [("drawn", (2, 3))]


def test_a_row_in_words() -> None:
    row = {"asked": "limit=2", "result": "2 models", "wrong": "", "expected": [[0, 1]]}
    drawn = pages.drawn({**row, "held": [[0, 0], [7, 8]], "unknown": 2}, 10)
    assert (
        drawn["words"] == "holds positions 1, 8 to 9 and 2 unknown ids, expected positions 1 to 2"
    )


def test_requests_beyond_the_bound_are_counted() -> None:
    rows = [RequestRow(float(n), "GET", 200, 2.0, 10, 0, "") for n in range(requests.MOST + 5)]
    found = requests.section(rows, made(check("a"), requests=requests.MOST + 9))
    assert found is not None
    assert (len(found["rows"]), found["left"]) == (requests.MOST, 9)
    assert found["rows"][0]["slow"]
    assert found["slowest"] == "2.00 s"
    assert found["span"].endswith(" s")
