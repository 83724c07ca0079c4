"""Faults by request number: each run ends within its bound, with a verdict that names the problem."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from misbehaving import Act, Asked, at, conformant, misbehaving, says, sends
from sampling import first_of

CONTRACT = ("-p", "pytest_models_contract", "--models-contract", "-p", "no:cacheprovider", "-q")
FAULTS: dict[str, Act] = {
    "hang": Asked.hang,
    "reset": Asked.reset,
    "500": says(500, b"oops"),
    "429": says(429, b"", {"retry-after": "0"}),
    "not HTTP": sends(b"\0not HTTP\r\n\r\n"),
    "short body": says(200, b'{"data":[', length=5000),
    "redirect": says(302, b"", {"location": "http://127.0.0.1:9/elsewhere"}),
    "empty body": says(200, b""),
}
HEALED = {"reset", "500", "429", "not HTTP", "short body"}
UNANSWERED = {"hang", "reset", "429", "not HTTP"}
PLACES = (1, 2, 5, 20)
LAST = -1
MOST_SECONDS = 60.0


class Ran:
    """One run of the contract against one such server: its exit status and its report."""

    def __init__(self, pytester: pytest.Pytester, act: Act, timeout: str) -> None:
        with misbehaving(act) as server:
            target = ["--models-base-url", server.url, "--models-concurrency", "1"]
            arguments = [*target, "--models-timeout", timeout]
            result = pytester.runpytest_inprocess(
                *CONTRACT, *arguments, "--models-report", "out.json"
            )
            self.asked = len(server.asked)
        self.status = int(result.ret)
        self.terminal = result.stdout.str()
        self.report: dict[str, Any] = json.loads(Path("out.json").read_text(encoding="utf-8"))

    @property
    def counts(self) -> dict[str, int]:
        return {name: count for name, count in self.report["counts"].items() if count}

    def assert_sound(self) -> None:
        """It ended in time, by itself, with an exit status that agrees with its verdict."""
        assert "bug in the contract" not in self.terminal
        assert self.report["duration_s"] < MOST_SECONDS
        assert self.status == (0 if self.report["verdict"] == "conforms" else 1)
        assert len(self.report["checks"]) > 100


Run = Callable[..., Ran]


@pytest.fixture
def ran(pytester: pytest.Pytester) -> Run:
    return lambda act, timeout="10": Ran(pytester, act, timeout)


_asked: list[int] = []


def number_of(place: int, ran: Run) -> int:
    """The number of the request at that place; for the last one a run without a fault is needed."""
    if place != LAST:
        return place
    if not _asked:
        _asked.append(ran(conformant()).asked)
    return _asked[0]


@pytest.mark.slow
@pytest.mark.parametrize("place", first_of([*PLACES, LAST]))
@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault(fault: str, place: int, ran: Run) -> None:
    number, timeout = number_of(place, ran), "1" if fault == "hang" else "10"
    once = ran(at(lambda asked: asked.number == number, FAULTS[fault], conformant()), timeout)
    once.assert_sound()
    if fault in HEALED:
        assert once.report["verdict"] == "conforms"
        assert sum("only after a retry" in str(c["evidence"]) for c in once.report["checks"]) == 1
    elif fault == "hang":
        assert once.report["verdict"] == "error"
        assert "violated" not in once.counts
    elif place == 1 or (fault == "empty body" and place != LAST):
        assert once.report["verdict"] == "violates"


@pytest.mark.slow
@pytest.mark.parametrize("place", first_of([5, 1]))
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_stays(fault: str, place: int, ran: Run) -> None:
    timeout = "1" if fault == "hang" else "10"
    stays = ran(at(lambda asked: asked.number >= place, FAULTS[fault], conformant()), timeout)
    stays.assert_sound()
    if fault in UNANSWERED:
        assert stays.report["verdict"] == "error"
        assert "violated" not in stays.counts
        assert stays.asked < place + 20
    else:
        assert stays.report["verdict"] == "violates"
