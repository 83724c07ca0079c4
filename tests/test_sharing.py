"""Workers of one run: what one of them asked no other asks again, and none waits for one that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, active_count
from types import SimpleNamespace
from typing import Any, cast

import contracting
import pytest
from contracting import contract, reported
from judging import KEY, fake

from pytest_models_contract import sharing
from pytest_models_contract.api import ModelsAPI
from pytest_models_contract.apps import Wsgi
from pytest_models_contract.exchange import Question, Received
from pytest_models_contract.fake import Fake, serve
from pytest_models_contract.sharing import Hub, Peers, peers
from pytest_models_contract.target import IN_PROCESS
from pytest_models_contract.verdict import NotJudged

ONE, OTHER = Question("/v1/models"), Question("/v1/models/claude")
ANSWER = Received(200, (("request-id", "req_1"),), b"{}")


class Controller:
    """A hub and workers of it, as pytest-xdist would make them."""

    def __init__(self, workers: int = 2) -> None:
        self.hub = Hub()
        self._count = workers

    def worker(self) -> Peers:
        node = SimpleNamespace(workerinput={"workercount": self._count})
        self.hub.pytest_configure_node(node)
        found = peers(cast(Any, node))
        assert found
        return found


@pytest.fixture
def controller() -> Iterator[Controller]:
    made = Controller()
    yield made
    made.hub.pytest_unconfigure()


def asking(way: Peers) -> ModelsAPI:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    api.peers = way
    return api


# --- the hub -------------------------------------------------------------------------------------


def test_what_one_worker_received_the_others_hear(controller: Controller) -> None:
    one, other = controller.worker(), controller.worker()
    assert one.take(ONE) is None
    one.give(ANSWER)
    assert other.take(ONE) == one.take(ONE) == ANSWER
    assert other.take(OTHER) is None
    other.give(ANSWER)


def test_a_worker_waits_for_the_one_that_asks(controller: Controller) -> None:
    one, other = controller.worker(), controller.worker()
    assert one.take(ONE) is None
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(other.take, ONE)
        assert not waiting.done()
        one.give(ANSWER)
        assert waiting.result(5) == ANSWER


@pytest.mark.parametrize("ends", [True, False])
def test_a_question_without_an_answer_is_the_next_ones(controller: Controller, ends: bool) -> None:
    one, other = controller.worker(), controller.worker()
    assert one.take(ONE) is None
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(other.take, ONE)
        if ends:
            one._own.connection.close()
        else:
            one.give(None)
        assert waiting.result(5) is None


def test_each_thread_of_a_worker_has_its_own_say(controller: Controller) -> None:
    worker, asked, told = controller.worker(), Event(), Event()

    def ask() -> None:
        assert worker.take(ONE) is None
        asked.set()
        told.wait(5)
        worker.give(ANSWER)

    with ThreadPoolExecutor() as pool:
        asking = pool.submit(ask)
        assert asked.wait(5)
        assert worker.take(OTHER) is None
        worker.give(ANSWER)
        told.set()
        asking.result(5)
    assert worker.take(ONE) == ANSWER


def test_without_the_hub_each_worker_asks_for_itself(controller: Controller) -> None:
    one = controller.worker()
    controller.hub.pytest_unconfigure()
    assert one.take(ONE) is None
    one.give(ANSWER)
    assert one.take(ONE) is None


def test_a_stranger_hears_nothing(controller: Controller) -> None:
    one, other = controller.worker(), controller.worker()
    one.take(ONE)
    one.give(ANSWER)
    stranger = Peers(one._address, "00" * 32, 0, 1)
    assert stranger.take(ONE) is None
    assert other.take(ONE) == ANSWER


def test_where_nothing_can_listen_nothing_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> None:
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr(sharing, "Listener", refuse)
    node = SimpleNamespace(workerinput={"workercount": 2})
    hub = Hub()
    hub.pytest_configure_node(node)
    hub.pytest_unconfigure()
    assert peers(cast(Any, node)) is None


def test_nothing_listens_where_there_is_no_worker() -> None:
    threads = active_count()
    hub = Hub()
    hub.pytest_unconfigure()
    assert active_count() == threads
    assert peers(cast(Any, SimpleNamespace())) is None


def test_workers_begin_with_different_parts(controller: Controller) -> None:
    parts = [[*controller.worker().own(range(5))] for _ in range(3)]
    assert parts == [[0, 2, 4], [1, 3], [0, 2, 4]]  # the third stands in for one that crashed


# --- the client ----------------------------------------------------------------------------------


def test_a_question_that_another_worker_asked_is_not_sent(controller: Controller) -> None:
    one, other = (asking(controller.worker()) for _ in range(2))
    first, second = one.list(limit=3), other.list(limit=3)
    assert (second.status, second.headers, second.body) == (
        first.status,
        first.headers,
        first.body,
    )
    assert (second.sent, second.url) == (first.sent, first.url)
    assert [api.heard for api in (one, other)] == [0, 1]
    assert other.exchanges == [second]


def test_the_same_question_again_is_sent_by_each(controller: Controller) -> None:
    one, other = (asking(controller.worker()) for _ in range(2))
    for api in (one, other):
        api.list(again=1)
        api.afresh(Question("/v1/models"))
    assert [api.heard for api in (one, other)] == [0, 0]


def test_a_reading_afresh_is_the_workers_own(controller: Controller) -> None:
    one, other = (asking(controller.worker()) for _ in range(2))
    one.list()
    other.forget()
    other.list()
    assert other.heard == 0


def test_a_question_that_is_lost_is_left_to_others(controller: Controller) -> None:
    one, other = (asking(controller.worker()) for _ in range(2))
    one.dead = "over"
    with pytest.raises(NotJudged, match="over"):
        one._sent(ONE)
    assert isinstance(one._outcome(ONE), NotJudged)
    assert other.ask(ONE).ok
    assert other.heard == 0


def test_a_part_of_the_questions_is_asked_ahead(controller: Controller) -> None:
    one, other = (asking(controller.worker()) for _ in range(2))
    asks = [lambda limit=limit: one.list(limit=limit) for limit in (1, 2, 3)]
    one.ahead(asks)
    assert [reply.question.value("limit") for reply in one.exchanges] == ["1", "3"]
    other.dead = "over"
    other.ahead([other.list])
    ModelsAPI(IN_PROCESS, Wsgi(fake())).ahead([lambda: pytest.fail("asked without others")])


# --- the run -------------------------------------------------------------------------------------


OVERRIDDEN = """
    import pytest

    @pytest.fixture(scope="session")
    def models_headers():
        return {"x-test": "mine"}
"""


@pytest.mark.parametrize(
    ("live", "conftest", "times"), [(True, "", 1), (True, OVERRIDDEN, 2), (False, "", 2)]
)
def test_workers_hear_each_other_where_all_ask_one_server_alike(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    live: bool,
    conftest: str,
    times: int,
) -> None:
    pytest.importorskip("xdist")
    contracting.without_environment(monkeypatch)
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    pytester.makeconftest(conftest)
    each = ("-p", "xdist", "-n2", "--dist=each")
    with serve(Fake(key=KEY)) as base_url:
        target = ("--models-base-url", base_url) if live else ("--models-app", contracting.HONEST)
        way = ("-k", "order/ or limit/default", "--models-report", "report.json", *target)
        assert contract(pytester, *way, app="").ret == pytest.ExitCode.OK
        alone = reported(pytester)["requests"]
        contract(pytester, *way, *each, app="", process=True)
    assert reported(pytester)["requests"] == times * alone
