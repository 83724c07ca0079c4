"""Responses shared by the workers of pytest-xdist: no two of them send the same request."""

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
"""Raised when a connection ends or cannot open; plugins that block the network raise the last."""


class Hub:
    """A plugin of the controller: it has all responses and knows which requests are in flight.

    A worker gets what another one received. Where nobody has sent the request yet, the worker sends
    it and reports what it received. A worker that ends, or gets no response, releases the request.
    A request here is whatever workers share: a request to the server, or a part of an exploration.
    """

    def __init__(self) -> None:
        self._received: dict[Hashable, Any] = {}
        self._in_flight: set[Hashable] = set()
        self._changed = threading.Condition()
        self._key = os.urandom(32)
        self._listener: Listener | None = None
        self._workers = itertools.count()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        with suppress(OSError):  # without the hub each worker sends all its requests itself
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
            self._changed.wait_for(lambda: request not in self._in_flight)
            if request not in self._received:
                self._in_flight.add(request)
            return self._received.get(request)

    def _give(self, request: Hashable, received: Any) -> None:
        with self._changed:
            self._in_flight.discard(request)
            if received:
                self._received[request] = received
            self._changed.notify_all()


class Peers:
    """A worker's connections to the hub, one for each thread."""

    def __init__(self, address: Any, key: str, part: int, parts: int) -> None:
        self._address, self._key = address, bytes.fromhex(key)
        self.part, self.parts = part, parts
        self._thread = threading.local()

    def own(self, asks: Sequence[T]) -> Sequence[T]:
        """The part of independent requests that this worker begins with; the others begin with theirs."""
        return asks[self.part :: self.parts]

    def take(self, request: Hashable) -> Any:
        """What another worker received. After None the caller sends the request and calls `give`."""
        with suppress(*_CUT):
            if not hasattr(self._thread, "connection"):
                self._thread.connection = Client(self._address, authkey=self._key)
            self._thread.connection.send(request)
            return self._thread.connection.recv()
        return None

    def give(self, received: Any) -> None:
        """Report what was received for the request that was taken last; None when nothing was."""
        with suppress(*_CUT, AttributeError):
            self._thread.connection.send(received)


def peers(config: pytest.Config) -> Peers | None:
    """The connection to the hub, in a worker whose controller has one."""
    given = getattr(config, "workerinput", {})
    if INPUT not in given:
        return None
    address, key, part = given[INPUT]
    return Peers(address, key, part, given["workercount"])


def _in_background(work: Any, *given: Any) -> None:
    threading.Thread(target=work, args=given, daemon=True).start()
