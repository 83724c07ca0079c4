"""The evidence as rows: pages over the positions of the catalogue, models, requests."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conformant_variants import CONFORMANT, moving
from judging import KEY, fake, judged_in_a_run
from sampling import each_nth

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.redact import Redactor
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.overview import models, pages, requests, texts
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

MOVING = {
    name
    for name, make in CONFORMANT.items()
    if getattr(make, "func", make).__module__ == moving.__name__ or name.startswith("grows_")
}
"""The variants whose catalogue changes while it is read: a run reads it again."""
CLEAN = texts.cleaner(Redactor([KEY]))


def read(app: Any, revision: str = "2026-04-16") -> Evidence:
    """The evidence of a server with all of its pages and walks."""
    evidence = Evidence(ModelsAPI(IN_PROCESS, Wsgi(app), key=KEY), Revision.load(revision))
    assert evidence.crawl is not None
    assert evidence.responses is not None
    assert evidence.walks is not None
    return evidence


def drawn(app: Any) -> list[dict[str, Any]]:
    evidence = read(app)
    return pages.groups(evidence, evidence.ids, CLEAN)


def wrong(app: Any) -> dict[str, str]:
    """What is wrong with the rows, by their request."""
    found = [row for group in drawn(app) for row in group["rows"]]
    return {row["asked"]: row["wrong"] for row in found if row["wrong"]}


# --- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", each_nth(sorted(CONFORMANT.keys() - MOVING), 40))
def test_nothing_is_wrong_with_a_conformant_variant(name: str) -> None:
    assert wrong(CONFORMANT[name]()) == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MOVING)[::5])
def test_a_catalogue_that_changed_is_drawn_as_it_was_read_last(name: str) -> None:
    evidence = judged_in_a_run(CONFORMANT[name]())[1].asked
    found = pages.groups(evidence, evidence.ids, CLEAN)
    assert [row for group in found for row in group["rows"] if row["wrong"]] == []


def test_pages_are_runs_of_positions() -> None:
    whole, single, *walks = drawn(fake())
    assert whole["title"] == "The whole list"
    assert whole["rows"][0]["held"] == whole["rows"][0]["expected"] == [[0, 26]]
    assert [26, 26] in [row["held"][0] for row in single["rows"] if row["held"]]
    assert [walk["rows"][-1]["asked"] for walk in walks] == ["All pages together"] * len(walks)
    held = [row["held"] for row in walks[0]["rows"]]
    assert held == [[[0, 8]], [[9, 17]], [[18, 26]], [[0, 26]]]


@pytest.mark.parametrize(
    ("fault", "asked", "what"),
    [
        (
            "after_skips_a_model",
            "after_id=claude-opus-5",
            "1 model missing, 1 model from another place",
        ),
        ("before_means_after", "before_id=claude-opus-5", "20 models from another place"),
        ("page_border_repeats_a_model", "after_id=claude-opus-5", "the first page again"),
        ("limit_ignored", "limit=1", "20 models, expected 1"),
        ("has_more_is[true]", "limit=27", "has_more true, expected false"),
        ("first_page_again[after-last]", "after_id=lab/claude été 2", "the first page again"),
        ("page_before_is_oldest_first", "before_id=claude-2.1", "another order"),
    ],
)
def test_a_row_says_what_is_wrong(fault: str, asked: str, what: str) -> None:
    assert wrong(fake(FAULTS[fault]))[asked].startswith(what)


def test_a_refused_page_lacks_what_it_should_hold() -> None:
    found = drawn(fake(FAULTS["cursor_must_be_on_page_one[after]"]))
    refused = [row for group in found for row in group["rows"] if row["wrong"] == "status 400"]
    assert refused
    assert all(row["held"] == [] and row["expected"] is not None for row in refused)


def test_ids_that_the_catalogue_lacks_are_counted() -> None:
    evidence = read(fake())
    [whole, *_] = pages.groups(evidence, evidence.ids[2:], CLEAN)
    assert whole["rows"][0]["unknown"] == 2


def test_models_that_only_the_upstream_has_are_missing() -> None:
    evidence = read(fake())
    ids = [*evidence.ids, "one", "two"]
    [whole, *_] = pages.groups(evidence, ids, CLEAN)
    assert whole["rows"][-1]["wrong"] == "2 models missing"
    assert whole["rows"][-1]["expected"] == [[0, 28]]


def test_a_shuffled_page_is_another_order_in_bounded_runs() -> None:
    assert pages.runs_of([*range(0, 400, 2)]) == [[n, n] for n in range(0, 2 * pages.MOST_RUNS, 2)]
    found = drawn(fake(FAULTS["order_is[oldest-first]"]))
    assert found[0]["rows"][0]["held"] == [[0, 26]]


def test_long_walks_are_cut() -> None:
    evidence = read(fake(FAULTS["more_forever_and_no_cursor"]))
    assert all(
        len(group["rows"]) <= pages.MOST_ROWS + 1
        for group in pages.groups(evidence, evidence.ids, CLEAN)
    )


def test_without_a_list_there_is_nothing_to_draw() -> None:
    assert drawn(fake(FAULTS["list_shape_is[openai]"])) == []
    evidence = Evidence(ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY), Revision.load())
    assert pages.groups(evidence, [], CLEAN) == []


def test_a_list_that_changes_is_drawn_without_expectations() -> None:
    rows = [row for group in drawn(fake(models=[{"id": "a"}, {"id": 5}])) for row in group["rows"]]
    assert rows
    assert not any(row["expected"] for row in rows[:1])


# --- models --------------------------------------------------------------------------------------


def table(*own: Any, faults: tuple[str, ...] = ()) -> dict[str, Any]:
    app = fake(*(FAULTS[name] for name in faults), models=list(own) or 27)
    return models.table(read(app), CLEAN)


def test_the_table_of_models() -> None:
    found = table()
    assert found["columns"] == ["display_name", "created_at", "max_input_tokens", "max_tokens"]
    assert found["problems"] == []
    name, values, profile, odd = found["rows"][0]
    assert (name, odd) == ("claude-opus-5", [])
    assert values == ["Claude Opus 5", "2026-07-24T00:00:00Z", "1,000,000", "128,000"]
    support = dict(zip(found["capabilities"], found["profiles"][profile], strict=True))
    assert (support["batch"], support["effort"]) == ("yes", "yes 5/5")
    assert support["thinking"].startswith("yes ")
    assert len(found["profiles"]) < 10
    assert json.loads(json.dumps(found))["rows"] == found["rows"]


def test_wrong_values_are_named_once_each() -> None:
    bad = {"created_at": 7, "max_tokens": "many"}
    found = table({"id": "a", **bad}, {"id": "b", **bad}, {"id": "c", "capabilities": [1]})
    why = dict(found["problems"])
    assert why["created_at"].startswith("created_at is 7, expected ")
    rows = {name: (profile, odd) for name, _, profile, odd in found["rows"]}
    assert rows["a"][1] == rows["b"][1]
    assert len(rows["a"][1]) == len(found["problems"]) - 1 == 2
    assert set(found["profiles"][rows["c"][0]]) == {"?"}


@pytest.mark.slow
def test_missing_values_are_named_up_to_a_number() -> None:
    names = [name for name in FAULTS if name.startswith("property_absent[")]
    found = table(faults=("property_absent[display_name]",))
    assert found["problems"] == [["display_name", "no display_name"]]
    assert [values[0] for _, values, *_ in found["rows"]].count("absent") == 1
    many = table(faults=tuple(name for name in names if name.count(".") == 1))
    assert max(len(odd) for *_, odd in many["rows"]) == models.MOST_ODD
    gone = table(faults=("property_absent[capabilities]",))
    assert ("absent",) * len(gone["capabilities"]) in gone["profiles"]


def test_capabilities_as_they_are() -> None:
    own = {
        "a": {"supported": False},
        "b": None,
        "c": 5,
        "d": {"supported": True, "e": {"supported": False}},
    }
    found = table({"id": "m", "capabilities": own}, {"id": "n", "capabilities": None})
    support = dict(zip(found["capabilities"], found["profiles"][0], strict=True))
    assert [support[name] for name in own] == ["no", "null", "?", "yes 0/1"]
    assert support["batch"] == "absent"
    assert set(found["profiles"][1]) == {"null"}


# --- requests, texts -----------------------------------------------------------------------------


def test_each_request_is_a_row_with_its_time() -> None:
    evidence = read(fake())
    rows = requests.rows(evidence.api.exchanges, CLEAN)
    assert len(rows) == len(evidence.api.exchanges)
    assert rows[0].asked == "GET /v1/models"
    assert rows[0].status == 200
    assert rows[0].size > 1_000
    assert [row.started for row in rows] == sorted(row.started for row in rows)
    assert rows[0].started > 1_700_000_000
    assert requests.merged([[list(row) for row in rows], rows[:5]]) == sorted(rows)


def test_a_secret_is_replaced_before_a_text_is_cut() -> None:
    clean = texts.cleaner(Redactor([KEY]), 20)
    assert clean("x" * 15 + KEY) == "x" * 15 + "***"
    assert clean("\u202e\x00") == "\\u202e\\x00"
