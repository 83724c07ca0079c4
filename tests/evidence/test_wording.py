"""Wording: the difference between two lists of ids shows, though only a few ids do."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pytest_models_contract.evidence.wording import compared

FIVE = ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("ids", "expected", "seen", "wanted"),
    [
        (FIVE, FIVE[:4], "5 models, with e", "4 models: a, b, c, …"),
        (FIVE[:4], FIVE, "4 models, without e", "5 models: a, b, c, …"),
        (["a", "b", "c", "x", "e"], FIVE, "5 models, without d and with x", "5 models: a, b, c, …"),
        (["a", "b", "c", "e", "d"], FIVE, "5 models, at place 4: e", "5 models, at place 4: d"),
        ([*FIVE, "a"], FIVE, "6 models, at place 6: a", "5 models, at place 6: none"),
        (["b", *FIVE], FIVE, "6 models: b, a, b, …", "5 models: a, b, c, …"),
        (["a"], FIVE, "1 model: a", "5 models: a, b, c, …"),
        ([], FIVE, "no model", "5 models: a, b, c, …"),
    ],
)
def test_the_difference_shows(
    ids: Sequence[str], expected: Sequence[str], seen: str, wanted: str
) -> None:
    assert compared(ids, expected) == (seen, wanted)


@pytest.mark.parametrize("expected", [FIVE, FIVE[:4], [], ["a", "b", "c", "x", "e"], FIVE[::-1]])
def test_two_lists_that_differ_never_read_the_same(expected: Sequence[str]) -> None:
    for other in (FIVE[1:], FIVE[:1], [*FIVE, "f"], ["a", "b", "c", "e", "d"]):
        seen, wanted = compared(other, expected)
        assert seen != wanted or list(other) == list(expected)
