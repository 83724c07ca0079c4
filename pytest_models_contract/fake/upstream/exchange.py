"""One request that reached the upstream, and the socket it is answered on."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.client import responses
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Request, Response

if TYPE_CHECKING:
    from pytest_models_contract.fake.serving import Handler

CLIENT, SECOND, SERVER = "client", "second", "server"
ANYONE, UNKNOWN, NOBODY = "anyone", "unknown", "nobody"


@dataclass(frozen=True)
class Keys:
    """The keys that the upstream knows: the client's, another client's, the server's own.

    All None: any key is taken.
    """

    client: str | None = field(default=None, repr=False)
    second: str | None = field(default=None, repr=False)
    server: str | None = field(default=None, repr=False)

    @property
    def known(self) -> dict[str, str]:
        """Whose each key is."""
        named = {self.client: CLIENT, self.second: SECOND, self.server: SERVER}
        return {key: who for key, who in named.items() if key}

    def whose(self, sent: list[str]) -> str:
        """Whose key was sent: the server's where it is among others, else the first that is known."""
        if not self.known:
            return ANYONE
        known = [self.known[key] for key in sent if key in self.known]
        if SERVER in known:
            return SERVER
        return known[0] if known else UNKNOWN if sent else NOBODY

    def hidden(self, text: str) -> str:
        """The text without the keys."""
        for key, who in self.known.items():
            text = text.replace(key, f"({who}'s key)")
        return text


def request_of(method: str, target: str, headers: Mapping[str, str]) -> Request:
    """The request with its target, as HTTP/1.1 sends it, split into path and query."""
    path, _, query = target.partition("?")
    return Request(method, path, tuple(parse_qsl(query, keep_blank_values=True)), headers)


@dataclass
class UpstreamRequest:
    """One request that reached the upstream.

    number: from 1 on, in the order of arrival. at: seconds on the monotonic clock. target: path and
    query as sent. headers: lower-case names and values, in order. who: whose key came along
    (`client`, `second`, `server`; `unknown`, `nobody`; `anyone` where every key is taken).
    answered: what the upstream did, in words; status: what it answered, None where it did not.
    """

    number: int
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    who: str
    keys: Keys = field(default_factory=Keys)
    at: float = field(default_factory=time.monotonic)
    status: int | None = None
    answered: str = "no response yet"

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The value of a header, several joined by a comma, or None."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None

    @property
    def text(self) -> str:
        """All that was sent, keys included: to be searched, never to be shown."""
        lines = [f"{name}: {value}" for name, value in self.headers]
        return "\n".join([f"{self.method} {self.target}", *lines])

    def __str__(self) -> str:
        key = f" with the {self.who}'s key" if self.who in (CLIENT, SECOND, SERVER) else ""
        return f"{self.method} {self.keys.hidden(self.target)}{key}: {self.answered}"

    def __repr__(self) -> str:
        return f"<UpstreamRequest {self.number} {self.keys.hidden(self.text)!r} {self.answered}>"


class Exchange:
    """A request and the means to answer it: as a server should, or by whatever bytes."""

    def __init__(
        self,
        handler: Handler,
        request: Request,
        seen: UpstreamRequest,
        conformant: Callable[[Request], Response],
        over: threading.Event,
    ) -> None:
        self.request = request
        self.seen = seen
        self._handler = handler
        self._conformant = conformant
        self._over = over

    def conformant(self) -> Response:
        """The response that a server should give."""
        return self._conformant(self.request)

    def first_models(self) -> list[Model]:
        """The models of the first page, whatever page was asked for."""
        body = self._conformant(replace(self.request, query=())).body
        return body.get("data", [])[:20]  # type: ignore[no-any-return]

    @property
    def old(self) -> bool:
        """Whether the request came by HTTP/1.0, which knows no chunks."""
        return self._handler.request_version < "HTTP/1.1"

    def start(self, status: int, headers: Mapping[str, str], said: str = "") -> None:
        """Send the status line and the headers; `said` is what the log says of the response."""
        self.seen.status, self.seen.answered = status, said or str(status)
        self._handler.send_response_only(status, responses.get(status, "Said"))
        for name, value in headers.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def write(self, piece: bytes) -> None:
        """Send a part of the body, now."""
        if self._handler.command != "HEAD":
            self._handler.wfile.write(piece)
        self._handler.wfile.flush()

    def send(self, answer: Response) -> None:
        """Send a response whole, with its length."""
        body = answer.encoded()
        length = {"content-length": str(len(body))}
        self.start(answer.status, {**answer.headers, **length}, described(answer))
        self.write(body)

    def wait(self, seconds: float | None = None) -> bool:
        """Hold the response back; True when the upstream let go of it before the time was over."""
        return self._over.wait(seconds)

    def hang_up(self, said: str = "the connection closed without a response") -> None:
        """Close the connection once what was written is sent."""
        if self.seen.status is None:
            self.seen.answered = said
        self._handler.close_connection = True

    def reset(self) -> None:
        """Break the connection with an RST in place of a FIN."""
        self.hang_up("the connection was reset")
        self._handler.wfile.close()
        self._handler.rfile.close()
        at_once = struct.pack("ii", 1, 0)
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self._handler.connection.close()


def described(answer: Response) -> str:
    """A response in a few words, for the log."""
    body: Any = answer.body if answer.text is None else None
    models = body.get("data") if isinstance(body, dict) else None
    if isinstance(models, list):
        return f"{answer.status}, {len(models):,} models"
    if isinstance(body, dict) and "error" in body:
        return f"{answer.status}, {body['error']['type']}"
    if isinstance(body, dict):
        return f"{answer.status}, {json.dumps(body.get('id'), ensure_ascii=False)}"
    return f"{answer.status}, {len(answer.encoded()):,} bytes"
