"""What workers of pytest-xdist tell one another: no question of a run is asked by two of them."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Hashable, Sequence
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
INPUT = "models_contract_hub"
_CUT = (OSError, EOFError, AuthenticationError, RuntimeError)
"""How a connection ends, or does not begin; the last is what plugins raise that block the network."""


class Hub:
    """A plugin of the controller, which knows all answers, and which worker asks what at this moment.

    A worker is answered with what another one received; where there is no such thing the question is
    its own, and it tells what it received. One that ends, or got no answer, gives the question back.
    A question is a request, or whatever else workers share, such as a part of an exploration.
    """

    def __init__(self) -> None:
        self._received: dict[Hashable, Any] = {}
        self._asked: set[Hashable] = set()
        self._changed = threading.Condition()
        self._key = os.urandom(32)
        self._listener: Listener | None = None
        self._workers = itertools.count()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        with suppress(OSError):  # else each worker asks for itself
            if self._listener is None:
                self._listener = Listener(authkey=self._key)
                _in_background(self._accept, self._listener)
            part = next(self._workers) % node.workerinput["workercount"]
            node.workerinput[INPUT] = (self._listener.address, self._key.hex(), part)

    def pytest_unconfigure(self) -> None:
        listener, self._listener = self._listener, None
        if listener:
            listener.close()

    def _accept(self, listener: Listener) -> None:
        while self._listener is listener:
            with suppress(*_CUT):
                _in_background(self._serve, listener.accept())

    def _serve(self, connection: Connection) -> None:
        with connection, suppress(*_CUT):
            while True:
                request = connection.recv()
                received = self._take(request)
                try:
                    connection.send(received)
                    received = received or connection.recv()
                finally:
                    self._give(request, received)

    def _take(self, request: Hashable) -> Any:
        with self._changed:
            self._changed.wait_for(lambda: request not in self._asked)
            if request not in self._received:
                self._asked.add(request)
            return self._received.get(request)

    def _give(self, request: Hashable, received: Any) -> None:
        with self._changed:
            self._asked.discard(request)
            if received:
                self._received[request] = received
            self._changed.notify_all()


class Peers:
    """A worker's way to the hub; each thread has a connection of its own."""

    def __init__(self, address: Any, key: str, part: int, parts: int) -> None:
        self._address, self._key = address, bytes.fromhex(key)
        self.part, self.parts = part, parts
        self._own = threading.local()

    def own(self, asks: Sequence[T]) -> Sequence[T]:
        """The part of independent questions that this worker begins with, while others do with theirs."""
        return asks[self.part :: self.parts]

    def take(self, request: Hashable) -> Any:
        """What another worker received; after None the question must be asked, and `give` be called."""
        with suppress(*_CUT):
            if not hasattr(self._own, "connection"):
                self._own.connection = Client(self._address, authkey=self._key)
            self._own.connection.send(request)
            return self._own.connection.recv()
        return None

    def give(self, received: Any) -> None:
        """Tell what came of the question that was taken last; None when nothing did."""
        with suppress(*_CUT, AttributeError):
            self._own.connection.send(received)


def peers(config: pytest.Config) -> Peers | None:
    """The way to the hub, in a worker whose controller has one."""
    told = getattr(config, "workerinput", {})
    if INPUT not in told:
        return None
    address, key, part = told[INPUT]
    return Peers(address, key, part, told["workercount"])


def _in_background(work: Any, *given: Any) -> None:
    threading.Thread(target=work, args=given, daemon=True).start()
