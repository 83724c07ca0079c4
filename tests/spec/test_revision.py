"""A revision as an object: what it knows, how it judges one value, how it compares two models."""

from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from revision_samples import ALL, SUPPORT, a_model, is_legal

from pytest_models_contract.spec.revision import (
    DEFAULT_REVISION,
    Property,
    Revision,
    UnknownClause,
    UnknownRevision,
    kind,
)


@pytest.fixture(params=ALL)
def revision(request: pytest.FixtureRequest) -> Revision:
    return Revision.load(request.param)


def known(path: str, name: str = DEFAULT_REVISION) -> Property:
    revision = Revision.load(name)
    return next(each for each in revision.properties + revision.envelope if each.path == path)


def test_the_known_revisions_oldest_first_and_the_default() -> None:
    assert Revision.known() == ALL
    assert Revision.load().name == DEFAULT_REVISION == "2026-04-16"
    assert Revision.load("2026-10-15") is Revision.load("2026-10-15")


@pytest.mark.parametrize("name", ["", "2023-06-01", "../schemas", "2026-04-16/"])
def test_an_unknown_revision_error_lists_the_known_ones(name: str) -> None:
    with pytest.raises(UnknownRevision, match=", ".join(ALL)):
        Revision.load(name)


@pytest.mark.parametrize(
    ("pointer", "since"),
    [
        ("model_info#/properties/max_tokens", "2026-03-18"),
        ("model_info#/properties/capabilities/properties/batch/properties/supported", "2026-03-18"),
        ("model_info#/properties/capabilities/properties/effort/properties/xhigh", "2026-04-16"),
        ("model_info#/$defs/allowed_fallback_models", "2026-04-16"),
        ("model_info#/$defs/lifecycle_dates", "2026-10-07"),
        ("model_info#/$defs/compaction", "2026-10-07"),
        ("list_params#/properties/lifecycle", "2026-10-07"),
        ("list_params#/$defs/workspace_header", "2026-10-07"),
    ],
)
def test_a_rule_that_came_later(revision: Revision, pointer: str, since: str) -> None:
    if revision.name >= since:
        assert revision.clause(pointer).rule
    else:
        with pytest.raises(UnknownClause, match=revision.name):
            revision.clause(pointer)


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "banana#",
        "model_info#/properties",
        "model_info#/title/0",
        "betas#/items",
        "model_list#/properties/data/items/properties/id",
        "model_info#/allOf/banana",
    ],
)
def test_a_pointer_without_a_rule_is_not_a_clause(revision: Revision, pointer: str) -> None:
    with pytest.raises(UnknownClause, match=revision.name):
        revision.clause(pointer)


def test_every_property_of_a_model_is_known_depth_first(revision: Revision) -> None:
    paths = [each.path for each in revision.properties]
    assert set(paths) >= set(_paths(a_model(revision.name)))
    assert len(paths) == len(set(paths))
    for index, each in enumerate(revision.properties):
        assert not each.parent or each.parent in paths[:index]


def test_unknown_fields_are_named_by_dotted_path() -> None:
    newest, old = a_model("2026-10-07"), Revision.load("2026-04-16")
    assert old.unknown_fields(newest) == {
        *("lifecycle", "line", "deprecated_at", "retires_at"),
        *("capabilities.server_tools", "capabilities.thinking.types.disabled"),
    }
    assert old.unknown_fields([newest]) == set()


def test_a_name_that_is_known_below_is_unknown_at_the_top() -> None:
    own = Revision.load()
    assert own.unknown_fields({"supported": True, "batch": {}}) == {"supported", "batch"}
    assert own.unknown_fields({"capabilities": {"id": "x"}}) == {"capabilities.id"}
    assert own.project({"supported": True}) == {}


def test_a_property_is_judged_without_its_children() -> None:
    assert known("capabilities").problem({}) is None
    assert known("capabilities.batch").problem({"supported": "banana"}) is None
    assert known("data").problem([1]) is None


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("id", "", "a non-empty string"),
        ("display_name", None, "a string"),
        ("type", "Model", '"model"'),
        ("created_at", 0, "an RFC 3339 date-time"),
        ("created_at", "2026-02-04", "an RFC 3339 date-time: a date without a time"),
        ("created_at", "2026-02-30T00:00:00Z", "day 30 does not exist in February 2026"),
        ("max_tokens", -1, "a non-negative integer or null"),
        ("max_tokens", 1.0, "a non-negative integer or null"),
        ("max_tokens", True, "a non-negative integer or null"),
        ("max_tokens", "8192", "a non-negative integer or null"),
        ("max_input_tokens", float("nan"), "a non-negative integer or null"),
        ("capabilities", [], "an object or null"),
        ("capabilities.batch", True, "an object"),
        ("capabilities.batch.supported", 1, "true or false"),
        ("capabilities.effort.xhigh", True, "an object or null"),
        ("data", {}, "an array"),
        ("first_id", 0, "a string or null"),
        ("has_more", "true", "true or false"),
    ],
)
def test_a_problem_says_what_was_expected(path: str, value: object, expected: str) -> None:
    assert expected in str(known(path).problem(value))


def test_a_stage_is_one_of_three() -> None:
    lifecycle = known("lifecycle", "2026-10-07")
    assert lifecycle.problem("gone") == 'one of "active", "deprecated", "retired"'
    assert lifecycle.problem("retired") is None


def test_equal_values_of_different_types_are_distinguished_in_any_order() -> None:
    limit = known("max_tokens")
    for value, legal in [
        (1, True),
        (1.0, False),
        (True, False),
        (1, True),
        (0, True),
        (False, False),
    ]:
        assert (limit.problem(value) is None) is legal


@pytest.mark.parametrize("value", [0, 2**70])
def test_token_limits_may_be_zero_or_huge(value: int) -> None:
    assert known("max_input_tokens").problem(value) is None


def test_each_status_has_its_error_type(revision: Revision) -> None:
    assert len(revision.error_types) == 10
    assert revision.error_types[400] == "invalid_request_error"
    assert revision.error_types[404] == "not_found_error"
    assert revision.error_types[529] == "overloaded_error"


def test_the_limit_and_its_bounds(revision: Revision) -> None:
    assert revision.limit == (1, 1000, 20)


def test_a_projection_leaves_out_unknown_fields_order_and_notation() -> None:
    project, model = Revision.load().project, a_model(DEFAULT_REVISION)
    same = dict(reversed(list(model.items()))) | {
        "unknown": 1,
        "created_at": "2026-02-04t00:00:00.0z",
    }
    same["capabilities"] = model["capabilities"] | {"server_tools": SUPPORT}
    assert project(model) == project(same)


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("max_tokens", 1, 1.0),
        ("max_tokens", 1, True),
        ("max_tokens", 0, None),
        ("max_tokens", 1, "1"),
        ("display_name", "2026-02-04T00:00:00Z", "2026-02-04T00:00:00.0Z"),
        ("created_at", "2026-02-04T00:00:00Z", "2026-02-05T00:00:00Z"),
        ("created_at", "banana", "apple"),
        ("capabilities", {}, None),
        ("capabilities", {"batch": {"supported": 1}}, {"batch": {"supported": True}}),
    ],
)
def test_a_projection_keeps_every_difference(key: str, one: object, other: object) -> None:
    project, model = Revision.load().project, a_model(DEFAULT_REVISION)
    assert project(model | {key: one}) != project(model | {key: other})
    assert project(model | {key: one}) == project(model | {key: one})


def test_the_order_of_keys_counts_nowhere_in_a_projection() -> None:
    project = Revision.load().project
    one, other = {"a": 1, "b": 2}, {"b": 2, "a": 1}
    assert project({"id": one}) == project({"id": other})
    assert project({"id": [one]}) == project({"id": [other]})


def test_what_is_read_from_a_revision_stays_as_it_is_and_shows_no_schemas() -> None:
    own = Revision.load()
    reads: set[Any] = {own, own.properties[0], own.clauses[0]}
    for read in reads:
        assert "$comment" not in repr(read)
        assert len(repr(read)) < 1000
        with pytest.raises(FrozenInstanceError):
            read.pointer = ""


def test_a_projection_distinguishes_absent_from_null_and_takes_any_json() -> None:
    project, model = Revision.load().project, a_model(DEFAULT_REVISION)
    assert project(model | {"capabilities": None}) != project(
        {key: model[key] for key in model if key != "capabilities"}
    )
    anything: list[object] = [None, 1, "1", [], {}, True]
    assert len({str(project(value)) for value in anything}) == 6


def test_null_equals_absent_where_a_property_may_be_either() -> None:
    def projected(**levels: object) -> object:
        effort = {"supported": True, **levels}
        return Revision.load().project({"capabilities": {"effort": effort}})

    assert projected(xhigh=None) == projected()
    assert projected(xhigh=SUPPORT) != projected()
    assert projected(max=None) != projected()


@pytest.mark.parametrize("value", [None, 1, "model", [], {}])
def test_a_value_that_is_not_a_model_meets_no_revision(revision: Revision, value: object) -> None:
    assert not revision.meets(value)
    assert revision.unknown_fields(value) == set()
    assert not is_legal(revision, value)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "a boolean"),
        (1, "an integer"),
        (1.0, "a number"),
        ("", "a string"),
        ([], "an array"),
        ({}, "an object"),
    ],
)
def test_the_kinds_of_json_values(value: object, name: str) -> None:
    assert kind(value) == name


def _paths(value: object, parent: str = "") -> Iterator[str]:
    for name, child in value.items() if isinstance(value, dict) else ():
        yield f"{parent}{name}"
        yield from _paths(child, f"{parent}{name}.")
