"""Questions asked at the same moment: which, and whose fault it is that they are not answered."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from judging import KEY, fake, judged

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.fake import Fake
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

LAST = Fake().models[-1]["id"]


def test_one_answer_of_its_own_cannot_be_mistaken_for_another() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    pages = [api.page(limit=limit) for limit in (1, 2)]

    def judged(count: int) -> str:
        evidence: Any = SimpleNamespace(
            pages=pages[:count],
            ids=[],
            why_no_models="no page",
            same_response=lambda *_: True,
            revision=Revision.load(),
        )
        check = Check()
        try:
            cursors.test_requests_at_the_same_moment_get_their_own_answers(evidence, api, check)
        except Unexercised as why:
            return str(why)
        return check.evidence[0]

    assert [judged(count) for count in range(3)] == [
        "no page",
        "one page cannot be mistaken for another",
        "2 requests",
    ]
    api.close()


def test_pages_asked_at_once_have_a_model_and_no_more_than_the_default() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    windows: list[dict[str, Any]] = [{"limit": limit} for limit in (1, 20, 21, 22, 23)]
    pages = [api.page(**window) for window in (*windows, {"after_id": LAST})]
    evidence: Any = SimpleNamespace(
        pages=pages, ids=[], same_response=lambda *_: True, revision=Revision.load()
    )
    check = Check()
    cursors.test_requests_at_the_same_moment_get_their_own_answers(evidence, api, check)
    assert check.evidence == ["2 requests"]
    api.close()


CHECK = "cursors/requests_at_the_same_moment_get_their_own_answers"


class AtOnce(httpx.BaseTransport):
    """The fake, but questions asked at the same moment fare otherwise."""

    def __init__(self, if_none: Callable[[], httpx.Response]) -> None:
        self._fake, self._otherwise = Wsgi(fake()), if_none

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.extensions["models_again"] == 9:
            return self._otherwise()
        return self._fake.handle_request(request)


def breaks() -> httpx.Response:
    raise httpx.ReadError("gone")


def refuses() -> httpx.Response:
    return httpx.Response(429, headers={"retry-after": "0"})


def hangs() -> httpx.Response:
    raise httpx.ReadTimeout("late")


def test_who_takes_one_connection_at_a_time_is_judged_by_all_else() -> None:
    found = judged(AtOnce(hangs))
    assert found.pop(CHECK).why.endswith("one question at a time (the others wait in vain)")
    assert {told.verdict for told in found.values()} == {"holds"}


@pytest.mark.parametrize(
    ("if_none", "verdict", "why"),
    [
        (refuses, "unexercised", "the server takes one question at a time (429)"),
        (breaks, "error", "the connection broke"),
    ],
)
def test_who_is_too_busy_is_spared_questions_at_the_same_moment(
    if_none: Callable[[], httpx.Response], verdict: str, why: str
) -> None:
    found = judged(AtOnce(if_none), only=["cursors"])[CHECK]
    assert found.verdict == verdict
    assert why in found.why
