"""The threads that send."""

from __future__ import annotations

import threading

import pytest

from pytest_models_contract.client.worker_threads import start

SOON = 5.0


def test_the_thread_ends_with_its_work() -> None:
    thread = start(threading.current_thread).result(SOON)
    thread.join(SOON)
    assert not thread.is_alive()


def test_work_at_the_same_moment_has_a_thread_each() -> None:
    both = threading.Barrier(2, timeout=SOON)
    outcomes = [start(both.wait) for _ in range(2)]
    assert {outcome.result(SOON) for outcome in outcomes} == {0, 1}


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3)], ids=repr)
def test_an_exception_goes_to_the_caller(error: BaseException) -> None:
    def fails() -> None:
        raise error

    assert start(fails).exception(SOON) is error


def test_a_thread_that_hangs_does_not_keep_the_process() -> None:
    assert start(threading.current_thread).result(SOON).daemon
