"""Every window there is: which, how many, and that too many are refused."""

from __future__ import annotations

import pytest

from pytest_models_contract.evidence.explore import everything
from pytest_models_contract.evidence.explore.explored import too_many
from pytest_models_contract.evidence.explore.windows import Single, Space, Window


@pytest.mark.parametrize(
    ("size", "number", "said"),
    [
        (1, 3 * 8 + 1, "every window with limits 1 to 2, and 6 larger limits, and every model"),
        (27, 1842, "every window with limits 1 to 28, and 5 larger limits, and every model"),
        (
            99,
            199 * 104 + 99,
            "every window with limits 1 to 100, and 4 larger limits, and every model",
        ),
        (
            998,
            1997 * 1000 + 998,
            "every window with limits 1 to 999, and 1 larger limit, and every model",
        ),
        (1500, 3001 * 1000 + 1500, "every window with limits 1 to 1000, and every model"),
    ],
)
def test_how_many_windows_there_are(size: int, number: int, said: str) -> None:
    space = Space(size, 20, 1000)
    assert everything.number(size, 1000) == number
    assert everything.summary(space) == said


def test_each_is_asked_for_once() -> None:
    targets = [target for step in everything.steps(Space(5, 20, 1000)) for target in step]
    assert len(targets) == len(set(targets)) == everything.number(5, 1000)
    assert Window("before_id", 4, 1000) in targets
    assert Window("", 0, 101) in targets
    assert Single(4) in targets


def test_too_many_are_refused_with_their_number() -> None:
    assert too_many(221, 1000) == ""
    assert "every window of 222 models takes 100,792 requests" in too_many(222, 1000)
    assert "2,002,000 requests, more than 100,000" in too_many(1000, 1000)
