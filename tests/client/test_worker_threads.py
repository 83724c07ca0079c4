"""The threads that send: as few as possible, and no work is lost between two of them."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from queue import SimpleQueue

import pytest

from pytest_models_contract.client import worker_threads
from pytest_models_contract.client.worker_threads import Jobs, Workers

SOON = 5.0


class Watched(list[Jobs]):
    """Idle threads; `left` is set when one of them is about to end."""

    def __init__(self) -> None:
        self.left = threading.Event()

    def remove(self, jobs: Jobs) -> None:
        self.left.set()
        super().remove(jobs)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_threads, "IDLE", SOON)


def test_one_thread_does_jobs_that_follow_each_other() -> None:
    own = Workers()
    assert len({own.do(threading.get_ident).result(SOON) for _ in range(20)}) == 1


def test_jobs_at_the_same_moment_have_a_thread_each() -> None:
    own, both = Workers(), threading.Barrier(2, timeout=SOON)
    outcomes = [own.do(both.wait) for _ in range(2)]
    assert {outcome.result(SOON) for outcome in outcomes} == {0, 1}


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3)], ids=repr)
def test_an_exception_goes_to_the_caller_and_the_thread_goes_on(error: BaseException) -> None:
    def fails() -> None:
        raise error

    own = Workers()
    before = own.do(threading.current_thread).result(SOON)
    assert own.do(fails).exception(SOON) is error
    assert own.do(threading.current_thread).result(SOON) is before


def test_an_idle_thread_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_threads, "IDLE", 0.01)
    own = Workers()
    thread = own.do(threading.current_thread).result(SOON)
    thread.join(SOON)
    assert not thread.is_alive()
    assert own._idle == []


def test_a_thread_does_not_end_while_it_is_about_to_get_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A caller has taken it from the idle threads, but its time is up before the work arrives."""
    monkeypatch.setattr(worker_threads, "IDLE", 0.01)
    own, idle, outcome = Workers(), Watched(), Future[int]()
    jobs: Jobs = SimpleQueue()
    own._idle = idle
    threading.Thread(target=own._serve, args=(jobs,), daemon=True).start()
    assert idle.left.wait(SOON)
    jobs.put((lambda: 5, outcome))
    assert outcome.result(SOON) == 5
