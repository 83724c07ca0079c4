"""Gathering the evidence: the catalogue to its end, and what a page of it should be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fault_rows import NEWEST
from judging import KEY, fake
from revision_samples import a_model

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import ABSENT, Occurrence, page_of
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.evidence.expected_pages import expected_ids
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.pagination import Walk
from pytest_models_contract.evidence.property_values import PropertyValues
from pytest_models_contract.evidence.rereading import repeats
from pytest_models_contract.evidence.wording import difference
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

MOST_REQUESTS = 60
"""The bound of requests to a conformant server with fewer than 1000 models."""


@contextmanager
def gathered(app: Any, key: str | None = KEY) -> Iterator[Evidence]:
    api = ModelsAPI(IN_PROCESS, Wsgi(app), key=key)
    try:
        yield Evidence(api, Revision.load())
    finally:
        api.close()


def faulty(*faults: str, models: Any = 27) -> Fake:
    return fake(*(FAULTS[fault] for fault in faults), models=models)


@pytest.mark.parametrize("count", [0, 1, 2, 20, 21, 27, 160, 161, 999, 1000])
def test_the_whole_catalogue_is_read_with_few_requests(count: int) -> None:
    server = fake(models=count)
    with gathered(server) as evidence:
        assert list(evidence.catalogue) == list(server.models)
        assert evidence.pages
        assert not evidence.end_not_reached
        assert len(evidence.api.exchanges) <= MOST_REQUESTS


def test_a_list_longer_than_one_page_is_read_page_by_page() -> None:
    with gathered(fake(models=2001)) as evidence:
        assert [len(page) for page in evidence.crawl] == [1000, 1000, 1, 0]
        assert len(evidence.catalogue) == 2001
        assert evidence.catalogue[2000]["id"] == evidence.ids[-1]


@pytest.mark.parametrize("fault", ["both_cursors_ignored", "more_forever_and_no_cursor"])
def test_a_list_that_repeats_is_read_once(fault: str) -> None:
    with gathered(faulty(fault)) as evidence:
        assert len(evidence.crawl) == 1
        assert len(evidence.ids) == 27
        assert not evidence.end_not_reached


@pytest.mark.parametrize(
    ("faults", "models", "why"),
    [
        ((), 0, "the catalogue is empty"),
        (("list_redirects[307]",), 27, "the list request got status 307: see model_list/status"),
        (("list_shape_is[bare-array]",), 27, "the list is a bare array: see model_list/shape"),
        (("list_body_is[empty]",), 27, "the list is not JSON: see model_list/strict_json"),
        (("envelope_key_absent[data]",), 27, "the list has no array `data`: see model_list/data"),
    ],
)
def test_why_there_is_no_model(faults: Any, models: int, why: str) -> None:
    with gathered(faulty(*faults, models=models)) as evidence:
        assert evidence.why_no_models == why
        assert not evidence.models


@pytest.mark.parametrize(
    ("key", "why"), [("sk-wrong", "refused the key with 401"), (None, r"wants a key \(401\)")]
)
def test_a_refused_key_ends_the_run(key: str | None, why: str) -> None:
    with gathered(fake(), key=key) as evidence:
        with pytest.raises(NotJudged, match=why):
            _ = evidence.crawl
        assert evidence.api.dead


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("property_absent[id]", "a model has no id that is a string: see model_info/id"),
        ("property_is[id-empty]", "a model has no id that is a string: see model_info/id"),
        ("model_twice_on_a_page", "an id is twice on a page"),
    ],
)
def test_unusable_ids_are_not_used_as_cursors(fault: str, why: str) -> None:
    with gathered(faulty(fault)) as evidence:
        assert evidence.unusable_ids.startswith(why)
        assert evidence.walks == []
        placeholder = "(no id" in str([response.request for response in evidence.responses])
        assert not placeholder


def test_the_expected_ids_of_a_page() -> None:
    with gathered(fake()) as evidence:
        ids = evidence.ids
        expected = {
            (("after_id", ids[3]), ("limit", 2)): ids[4:6],
            (("before_id", ids[3]), ("limit", 2)): ids[1:3],
            (("before_id", ids[3]), ("limit", 9)): ids[:3],
            (): ids[:20],
        }
        for window, wanted in expected.items():
            page = page_of(evidence.api.list(**dict(window)))  # type: ignore[arg-type]
            assert page is not None
            assert expected_ids(page, evidence) == wanted


def test_the_page_after_an_unknown_cursor_has_no_expectation() -> None:
    with gathered(faulty("both_cursors_ignored")) as evidence:
        page = page_of(evidence.api.list(after_id="nobody"))
        assert page is not None
        assert expected_ids(page, evidence) is None


def test_models_from_other_pages_differ_from_the_catalogue() -> None:
    with gathered(faulty("model_differs_with[after_id]")) as evidence:
        assert {other.model["display_name"] for other in evidence.models_from_other_pages} == {
            "Claude"
        }
    with gathered(fake()) as evidence:
        assert evidence.models_from_other_pages == []


def test_a_second_reading_confirms_the_first_or_not() -> None:
    server = fake()
    with gathered(server) as evidence:
        request = evidence.api.list(limit=3).request
        assert repeats(evidence, [request])
        changing = FAULTS["dates_of_today"]
        server._ask = lambda request, ask=server._ask: changing(ask, request)  # type: ignore[misc]
        assert not repeats(evidence, [request])


def test_forgotten_evidence_is_read_again() -> None:
    server = fake()
    with gathered(server) as evidence:
        before = evidence.models
        asked = len(server.asked)
        evidence.forget()
        assert evidence.models == before
        assert len(server.asked) > asked


def test_an_occurrence_has_its_place_as_text() -> None:
    with gathered(fake(models=2)) as evidence:
        first = evidence.occurrences[0]
        assert first.where("type") == f"{first.model['id']} (/data/0/type)"
        assert Occurrence(first.response, "/data/1", {}).where() == "(no id) (/data/1)"
        assert Occurrence(first.response, "/data/1", 5).where() == "(no object) (/data/1)"


def values_of(*models: Any) -> PropertyValues:
    nowhere: Any = None
    return PropertyValues([Occurrence(nowhere, "", model) for model in models])


@pytest.mark.parametrize("fault", [True, -1, [], {}, ABSENT])
@pytest.mark.parametrize(("name", "legal"), [("max_tokens", 1), ("display_name", "Claude")])
def test_one_value_among_legal_ones_is_judged(name: str, legal: Any, fault: Any) -> None:
    known = next(own for own in Revision.load().properties if own.path == name)
    faulty_model = {} if fault is ABSENT else {name: fault}
    assert values_of({name: legal}, {name: legal}).all_legal(known)
    assert not values_of({name: legal}, faulty_model).all_legal(known)


@pytest.mark.parametrize(
    "change", [None, {"id": ""}, {"max_tokens": -1}, {"deprecated_at": "2026-01-01T00:00:00Z"}]
)
def test_a_revision_is_met_when_every_model_meets_it(change: dict[str, Any] | None) -> None:
    revision, whole = Revision.load(NEWEST), a_model(NEWEST) | {"lifecycle": "active"}
    assert values_of(whole, whole).meets(revision)
    assert not values_of(whole, change and whole | change).meets(revision)


@pytest.mark.parametrize(
    ("walk", "text"),
    [
        (Walk(3, None, False, [], ""), "forward with limit=3"),
        (Walk(None, "a", True, [], ""), "backward from a with no limit"),
    ],
)
def test_a_walk_as_text(walk: Walk, text: str) -> None:
    assert str(walk) == text


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        ({"display_name": "X"}, ('display_name: "X"', 'display_name: "Claude Opus 5"')),
        ({"max_tokens": None}, ("max_tokens: null", "max_tokens: 128000")),
        ({"type": 5}, ("type: 5", 'type: "model"')),
    ],
)
def test_a_difference_names_the_property(change: dict[str, Any], texts: tuple[str, str]) -> None:
    known = dict(Fake(1).models[0]) | {"display_name": "Claude Opus 5", "max_tokens": 128000}
    assert difference({**known, **change}, known, Revision.load()) == texts


def test_a_difference_without_a_property_shows_both() -> None:
    known = Fake(1).models[0]
    assert difference([], {}, Revision.load()) == ("[]", "{}")
    assert difference({**known, "x": 1}, known, Revision.load())[0].startswith("{")
