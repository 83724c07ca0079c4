"""Threads for work that has a deadline; a thread that misses it is left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from pytest_models_contract.client.logging_filter import THREAD_NAME

T = TypeVar("T")


def start(work: Callable[[], T]) -> Future[T]:
    """Start the work on a thread of its own; the future has its result, or whatever it raises.

    An executor of the standard library would wait at the end of the run for a thread that hangs.
    """
    outcome: Future[T] = Future()

    def settle() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # re-raised in the thread that waits for the future
            outcome.set_exception(error)

    threading.Thread(target=settle, name=THREAD_NAME, daemon=True).start()
    return outcome
