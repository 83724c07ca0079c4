"""The threads that ask: one after another where it can be, and no work is lost between two of them."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from queue import SimpleQueue

import pytest

from pytest_models_contract.client import worker_threads
from pytest_models_contract.client.worker_threads import Jobs, Workers

SOON = 5.0


class Watched(list[Jobs]):
    """Idle threads; `left` is set when one of them wants to be idle no longer."""

    def __init__(self) -> None:
        self.left = threading.Event()

    def remove(self, jobs: Jobs) -> None:
        self.left.set()
        super().remove(jobs)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_threads, "IDLE", SOON)


def test_what_is_asked_one_after_another_is_asked_by_one_thread() -> None:
    own = Workers()
    assert len({own.do(threading.get_ident).result(SOON) for _ in range(20)}) == 1


def test_what_is_asked_at_once_is_asked_by_as_many() -> None:
    own, both = Workers(), threading.Barrier(2, timeout=SOON)
    outcomes = [own.do(both.wait) for _ in range(2)]
    assert {outcome.result(SOON) for outcome in outcomes} == {0, 1}


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3)], ids=repr)
def test_whatever_is_raised_is_handed_over_and_the_thread_goes_on(error: BaseException) -> None:
    def fails() -> None:
        raise error

    own = Workers()
    before = own.do(threading.current_thread).result(SOON)
    assert own.do(fails).exception(SOON) is error
    assert own.do(threading.current_thread).result(SOON) is before


def test_a_thread_that_nobody_needs_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_threads, "IDLE", 0.01)
    own = Workers()
    thread = own.do(threading.current_thread).result(SOON)
    thread.join(SOON)
    assert not thread.is_alive()
    assert own._idle == []


def test_a_thread_that_work_is_on_its_way_to_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken from the idle ones already, but has not got the work yet when its time is up."""
    monkeypatch.setattr(worker_threads, "IDLE", 0.01)
    own, idle, outcome = Workers(), Watched(), Future[int]()
    jobs: Jobs = SimpleQueue()
    own._idle = idle
    threading.Thread(target=own._serve, args=(jobs,), daemon=True).start()
    assert idle.left.wait(SOON)
    jobs.put((lambda: 5, outcome))
    assert outcome.result(SOON) == 5
