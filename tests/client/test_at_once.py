"""Requests at the same moment: which ones, and what it means that they get no response."""

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


def test_a_single_response_cannot_be_mixed_up() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    pages = [api.page(limit=limit) for limit in (1, 2)]

    def judged(count: int) -> str:
        evidence: Any = SimpleNamespace(
            pages=pages[:count],
            ids=[],
            named=[],
            why_no_models="no page",
            same_response=lambda *_: True,
            revision=Revision.load(),
            noted=[],
            changing="",
        )
        check = Check()
        try:
            cursors.test_requests_at_the_same_moment_get_their_own_answers(evidence, api, check)
        except Unexercised as why:
            return str(why)
        return check.evidence[0]

    assert [judged(count) for count in range(3)] == [
        "no page",
        "the list has only one page: nothing can be mixed up",
        "2 requests",
    ]
    api.close()


def test_pages_requested_at_once_have_at_least_one_model_and_at_most_the_default() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    windows: list[dict[str, Any]] = [{"limit": limit} for limit in (1, 20, 21, 22, 23)]
    pages = [api.page(**window) for window in (*windows, {"after_id": LAST})]
    evidence: Any = SimpleNamespace(
        pages=pages,
        ids=[],
        named=[],
        same_response=lambda *_: True,
        revision=Revision.load(),
        noted=[],
        changing="",
    )
    check = Check()
    cursors.test_requests_at_the_same_moment_get_their_own_answers(evidence, api, check)
    assert check.evidence == ["2 requests"]
    api.close()


CHECK = "cursors/requests_at_the_same_moment_get_their_own_answers"


class AtOnce(httpx.BaseTransport):
    """The fake, with another outcome for requests at the same moment."""

    def __init__(self, outcome: Callable[[], httpx.Response]) -> None:
        self._fake, self._outcome = Wsgi(fake()), outcome

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.extensions["models_again"] == 9:
            return self._outcome()
        return self._fake.handle_request(request)


def breaks() -> httpx.Response:
    raise httpx.ReadError("gone")


def refuses() -> httpx.Response:
    return httpx.Response(429, headers={"retry-after": "0"})


def hangs() -> httpx.Response:
    raise httpx.ReadTimeout("late")


def test_a_server_of_one_connection_is_judged_by_all_other_checks() -> None:
    found = judged(AtOnce(hangs))
    assert found.pop(CHECK).why.endswith("one request at a time (the other requests time out)")
    assert {each.verdict for each in found.values()} == {"holds"}


@pytest.mark.parametrize(
    ("outcome", "verdict", "why"),
    [
        (refuses, "unexercised", "the server handles one request at a time (status 429)"),
        (breaks, "error", "the connection broke"),
    ],
)
def test_a_busy_server_is_not_tested_with_requests_at_the_same_moment(
    outcome: Callable[[], httpx.Response], verdict: str, why: str
) -> None:
    found = judged(AtOnce(outcome), only=["cursors"])[CHECK]
    assert found.verdict == verdict
    assert why in found.why
