"""The six folders of schemas: legal, each rule with its page, presence and null as graded."""

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator
from revision_samples import ALL

from pytest_models_contract.cli.sdk.draft import TO_WRITE
from pytest_models_contract.spec.revision import Revision

FILES = ("betas", "clients", "error", "list_params", "model_info", "model_list", "proxy")


def test_each_folder_is_found_as_package_data(revision: Revision) -> None:
    folder = resources.files("pytest_models_contract.schemas") / revision.name
    assert tuple(revision.schemas) == FILES
    assert revision.name in (folder / "SOURCE.md").read_text("utf-8")


def test_nothing_of_a_draft_is_left_to_write(revision: Revision) -> None:
    folder = resources.files("pytest_models_contract.schemas") / revision.name
    assert TO_WRITE not in (folder / "SOURCE.md").read_text("utf-8")
    assert [clause.pointer for clause in revision.clauses if not clause.rule] == []


def test_each_file_is_a_legal_schema_that_names_its_dialect(revision: Revision) -> None:
    for schema in revision.schemas.values():
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_each_rule_is_a_sentence_and_its_page_a_bare_address(revision: Revision) -> None:
    assert len(revision.clauses) > 40
    for clause in revision.clauses:
        assert revision.clause(clause.pointer) == clause
        assert clause.rule.endswith(".")
        assert len(clause.rule.splitlines()) == 1
        page = urlsplit(clause.page)
        assert (page.scheme, page.query) == ("https", "")
        assert page.hostname in {
            "code.claude.com",
            "github.com",
            "platform.claude.com",
            "www.rfc-editor.org",
        }


def test_each_property_and_each_definition_states_a_rule(revision: Revision) -> None:
    for stem, schema in revision.schemas.items():
        for pointer in ("", *_rule_bearers(schema, "")):
            assert revision.clause(f"{stem}#{pointer}")


def test_no_schema_forbids_unknown_fields(revision: Revision) -> None:
    text = json.dumps(dict(revision.schemas))
    assert "additionalProperties" not in text
    assert "unevaluatedProperties" not in text


POINTERS = (
    "model_list#",
    "model_list#/properties/data",
    "model_list#/properties/first_id",
    "model_list#/properties/last_id",
    "model_list#/properties/has_more",
    "model_list#/$defs/status",
    "model_list#/$defs/content_type",
    "model_list#/$defs/shape",
    "model_list#/$defs/unique_ids",
    "model_list#/$defs/newest_first",
    "model_list#/$defs/request_id",
    "model_list#/$defs/stable",
    "list_params#",
    "list_params#/properties/limit",
    "list_params#/properties/after_id",
    "list_params#/properties/before_id",
    "list_params#/$defs/robust",
    "list_params#/$defs/beta_query",
    "list_params#/$defs/version_header",
    "list_params#/$defs/key_header",
    "model_info#",
    "model_info#/$defs/retrieve",
    "model_info#/$defs/unknown_model",
    "model_info#/$defs/alias",
    "error#",
    "error#/properties/type",
    "error#/properties/error",
    "error#/$defs/status_types",
    "error#/$defs/authentication",
    "error#/$defs/not_found",
    "error#/$defs/invalid_request",
    "error#/$defs/no_key_echo",
    "betas#",
    "clients#/$defs/claude_code",
    "clients#/$defs/anthropic_sdk",
    "clients#/$defs/paging_habits",
)


@pytest.mark.parametrize("pointer", POINTERS)
def test_a_rule_of_every_revision(revision: Revision, pointer: str) -> None:
    assert revision.clause(pointer).pointer == pointer


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("2024-12-17", {"id", "type", "display_name", "created_at"}),
        ("2026-04-16", {"capabilities.effort.xhigh", "capabilities.effort.xhigh.supported"}),
        (
            "2026-10-15",
            {
                "capabilities.thinking.types.between_tools",
                "capabilities.thinking.types.between_tools.supported",
            },
        ),
        ("2026-11-24", set()),
    ],
)
def test_what_a_revision_added(name: str, added: set[str]) -> None:
    before = ALL[: ALL.index(name)][-1:]
    old = {each.path for one in before for each in Revision.load(one).properties}
    assert {each.path for each in Revision.load(name).properties} - old == added


STRATEGIES = {
    f"capabilities.context_management.{name}"
    for name in ("clear_thinking_20251015", "clear_tool_uses_20250919", "compact_20260112")
}


NULLABLE_SINCE = {
    "2026-03-18": {"capabilities", "max_input_tokens", "max_tokens", *STRATEGIES},
    "2026-04-16": {"capabilities.effort.xhigh"},
    "2026-10-07": {"line", "deprecated_at", "retires_at"},
}


def test_null_is_legal_exactly_where_the_reference_says(revision: Revision) -> None:
    expected = {
        p for since, paths in NULLABLE_SINCE.items() if since <= revision.name for p in paths
    }
    assert {each.path for each in revision.properties if each.nullable} == expected
    assert {each.path for each in revision.properties if each.problem(None) is None} == expected
    assert {each.path for each in revision.envelope if each.nullable} == {"first_id", "last_id"}


def test_absence_is_advice_exactly_for_what_may_be_null_inside_capabilities(
    revision: Revision,
) -> None:
    advice = {each.path for each in revision.properties if each.absence == "should"}
    assert advice == {each.path for each in revision.properties if each.nullable and each.parent}
    assert all(each.absence == "must" for each in revision.envelope)


def test_the_beta_values_only_grow() -> None:
    betas = [set(Revision.load(name).betas) for name in ALL]
    assert [len(each) for each in betas] == [19, 20, 28, 50, 51, 60]
    assert all(old < new for old, new in pairwise(betas))


def _rule_bearers(schema: Mapping[str, Any], pointer: str) -> Iterator[str]:
    """Yield the pointers of the properties and definitions, at any depth."""
    for keyword in ("properties", "$defs"):
        for name, child in schema.get(keyword, {}).items():
            if not {"type", "$ref", "anyOf", "description"}.isdisjoint(child):
                yield f"{pointer}/{keyword}/{name}"
                yield from _rule_bearers(child, f"{pointer}/{keyword}/{name}")
