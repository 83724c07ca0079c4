"""A port that a server of the test listens on, and that can be closed and opened again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from pytest_models_contract.fake.serving import Handler, Server


class Listener:
    """Hands each request on `host` and `port` to `deal_with`, on a thread for each connection.

    Port 0 takes a free one, and keeps it. OSError: the port is taken.
    """

    def __init__(self, host: str, port: int, deal_with: Callable[[Handler], None]) -> None:
        self.port = port
        self._host = host
        self._deal_with = deal_with
        self.open()

    @property
    def base_url(self) -> str:
        """Where it is; the loopback address where it listens everywhere."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104 - it is compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def open(self) -> None:
        """Listen."""
        kind = _Server6 if ":" in self._host else _Server
        self._server = kind((self._host, self.port), _Handler)
        self._server.deal_with = self._deal_with
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Refuse connections, and break those there are."""
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()


class _Server(Server):
    deal_with: Callable[[Handler], None]

    def handle_error(self, *_: object) -> None:
        """Say nothing: the terminal belongs to the tests."""


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(Handler):
    server: _Server

    def respond(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.deal_with(self)
