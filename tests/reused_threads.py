"""Threads that take up one work after the other: to start one takes as long as half a request."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from pytest_models_contract.client.logging_filter import THREAD_NAME

T = TypeVar("T")
Task = tuple[Callable[[], Any], "Future[Any]"]
_IDLE: list[SimpleQueue[Task]] = []
"""The queues of the threads that wait for work."""


def start(work: Callable[[], T]) -> Future[T]:
    """The same as `worker_threads.start`. No thread keeps the process, unlike those of an executor."""
    outcome: Future[T] = Future()
    try:
        tasks = _IDLE.pop()
    except IndexError:
        tasks = SimpleQueue()
        threading.Thread(target=_serve, args=(tasks,), name=THREAD_NAME, daemon=True).start()
    tasks.put((work, outcome))
    return outcome


def _serve(tasks: SimpleQueue[Task]) -> None:
    while True:
        _settle(*tasks.get(), tasks)


def _settle(work: Callable[[], Any], outcome: Future[Any], tasks: SimpleQueue[Task]) -> None:
    """Do the work; who waits for the outcome finds the thread idle."""
    try:
        result = work()
    except BaseException as error:  # re-raised in the thread that waits
        _IDLE.append(tasks)
        outcome.set_exception(error)
    else:
        _IDLE.append(tasks)
        outcome.set_result(result)
