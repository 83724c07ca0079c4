"""What is true for any catalogue: the conformant fake passes, a fault is caught, pages follow the rules."""

from __future__ import annotations

from typing import Any

import pytest
from fault_rows import FaultRow, all_fault_rows
from hypothesis import example, given, settings
from hypothesis import strategies as st
from judging import ALONE, KEY, fake, judged

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import page_of
from pytest_models_contract.evidence import expected_pages
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.catalogue import REVISIONS, catalogue
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

slow = settings(max_examples=25)

DATES = st.sampled_from(
    [
        "1970-01-01T00:00:00Z",
        "2026-01-01T00:00:00Z",
        "2026-01-01T02:00:00+02:00",
        "2025-12-31t23:59:60z",
        "2024-02-29T12:00:00.5-08:00",
    ]
)
IDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="."), min_size=1)
NULLABLE = {"max_tokens": st.none() | st.integers(0, 2**40), "capabilities": st.none()}


@st.composite
def catalogues(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Models with equal dates, epochs, special ids and nulls: 0 to 60 of them."""
    ids = draw(st.lists(IDS, max_size=12, unique=True))
    ids += [f"model {n}" for n in range(draw(st.integers(0, 48)))]
    return [
        {
            "id": found,
            "created_at": draw(DATES),
            "display_name": draw(st.text(max_size=5).filter(str.strip)),
            "max_tokens": draw(NULLABLE["max_tokens"]),
        }
        for found in dict.fromkeys(ids)
    ]


@pytest.mark.slow
@slow
@example([{"id": "\u00c2\u00a0", "created_at": "1970-01-01T00:00:00Z"}], REVISIONS[0])
@given(catalogues(), st.sampled_from(REVISIONS))
def test_the_conformant_fake_passes_with_any_catalogue(models: Any, revision: str) -> None:
    found = judged(Fake(models, revision, KEY), revision, only=ALONE, aliases={})
    assert [check for check, seen in found.items() if seen.verdict in {"violated", "error"}] == []


# These faults need an alias, or one of the special ids and full models at the end of the 27.
NEED_AN_ALIAS = ("alias_", "ids_hide_their_maker")
NEED_THE_27 = (
    "id_is_",
    "retrieved_differs_in[batch]",
    "late_model",
    "retrieve_gives_the_neighbour",
)
# With fewer models no request shows these faults.
NEED_MORE = {
    "after_goes_by_date[strictly]": 22,
    "before_gives_the_first_models[without-a-limit]": 22,
    "limit_capped_silently_at[25]": 27,
    "order_is[page-two-reversed]": 27,
}
FAULT_NAMES = sorted(
    fault
    for fault, fault_row in all_fault_rows().items()
    if fault_row.catches
    and fault_row.models == 27
    and fault_row.revision == REVISIONS[2]
    and not fault.startswith(NEED_AN_ALIAS)
    and not (fault_row.expected or fault_row.second_key)
)


@pytest.mark.slow
@slow
@given(st.sampled_from(FAULT_NAMES), st.integers(21, 60))
def test_a_fault_is_caught_with_any_number_of_models(fault: str, count: int) -> None:
    least = 27 if fault.startswith(NEED_THE_27) else NEED_MORE.get(fault, 21)
    found = judged(fake(FAULTS[fault], models=max(least, count)), only=ALONE, aliases={})
    assert [check for check, seen in found.items() if seen.verdict == "violated"]


@pytest.mark.slow
@slow
@given(st.sampled_from(["created_at", "id", "display_name", "type"]), st.integers(0, 59))
def test_one_malformed_model_is_caught_at_any_place(name: str, place: int) -> None:
    models = [dict(model) for model in catalogue(60, REVISIONS[2])]
    server = fake(_malformed(models[place]["id"], name), models=60)
    found = judged(server, only=["model_info"], aliases={})
    assert [check for check, seen in found.items() if seen.verdict == "violated"] == [
        f"model_info/{name}"
    ]


def _malformed(found: str, name: str) -> Any:
    from pytest_models_contract.fake.faults.kit import edited, put

    return lambda ask, request: edited(ask, request, lambda model: put(model, name, 5), found)


# --- the rules of paging, compared with slices of a list -------------------------------------------


def naive(ids: list[str], window: dict[str, Any]) -> tuple[list[str], bool]:
    """The page of a list and whether more follow, by simple slicing."""
    size = window.get("limit", 20)
    if (before := window.get("before_id")) is not None:
        left = ids[: ids.index(before)]
        return left[-size:], len(left) > size
    after = window.get("after_id")
    left = ids if after is None else ids[ids.index(after) + 1 :]
    return left[:size], len(left) > size


@st.composite
def requests(draw: st.DrawFn) -> tuple[int, dict[str, Any]]:
    count = draw(st.integers(1, 70))
    window: dict[str, Any] = {}
    if draw(st.booleans()):
        window["limit"] = draw(st.integers(1, 75))
    name = draw(st.sampled_from(["after_id", "before_id", ""]))
    if name:
        window[name] = catalogue(count, REVISIONS[2])[draw(st.integers(0, count - 1))]["id"]
    return count, window


@pytest.mark.slow
@settings(max_examples=150)
@given(requests())
def test_the_fake_and_the_evidence_agree_with_slices(case: tuple[int, Any]) -> None:
    count, window = case
    api = ModelsAPI(IN_PROCESS, Wsgi(Fake(count)))
    evidence = Evidence(api, Revision.load())
    page = page_of(api.list(**window))
    assert page is not None
    ids, more = naive(evidence.ids, window)
    assert (page.ids, page.has_more) == (ids, more)
    assert expected_pages.expected_ids(page, evidence) == ids
    assert expected_pages._models_follow(page, evidence) == more or not ids
    api.close()


@settings(max_examples=60)
@given(st.integers(1, 70), st.integers(1, 75), st.booleans())
def test_walks_meet_every_model_once(count: int, size: int, backward: bool) -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(Fake(count)))
    ids = [model["id"] for model in catalogue(count, REVISIONS[2])]
    start = ids[-1] if backward else None
    pages = list(api.walk(limit=size, start=start, backward=backward))
    parts = reversed(pages) if backward else pages
    assert [found for page in parts for found in page.ids] == (ids[:-1] if backward else ids)
    api.close()


def test_most_faults_are_tried() -> None:
    assert len(FAULT_NAMES) > len([m for m in all_fault_rows().values() if _plain(m)]) * 0.9


def _plain(fault_row: FaultRow) -> bool:
    return fault_row.models == 27 and fault_row.revision == REVISIONS[2]
