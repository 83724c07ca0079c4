"""Workers of one run: no two send the same request, and none waits for a worker that is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import Empty, Queue
from threading import Event, Thread
from threading import enumerate as threads
from types import SimpleNamespace
from typing import Any, cast

import contracting
import pytest
from contracting import contract, reported
from controlling import Controller
from judging import KEY

from pytest_models_contract.client import sharing
from pytest_models_contract.client.exchange import Received, Request
from pytest_models_contract.client.sharing import Hub, Peers, peers
from pytest_models_contract.fake import Fake, serve

ONE, OTHER = Request("/v1/models"), Request("/v1/models/claude")
ANSWER = Received(200, (("request-id", "req_1"),), b"{}")


# --- the hub -------------------------------------------------------------------------------------


def test_workers_share_what_one_received(controller: Controller) -> None:
    one, other = controller.worker(), controller.worker()
    assert one.take(ONE) is None
    one.give(ANSWER)
    assert other.take(ONE) == one.take(ONE) == ANSWER
    assert other.take(OTHER) is None
    other.give(ANSWER)


@pytest.mark.parametrize("ends", [True, False])
def test_a_request_without_a_response_goes_to_the_next_worker(
    controller: Controller, ends: bool
) -> None:
    one, other = controller.worker(), controller.worker()
    assert one.take(ONE) is None
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(other.take, ONE)
        if ends:
            one._thread.connection.close()
        else:
            one.give(None)
        assert waiting.result(5) is None


def test_each_thread_of_a_worker_talks_to_the_hub_by_itself(controller: Controller) -> None:
    worker, asked, given = controller.worker(), Event(), Event()

    def ask() -> None:
        assert worker.take(ONE) is None
        asked.set()
        given.wait(5)
        worker.give(ANSWER)

    with ThreadPoolExecutor() as pool:
        asking = pool.submit(ask)
        assert asked.wait(5)
        assert worker.take(OTHER) is None
        worker.give(ANSWER)
        given.set()
        asking.result(5)
    assert worker.take(ONE) == ANSWER


def test_without_the_hub_each_worker_sends_all_requests(controller: Controller) -> None:
    one = controller.worker()
    controller.hub.pytest_unconfigure()
    assert one.take(ONE) is None
    one.give(ANSWER)
    assert one.take(ONE) is None


def test_a_stranger_gets_nothing(controller: Controller) -> None:
    one, other = controller.worker(), controller.worker()
    one.take(ONE)
    one.give(ANSWER)
    stranger = Peers(one._address, "00" * 32, 0, 1)
    assert stranger.take(ONE) is None
    assert other.take(ONE) == ANSWER


def test_workers_get_no_address_where_the_hub_cannot_listen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(**_: Any) -> None:
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr(sharing, "Listener", refuse)
    node = SimpleNamespace(workerinput={"workercount": 2})
    hub = Hub()
    hub.pytest_configure_node(node)
    hub.pytest_unconfigure()
    assert peers(cast(Any, node)) is None


def test_the_hub_does_not_listen_without_workers() -> None:
    before = {*threads()}
    hub = Hub()
    hub.pytest_unconfigure()
    assert {*threads()} <= before
    assert peers(cast(Any, SimpleNamespace())) is None


def test_workers_begin_with_different_parts(controller: Controller) -> None:
    parts = [[*controller.worker().own(range(5))] for _ in range(3)]
    assert parts == [[0, 2, 4], [1, 3], [0, 2, 4]]  # the third replaces one that crashed


def test_a_worker_waits_for_a_request_in_flight() -> None:
    hub, received = Hub(), Queue[Any]()
    assert hub._take(ONE) is None
    Thread(target=lambda: received.put(hub._take(ONE)), daemon=True).start()
    with pytest.raises(Empty):
        received.get(timeout=0.2)
    hub._give(ONE, ANSWER)
    assert received.get(timeout=5) == ANSWER


def test_a_known_response_is_not_requested_again() -> None:
    hub = Hub()
    assert hub._take(ONE) is None
    assert hub._in_flight == {ONE}
    hub._give(ONE, ANSWER)
    assert hub._take(ONE) == ANSWER
    assert not hub._in_flight
    hub._give(ONE, None)
    assert hub._take(ONE) == ANSWER
    assert not hub._in_flight


def test_a_worker_has_one_connection_for_each_thread(controller: Controller) -> None:
    worker = controller.worker()
    assert worker.take(ONE) is None
    connection = worker._thread.connection
    worker.give(ANSWER)
    assert worker.take(ONE) == ANSWER
    assert worker._thread.connection is connection


def test_a_hub_that_is_gone_gets_no_report(controller: Controller) -> None:
    one = controller.worker()
    assert one.take(ONE) is None
    one._thread.connection.close()
    one.give(ANSWER)


def test_nothing_of_the_hub_keeps_the_controller_alive(controller: Controller) -> None:
    before = {*threads()}
    worker = controller.worker()
    assert worker.take(ONE) is None
    began = {*threads()} - before
    assert began
    assert all(thread.daemon for thread in began)


def test_a_hub_that_is_closed_accepts_no_more() -> None:
    hub, accepted = Hub(), []

    class Closed:
        def accept(self) -> None:
            assert not accepted
            accepted.append(1)
            hub._listener = None
            raise OSError("closed")

    closed: Any = Closed()
    hub._listener = closed
    hub._accept(closed)
    assert accepted == [1]


def test_a_plugin_that_blocks_the_network_leaves_each_worker_alone(
    controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blocked(*_: Any, **__: Any) -> None:
        raise RuntimeError("A test tried to use socket.socket.")

    one = controller.worker()
    monkeypatch.setattr(sharing, "Client", blocked)
    assert one.take(ONE) is None
    one.give(ANSWER)


# --- the run -------------------------------------------------------------------------------------


OVERRIDDEN = """
    import pytest

    @pytest.fixture(scope="session")
    def models_headers():
        return {"x-test": "mine"}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("live", "conftest", "times"), [(True, "", 1), (True, OVERRIDDEN, 2), (False, "", 2)]
)
def test_workers_share_responses_where_all_have_one_target(
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
        target = (
            ("--models-base-url", base_url)
            if live
            else ("--models-app", contracting.CONFORMANT_APP)
        )
        arguments = ("-k", "order/ or limit/default", "--models-report", "report.json", *target)
        assert contract(pytester, *arguments, app="").ret == pytest.ExitCode.OK
        alone = reported(pytester)["requests"]
        contract(pytester, *arguments, *each, app="", process=True)
    assert reported(pytester)["requests"] == times * alone
