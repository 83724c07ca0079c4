"""What the schemas accept and what they refuse."""

from typing import Any

import pytest
from jsonschema import ValidationError
from revision_samples import CAPABILITIES, a_model, a_page, is_legal

from pytest_models_contract.spec.revision import DEFAULT_REVISION, Revision


def test_a_model_made_by_hand_is_legal(revision: Revision) -> None:
    model = a_model(revision.name)
    revision.validate_model_info(model)
    revision.validate_model_list(a_page(model))
    revision.validate_model_list(a_page())
    assert revision.meets(model)
    assert revision.unknown_fields(model) == set()


def test_an_unknown_field_is_legal_at_every_depth(revision: Revision) -> None:
    model = a_model(revision.name) | {"a.b": 1, "pricing": {"input": 1}}
    page = a_page(model) | {"total": 1}
    revision.validate_model_list(page)
    assert revision.meets(model)
    assert revision.unknown_fields(model) == {"a.b", "pricing"}


def test_each_property_when_absent_is_a_violation_or_advice(revision: Revision) -> None:
    for each in revision.properties:
        model = a_model(revision.name)
        holder = each.holder(model)
        if holder is None:
            continue
        del holder[each.name]
        assert not revision.meets(model), each.path
        assert not each.met_by(model)
        assert is_legal(revision, model) is (each.absence == "should"), each.path


def test_each_property_when_of_the_wrong_type_is_a_violation(revision: Revision) -> None:
    for each in revision.properties:
        model = a_model(revision.name)
        holder = each.holder(model)
        if holder is None:
            continue
        holder[each.name] = ["banana"]
        assert each.problem(["banana"]), each.path
        assert not revision.meets(model), each.path
        assert not is_legal(revision, model), each.path
        assert not is_legal(revision, a_page(model), of_list=True), each.path


@pytest.mark.parametrize("value", [1.0, True, -1, "1"])
def test_a_token_limit_that_is_no_integer_is_not_valid(value: object) -> None:
    model = a_model(DEFAULT_REVISION) | {"max_tokens": value}
    with pytest.raises(ValidationError):
        Revision.load().validate_model_info(model)
    with pytest.raises(ValidationError):
        Revision.load().validate_model_list(a_page(model))


@pytest.mark.parametrize("value", ["banana", "2026-02-04T00:00:00Z\n", "2026-02-30T00:00:00Z"])
def test_the_format_check_is_active(revision: Revision, value: str) -> None:
    with pytest.raises(ValidationError) as caught:
        revision.validate_model_info(a_model(revision.name) | {"created_at": value})
    assert (caught.value.validator, caught.value.validator_value) == ("format", "date-time")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"created_at": "2024"},
            'created_at: "2024", expected an RFC 3339 date-time: a bare number',
        ),
        ({"id": ""}, 'id: "", expected a non-empty string'),
        ({"display_name": "a" * 100, "type": ["x"] * 100}, "type: an array, expected"),
        ({"max_tokens": -1}, "max_tokens: -1, expected a non-negative integer or null"),
        ({"lifecycle": "retired"}, "deprecated_at: null, expected anything but null"),
        (
            {"capabilities": {**CAPABILITIES, "batch": {}}},
            "capabilities.batch.supported: absent, expected true or false (and ",
        ),
    ],
)
def test_the_error_of_a_model_is_short(change: dict[str, object], said: str) -> None:
    newest = Revision.load("2026-10-15")
    model = a_model(newest.name) | change
    with pytest.raises(ValidationError) as caught:
        newest.validate_model_info(model)
    assert str(caught.value).startswith(said)
    with pytest.raises(ValidationError) as caught:
        newest.validate_model_list(a_page(a_model(newest.name), model))
    assert str(caught.value).startswith(f"data[1].{said}")
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 160


def test_the_error_of_a_nullable_object_names_what_is_wrong_in_it() -> None:
    model = a_model(DEFAULT_REVISION)
    model["capabilities"]["context_management"]["compact_20260112"] = {"supported": 1}
    with pytest.raises(ValidationError) as caught:
        Revision.load().validate_model_info(model)
    where = "capabilities.context_management.compact_20260112.supported"
    assert str(caught.value) == f"{where}: 1, expected true or false"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (a_page() | {"first_id": "x"}, 'first_id: "x", expected null'),
        ({"data": []}, "first_id: absent, expected a string or null (and 2 more)"),
        ([], "the value: [], expected an object"),
    ],
)
def test_the_error_of_a_page_is_short(page: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Revision.load().validate_model_list(page)
    assert str(caught.value) == said


def test_the_leap_second_is_a_date_time(revision: Revision) -> None:
    model = a_model(revision.name) | {"created_at": "2016-12-31T23:59:60Z"}
    revision.validate_model_info(model)


def test_capabilities_may_be_null() -> None:
    model = a_model(DEFAULT_REVISION) | {"capabilities": None, "max_tokens": None}
    Revision.load().validate_model_info(model)
    assert Revision.load().meets(model)


@pytest.mark.parametrize("key", ["data", "first_id", "has_more", "last_id"])
def test_a_page_has_all_four_keys(revision: Revision, key: str) -> None:
    page = a_page(a_model(revision.name))
    del page[key]
    assert not is_legal(revision, page, of_list=True)


@pytest.mark.parametrize("key", ["first_id", "last_id"])
def test_the_ends_are_null_exactly_on_an_empty_page(revision: Revision, key: str) -> None:
    empty, full = a_page(), a_page(a_model(revision.name))
    assert not is_legal(revision, empty | {key: ""}, of_list=True)
    assert not is_legal(revision, full | {key: None}, of_list=True)


@pytest.mark.parametrize(
    ("stage", "deprecated_at", "retires_at", "legal"),
    [
        ("active", None, None, True),
        ("active", "2026-10-01T00:00:00Z", None, False),
        ("active", None, "2027-10-01T00:00:00Z", False),
        ("deprecated", "2026-10-01T00:00:00Z", None, True),
        ("deprecated", "2026-10-01T00:00:00Z", "2027-10-01T00:00:00Z", True),
        ("deprecated", None, None, False),
        ("retired", "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", True),
        ("retired", None, "2026-10-02T00:00:00Z", False),
    ],
)
def test_the_dates_agree_with_the_stage(
    stage: str, deprecated_at: str | None, retires_at: str | None, legal: bool
) -> None:
    dates = {"deprecated_at": deprecated_at, "retires_at": retires_at}
    model = a_model("2026-10-07") | dates | {"lifecycle": stage}
    revision = Revision.load("2026-10-07")
    assert is_legal(revision, model) is legal
    assert revision.meets(model) is legal


@pytest.mark.parametrize(
    ("value", "legal"), [(None, True), ([], True), (["claude-x"], True), ([1], False), ("x", False)]
)
def test_fallback_models_are_well_formed_where_present(value: Any, legal: bool) -> None:
    pointer = "model_info#/$defs/allowed_fallback_models"
    assert Revision.load().validator(pointer).is_valid(value) is legal


def test_an_error_has_type_error_and_request_id(revision: Revision) -> None:
    validator = revision.validator("error#")
    reason = {"type": "authentication_error", "message": "invalid x-api-key"}
    body = {"type": "error", "error": reason, "request_id": None}
    assert validator.is_valid(body)
    for key in body:
        assert not validator.is_valid({name: body[name] for name in body if name != key})
    assert not validator.is_valid(body | {"error": "banana"})
