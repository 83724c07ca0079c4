"""The threads that send, in the package and in tables of tests."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import reused_threads

from pytest_models_contract.client.worker_threads import start

SOON = 5.0
each_start = pytest.mark.parametrize(
    "start", [start, reused_threads.start], ids=["package", "tests"]
)


def test_the_thread_ends_with_its_work() -> None:
    thread = start(threading.current_thread).result(SOON)
    thread.join(SOON)
    assert not thread.is_alive()


def test_the_tests_use_a_thread_again() -> None:
    first, second = (reused_threads.start(threading.current_thread).result(SOON) for _ in range(2))
    assert first is second


@each_start
def test_work_at_the_same_moment_has_a_thread_each(start: Any) -> None:
    both = threading.Barrier(2, timeout=SOON)
    outcomes = [start(both.wait) for _ in range(2)]
    assert {outcome.result(SOON) for outcome in outcomes} == {0, 1}


@each_start
@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3)], ids=repr)
def test_an_exception_goes_to_the_caller(error: BaseException, start: Any) -> None:
    def fails() -> None:
        raise error

    assert start(fails).exception(SOON) is error


@each_start
def test_a_thread_that_hangs_does_not_keep_the_process(start: Any) -> None:
    assert start(threading.current_thread).result(SOON).daemon
