"""The outcomes of a check: every case is judged, and the worst finding comes first."""

from __future__ import annotations

from typing import Any

import pytest
from judging import fake

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.client.verdict import Check, NotJudged, Unexercised, Violation
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS


@pytest.fixture(scope="module")
def response() -> Response:
    return ModelsAPI(IN_PROCESS, Wsgi(fake()), key="no").list()


def test_every_violation_is_found(response: Response) -> None:
    def odd_number(number: int) -> Finding | None:
        return response.finding(str(number), "even") if number % 2 else None

    with pytest.raises(Violation, match="2 of 4: 1") as caught:
        Check().judge([1, 2, 3, 4], odd_number, what="numbers", if_none="")
    assert [found.seen for found in caught.value.findings] == ["1", "3"]
    assert caught.value.cases == 4
    assert not caught.value.compares


def test_musts_come_before_advice(response: Response) -> None:
    advice, must = response.finding("a", "b", level="should"), response.finding("c", "d")
    assert Violation([advice, must]).findings == (must, advice)


@pytest.mark.parametrize(("settled", "compares"), [(False, True), (True, False)])
def test_a_settled_finding_is_not_confirmed_again(
    response: Response, settled: bool, compares: bool
) -> None:
    finding = Finding(response, "a", "b", settled=settled)
    assert Violation([finding], compares=True).compares is compares


def test_without_a_case_nothing_is_judged(response: Response) -> None:
    check = Check()
    with pytest.raises(Unexercised, match="no numbers"):
        check.judge([], lambda _: response.finding("a", "b"), what="numbers", if_none="no numbers")
    assert not check.evidence


def test_a_check_that_passes_counts_its_cases() -> None:
    check, nothing = Check(), None
    check.judge([1, 2], lambda _: nothing, what="numbers", if_none="")
    assert check.evidence == ["2 numbers"]


@pytest.mark.parametrize("flags", [{}, {"fatal": True}, {"stalled": True}])
def test_not_judged_says_how(flags: Any) -> None:
    lost = NotJudged("no response", **flags)
    assert (str(lost), lost.fatal, lost.stalled) == (
        "no response",
        "fatal" in flags,
        "stalled" in flags,
    )
