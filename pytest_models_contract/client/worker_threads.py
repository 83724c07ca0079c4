"""Threads for work that has a deadline; a thread that misses it is left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias, TypeVar

from pytest_models_contract.client.logging_filter import THREAD_NAME

IDLE = 0.5
"""How long a thread waits for more work before it ends, in seconds."""
T = TypeVar("T")
Jobs: TypeAlias = "SimpleQueue[tuple[Callable[[], Any], Future[Any]]]"


class Workers:
    """Threads that work off jobs; there are as many threads as jobs at the same moment.

    To start a thread for each request takes as long as the request itself. An executor of the
    standard library would wait at the end of the run for a thread that hangs.
    """

    def __init__(self) -> None:
        self._idle: list[Jobs] = []

    def do(self, work: Callable[[], T]) -> Future[T]:
        """Start the work at once; the future has its result, or whatever it raises."""
        outcome: Future[T] = Future()
        try:
            jobs = self._idle.pop()
        except IndexError:
            jobs = SimpleQueue()
            thread = threading.Thread(
                target=self._serve, args=(jobs,), name=THREAD_NAME, daemon=True
            )
            thread.start()
        jobs.put((work, outcome))
        return outcome

    def _serve(self, jobs: Jobs) -> None:
        while True:
            try:
                work, outcome = jobs.get(timeout=IDLE)
            except Empty:
                if self._retires(jobs):
                    return
            else:
                self._settle(jobs, work, outcome)

    def _settle(self, jobs: Jobs, work: Callable[[], T], outcome: Future[T]) -> None:
        try:
            result = work()
        except BaseException as error:  # re-raised in the thread that waits for the future
            self._idle.append(jobs)
            outcome.set_exception(error)
        else:
            # Before the result is set: the next caller then finds this thread idle.
            self._idle.append(jobs)
            outcome.set_result(result)

    def _retires(self, jobs: Jobs) -> bool:
        """Whether the thread leaves the idle ones; False where a caller has just taken it."""
        try:
            self._idle.remove(jobs)
        except ValueError:
            return False
        return True
