"""The simplest case: found by few requests, with nothing left behind on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_models_contract.evidence.explore.shrinking import MOST_REQUESTS, shrunk
from pytest_models_contract.evidence.explore.windows import Single, Step, Window

AFTER = Window("after_id", 137, 150)


def last(step: Step) -> Window:
    window = step[-1]
    assert isinstance(window, Window)
    return window


@pytest.mark.parametrize(
    ("is_wrong", "simplest"),
    [
        (lambda step: 101 <= (last(step).limit or 0) <= 199, Window("after_id", 0, 101)),
        (lambda step: last(step).place == 137, Window("after_id", 137, 1)),
        (lambda step: last(step).limit == 150, Window("after_id", 0, 150)),
        (lambda step: last(step) == AFTER, AFTER),
        (lambda _: True, Window("after_id", 0, 1)),
    ],
)
def test_the_least_limit_and_the_earliest_cursor_are_found(is_wrong, simplest) -> None:  # type: ignore[no-untyped-def]
    assert shrunk((AFTER,), is_wrong) == (simplest,)


def test_requests_that_are_not_needed_are_left_out() -> None:
    step = (Single(3), Window("before_id", 9, 7), AFTER)
    assert shrunk(step, lambda _: True) == (Window("after_id", 0, 1),)
    assert shrunk(step, lambda own: len(own) == 2)[:-1] == (Window("before_id", 0, 1),)


def test_a_step_that_is_not_free_keeps_its_requests_and_places() -> None:
    step = (Window("after_id", 9, 7), Window("after_id", 9, 30))
    found = shrunk(step, lambda own: (last(own).limit or 0) > 20, free=False)
    assert found == (Window("after_id", 9, 1), Window("after_id", 9, 21))


def test_equal_limits_stay_equal() -> None:
    step = (Window("after_id", 9, 30), Window("after_id", 10, 30))
    found = shrunk(step, lambda own: own[0][2:] == own[1][2:], free=False)
    assert found == (Window("after_id", 9, 1), Window("after_id", 10, 1))


def test_a_window_without_limit_or_cursor_keeps_none() -> None:
    window = Window("", 0, None)
    assert shrunk((window,), lambda _: True) == (window,)
    assert shrunk((Single(7),), lambda _: True) == (Single(0),)


def test_only_so_many_requests_are_sent() -> None:
    asked: list[Step] = []

    def is_wrong(step: Step) -> bool:
        asked.append(step)
        return hash(step) % 3 == 0

    shrunk((Single(800), Window("before_id", 900, 999), Window("after_id", 950, 999)), is_wrong)
    assert 0 < sum(map(len, asked)) <= MOST_REQUESTS
    assert len(set(asked)) == len(asked)


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shrunk((AFTER,), lambda step: (last(step).limit or 0) > 20)
    assert list(tmp_path.iterdir()) == []
