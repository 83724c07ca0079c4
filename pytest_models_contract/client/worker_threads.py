"""Threads of our own, for what must be waited for no longer than so long, and may be left behind."""

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
    """Threads that do one thing after another: as many as are busy at the same moment.

    A new thread for each question would take as long as the question. An executor of the standard
    library would wait at the end of the run for a thread that hangs.
    """

    def __init__(self) -> None:
        self._idle: list[Jobs] = []

    def do(self, work: Callable[[], T]) -> Future[T]:
        """Begin with the work at once; gives what will come of it, whatever is raised."""
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
        except BaseException as error:  # handed to the asking thread, whatever it is
            self._idle.append(jobs)
            outcome.set_exception(error)
        else:
            # Before anybody hears of it: who asks next finds this thread.
            self._idle.append(jobs)
            outcome.set_result(result)

    def _retires(self, jobs: Jobs) -> bool:
        """Whether nobody has work for the thread any more; somebody may be just about to."""
        try:
            self._idle.remove(jobs)
        except ValueError:
            return False
        return True
