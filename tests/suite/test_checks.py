"""The ids and clauses of checks, and a heading of the document for each."""

from __future__ import annotations

import re
from types import FunctionType, ModuleType

import pytest

from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import checks
from pytest_models_contract.suite.checks import (
    Facts,
    anchor,
    check_id,
    described,
    is_known,
    known_ids,
)

REVISIONS = Revision.known()


def facts(revision: str = REVISIONS[-1]) -> list[Facts]:
    return list(checks.of_revision(Revision.load(revision)))


def sample(*cites: str) -> FunctionType:
    def sample() -> None:
        """The rule,
        on two lines."""

    for pointer in cites:
        pytest.mark.models_cites(pointer)(sample)
    return sample  # type: ignore[return-value]


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_id_is_used_twice(revision: str) -> None:
    ids = [check.id for check in facts(revision)]
    assert len(set(ids)) == len(ids) > 70


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_check_has_its_rule_as_a_sentence_and_its_page(revision: str) -> None:
    for check in facts(revision):
        assert re.fullmatch(r"[`A-Z].*[.]", check.title), check
        assert re.fullmatch(r"https://\S+", check.clause.page), check
        assert check.level in ("must", "should"), check


@pytest.mark.parametrize(("area", "option"), checks.ADDED_BY.items())
def test_an_option_adds_a_whole_area(area: str, option: str) -> None:
    assert {check.needs for check in facts() if check.id.startswith(f"{area}/")} == {option}


def test_an_id_is_made_of_file_function_and_parameter() -> None:
    module = ModuleType("pytest_models_contract.suite.test_order")
    assert check_id(module, sample(), "") == "order/sample"
    assert check_id(module, sample(), "0") == "order/sample[0]"
    prop = Revision.load().properties[-1]
    assert check_id(module, sample(), "ignored", prop) == f"order/{prop.path}"


def test_the_ids_of_the_interface_are_known() -> None:
    promised = {
        "cursors/after_id_starts_after_the_cursor",
        "model_info/capabilities.effort.max",
        "model_info/created_at",
        "order/newest_first",
    }
    assert promised <= known_ids()


@pytest.mark.parametrize(
    ("check", "known"),
    [
        ("order/newest_first", True),
        ("model_info/lifecycle", True),
        ("limit/refuses[0]", True),
        ("retrieve/alias_resolves[opus@latest]", True),
        ("retrieve/alias_resolves[]", False),
        ("retrieve/alias_resolves", False),
        ("limit/refuses", False),
        ("limit/refuses[7]", False),
        ("order/newest_first[x]", False),
        ("order/Newest_First", False),
        ("newest_first", False),
    ],
)
def test_ids_of_checks_are_recognised(check: str, known: bool) -> None:
    assert is_known(check) is known


def test_a_check_without_a_clause_is_a_collection_error() -> None:
    with pytest.raises(pytest.Collector.CollectError, match="sample has no clause"):
        described(sample(), Revision.load())


def test_a_clause_that_no_revision_has_is_a_collection_error() -> None:
    with pytest.raises(pytest.Collector.CollectError, match="no revision has the clause"):
        described(sample("model_info#/nowhere"), Revision.load())


def test_a_clause_of_another_revision_gives_no_check() -> None:
    lifecycle = sample("list_params#/properties/lifecycle")
    assert described(lifecycle, Revision.load("2026-04-16")) is None
    found = described(lifecycle, Revision.load("2026-10-07"))
    assert found is not None
    assert (found.title, found.level) == ("The rule, on two lines.", "must")


def test_no_two_checks_share_a_heading() -> None:
    anchors = [anchor(check) for check in known_ids()]
    assert len(set(anchors)) == len(anchors)


def test_all_aliases_share_one_heading() -> None:
    assert anchor("retrieve/alias_resolves[x]") == anchor("retrieve/alias_resolves[y/z]")
    assert anchor("model_info/capabilities.effort.max") == "model_infocapabilitieseffortmax"
