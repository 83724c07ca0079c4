"""A server on a loopback port that sends each request on over our client, whatever the target is.

A client in another process asks it with a throw-away key. The true key is added on the way and stays in
this process. Other processes do not know the throw-away key, so they get nothing.
"""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.redirects import path_below
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.sdk.forwarding import headers_of, request_of
from pytest_models_contract.client.verdict import NotJudged, Unexercised

HOST = "127.0.0.1"


class Relay:
    """The server while it runs. `responses` are those since `begin()`, `lost` is why one is missing.

    `key` stands for the key of the run, `wrong_key` for a wrong one.
    """

    def __init__(self, api: ModelsAPI) -> None:
        """Raises `NotJudged` where no port can be opened."""
        self.key, self.wrong_key = (f"models-contract-{secrets.token_hex(16)}" for _ in range(2))
        self.responses: list[Response] = []
        self.lost: NotJudged | Unexercised | None = None
        self._api = api
        self._in_flight, self._last = 0, time.monotonic()
        self._lock = threading.Lock()
        try:
            self._server = _Server((HOST, 0), _Handler)
        except (OSError, RuntimeError) as error:  # the latter by plugins that block the network
            allow = "if a plugin blocks the network, allow this host"
            raise NotJudged(f"no port can be opened on {HOST}: {error}; {allow}") from None
        self._server.relay = self
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self._server.server_port}"

    @property
    def idle(self) -> float:
        """For how long nothing is in flight, in seconds."""
        with self._lock:
            return 0.0 if self._in_flight else time.monotonic() - self._last

    def begin(self) -> None:
        """Forget what came of the last call."""
        self.responses, self.lost = [], None
        self._last = time.monotonic()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def forward(self, target: str, headers: Mapping[str, str]) -> Response | None:
        """The response to a request of the client; None where there is none, or the key is another one."""
        key = headers.get("x-api-key") or headers.get("authorization", "").partition(" ")[2]
        url = urlsplit(target)
        if key not in (self.key, self.wrong_key) or not url.path.startswith(LIST):
            return None
        with self._lock:
            self._in_flight += 1
        try:
            query = parse_qsl(url.query, keep_blank_values=True)
            wrong = key == self.wrong_key
            response = self._api.ask(
                request_of(url.path, query, headers, self._api, wrong_key=wrong)
            )
            self.responses.append(response)
            return response
        except (NotJudged, Unexercised) as lost:
            self.lost = lost
            return None
        finally:
            with self._lock:
                self._in_flight -= 1
                self._last = time.monotonic()

    def location(self, response: Response) -> str | None:
        """Where a redirect leads, as a path of the relay; it must not lead around the relay."""
        location = response.header("location")
        if location is None:
            return None
        try:
            return path_below(response, location, self._api)
        except Unexercised as lost:
            self.lost = lost
            return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    relay: Relay

    def handle_error(self, *_: Any) -> None:
        """Print nothing: the client may close its connection at any time."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one segment
    server: _Server

    def do_GET(self) -> None:
        relay = self.server.relay
        headers = {name.lower(): value for name, value in self.headers.items()}
        response = relay.forward(self.path, headers)
        if response is None:
            self._send(502, [], b"")
        elif not response.status:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
        else:
            found = [pair for pair in headers_of(response) if pair[0].lower() != "location"]
            if location := relay.location(response):
                found.append(("location", location))
            self._send(response.status, found, response.body)

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204 and status != 304:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if status in (204, 304) else body)

    def log_message(self, *_: object) -> None:
        """Print nothing: the terminal belongs to the run."""
