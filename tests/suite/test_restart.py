"""The check that restarts the server: what it is violated by, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fault_rows import FaultRow
from fault_table.restarts import FAULTY, RESTARTS, Models, Restartable, tied
from judging import judged, judged_alone

from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.fake.faults import FAULTS

CHECK = "order/is_the_same_after_a_restart"


@pytest.mark.parametrize("row", RESTARTS, ids=lambda row: row.fault)
def test_a_fault_that_a_restart_shows_is_caught(row: FaultRow) -> None:
    server = Restartable(FAULTY[row.fault])
    found = judged(server, only=["order"], aliases={})
    violated = {check: seen.level for check, seen in found.items() if seen.verdict == "violated"}
    assert violated == row.catches
    first, second = (tied()[place]["id"] for place in (5, 6))
    assert found[CHECK].why == f'"{second}"; expected "{first}" there, as before'
    assert found[CHECK].where == f"{second} (/data/5)"
    assert server.starts == 2


@pytest.mark.parametrize(
    ("listed", "faults", "verdict", "why"),
    [
        (lambda _: tied(), (), "holds", "27 models"),
        (lambda start: tied()[start:], (), "holds", "26 models"),
        (lambda start: tied()[: 20 + start], (), "holds", "21 models"),
        (lambda _: tied()[:1], (), "unexercised", "a list of one model has no order"),
        (lambda _: [], (), "unexercised", "the catalogue is empty"),
        (
            lambda _: tied(),
            ("second_answer_is[reversed]",),
            "unexercised",
            "the order changes without",
        ),
    ],
)
def test_what_else_a_restart_shows_is_no_violation(
    listed: Callable[[int], Models], faults: tuple[str, ...], verdict: str, why: str
) -> None:
    server = Restartable(listed, *(FAULTS[name] for name in faults))
    seen, _ = judged_alone(CHECK, server)
    assert (seen.verdict, seen.why[: len(why)]) == (verdict, why)


def test_a_server_that_does_not_come_back_is_not_judged() -> None:
    class Gone(Restartable):
        def restart(self) -> None:
            if self.starts:
                raise NotJudged("ended with exit status 1")
            super().restart()

    seen, _ = judged_alone(CHECK, Gone(lambda _: tied()))
    assert (seen.verdict, seen.why) == ("error", "ended with exit status 1")


def test_it_is_left_out_where_nothing_can_be_restarted() -> None:
    assert CHECK not in judged(Restartable(lambda _: tied())._fake, only=["order"], aliases={})
