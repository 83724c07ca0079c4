"""A worker's client: a request that another worker sent is not sent again."""

from __future__ import annotations

import pytest
from controlling import Controller
from judging import KEY, fake

from pytest_models_contract.client.api import SHARED, ModelsAPI
from pytest_models_contract.client.exchange import Request, Response
from pytest_models_contract.client.requests import page_request
from pytest_models_contract.client.sharing import Peers
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

ONE = Request("/v1/models")


def asking(peers: Peers) -> ModelsAPI:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    api.peers = peers
    return api


def test_a_request_that_another_worker_sent_is_not_sent(controller: Controller) -> None:
    one, other = (asking(controller.worker()) for _ in range(2))
    first, second = one.list(limit=3), other.list(limit=3)
    assert (second.status, second.headers, second.body) == (
        first.status,
        first.headers,
        first.body,
    )
    assert (second.sent, second.url) == (first.sent, first.url)
    assert [api.progress for api in (one, other)] == [0, 1]
    assert other.exchanges == [second]


def test_a_late_repetition_is_sent_by_each_worker(controller: Controller) -> None:
    one, other = (asking(controller.worker()) for _ in range(2))
    for api in (one, other):
        api.list(again=SHARED.stop)
        api.send_again(Request("/v1/models"))
    assert [api.progress for api in (one, other)] == [0, 0]


def test_a_second_reading_is_the_workers_own(controller: Controller) -> None:
    one, other = (asking(controller.worker()) for _ in range(2))
    one.list()
    other.forget()
    other.list()
    assert other.progress == 0


def test_a_request_without_a_response_is_left_to_others(controller: Controller) -> None:
    one, other = (asking(controller.worker()) for _ in range(2))
    one.dead = "over"
    with pytest.raises(NotJudged, match="over"):
        one._sent(ONE)
    assert isinstance(one._outcome(ONE), NotJudged)
    assert other.ask(ONE).ok
    assert other.progress == 0


def test_a_part_of_the_requests_is_sent_ahead(controller: Controller) -> None:
    one = asking(controller.worker())
    one.send_ahead([page_request(limit=limit) for limit in (1, 2, 3)])
    assert [response.request.value("limit") for response in one.exchanges] == ["1", "3"]
    alone = ModelsAPI(IN_PROCESS, Wsgi(fake()))
    alone.send_ahead([ONE])
    assert alone.exchanges == []


def test_a_run_that_is_over_remembers_nothing(controller: Controller) -> None:
    api = asking(controller.worker())
    api.list()
    api.dead = "over"
    with pytest.raises(NotJudged, match="over"):
        api.list()


@pytest.mark.parametrize("why", [NotJudged("lost"), Unexercised("not recorded")])
def test_a_request_ahead_may_get_no_response(
    controller: Controller, why: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(request: Request) -> Response:
        tried.append(request)
        raise why

    tried: list[Request] = []
    api = asking(controller.worker())
    monkeypatch.setattr(api.wire, "send", ask)
    api.send_ahead([ONE])  # the first worker's part
    assert tried
