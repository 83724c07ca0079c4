"""The models of the fake, and models of the caller."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_models_contract.fake import Fake, Request
from pytest_models_contract.fake.catalogue import (
    DEFAULT_REVISION,
    REVISIONS,
    catalogue,
    property_paths,
)
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.spec.rfc3339 import instant


def pages(fake: Fake) -> list[dict[str, Any]]:
    """Some pages, as clients request them."""
    queries = ((), (("beta", "true"),), (("limit", "1000"),))
    return [fake.respond(Request(query=query)).body for query in queries]


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("count", [0, 1, 27, 300])
def test_responses_meet_the_schemas_of_their_revision(revision: str, count: int) -> None:
    rules, fake = Revision.load(revision), Fake(count, revision)
    for got in pages(fake):
        rules.validate_model_list(got)
        assert all(rules.meets(model) for model in got["data"])
        assert not {path for model in got["data"] for path in rules.unknown_fields(model)} - {
            "allowed_fallback_models",
            "capabilities.compaction",
        }


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_first_model_has_every_property_of_its_revision(revision: str) -> None:
    known = {known.path for known in Revision.load(revision).properties}
    assert set(property_paths(Fake(revision=revision).models[0])) == known


def test_revisions_and_default_are_those_of_the_schemas() -> None:
    assert Revision.known() == REVISIONS
    assert Revision.load().name == DEFAULT_REVISION


@pytest.mark.parametrize("count", [27, 28, 1500])
def test_models_are_distinct_and_newest_first(count: int) -> None:
    models = Fake(count).models
    moments = [moment for model in models if (moment := instant(model["created_at"]))]
    assert len({model["id"] for model in models}) == len(moments) == count
    assert moments == sorted(moments, reverse=True)


def test_the_catalogue_has_unusual_but_legal_models() -> None:
    models = Fake().models
    dates = [model["created_at"] for model in models]
    assert len(models) == 27
    assert len(set(dates)) < len(dates)
    assert "1970-01-01T00:00:00Z" in dates
    assert {type(model["capabilities"]) for model in models} == {dict, type(None)}
    assert {None, 0, 1_000_000} <= {model["max_input_tokens"] for model in models}
    assert all(any(mark in model["id"] for model in models) for mark in "/:@ é")


def test_own_models_are_completed_and_sorted() -> None:
    own = [
        {"id": "old", "created_at": "2020-01-01t00:00:00.5z", "x_unknown": 1},
        {"id": "tie-1", "created_at": "2021-06-30T23:59:60Z"},
        {"id": "tie-2", "created_at": "2021-07-01T00:59:60+01:00", "display_name": "Tie"},
        {"id": "undated"},
    ]
    fake = Fake(own)
    assert [model["id"] for model in fake.models] == ["tie-1", "tie-2", "old", "undated"]
    assert fake.models[2]["x_unknown"] == 1
    assert [model["display_name"] for model in fake.models[:2]] == ["tie-1", "Tie"]
    Revision.load().validate_model_list(pages(fake)[0])


def test_own_models_may_use_names_of_later_revisions() -> None:
    fake = Fake([{"id": "x", "lifecycle": "legacy"}], "2024-12-17")
    assert [model["id"] for model in pages(fake)[0]["data"]] == ["x"]


@pytest.mark.parametrize("model", catalogue(27, REVISIONS[-1]), ids=lambda model: model["line"])
def test_dates_agree_with_the_stage(model: dict[str, Any]) -> None:
    deprecated, retires = model["deprecated_at"], model["retires_at"]
    if model["lifecycle"] == "active":
        assert (deprecated, retires) == (None, None)
    else:
        assert model["created_at"] < deprecated < (retires or "9")


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_beta_namespace_shows_compaction_from_its_revision_on(revision: str) -> None:
    listed = (
        Fake(revision=revision)
        .respond(Request(query=(("limit", "27"), ("beta", "true"))))
        .body["data"]
    )
    known = [model["capabilities"] for model in listed if model.get("capabilities")]
    shown = [each["compaction"] for each in known if "compaction" in each]
    assert len(shown) == (len(known) if revision >= "2026-10-07" else 0)
    legal = Revision.load(Revision.known()[-1]).validator("model_info#/$defs/compaction")
    assert all(map(legal.is_valid, shown))
