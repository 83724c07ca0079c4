"""Servers that misbehave on the wire, each on a raw socket of this machine.

An `Act` handles one request on an open connection; `misbehaving(act)` serves it. `conformant(fake)` is
the act of a server that behaves, `at(place, fault, otherwise)` misbehaves at one request only.
"""

from __future__ import annotations

import gzip
import itertools
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qsl, urlsplit

import pytest

import pytest_models_contract.evidence.gathering

# pytester removes what a run in process imports, and a second import of httpx is another httpx.
import pytest_models_contract.session.collection
import pytest_models_contract.session.finish
import pytest_models_contract.target.recorder
import pytest_models_contract.target.targets  # noqa: F401 - imported so that they stay
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.fake import Fake, Request

JSON = {"content-type": "application/json"}


@dataclass
class Asked:
    """One request on its connection: its bytes, its number (from 1), and when the server ends."""

    connection: socket.socket
    head: bytes
    number: int
    over: threading.Event

    @property
    def target(self) -> str:
        return self.head.split(b" ")[1].decode()

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines if line)
        return {name.lower(): value.strip() for name, _, value in pairs}

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.connection.sendall(piece)

    def drip(self, text: bytes, seconds: float) -> None:
        """Send a byte at a time, for ever when the text is long enough."""
        for byte in itertools.chain(text):
            self.send(bytes([byte]))
            if self.over.wait(seconds):
                return

    def hang(self) -> None:
        self.over.wait()

    def hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Break the connection with an RST instead of a FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


Act = Callable[[Asked], None]


def response(
    status: int = 200,
    body: bytes = b"",
    headers: Mapping[str, str] = JSON,
    length: int | None = None,
    version: str = "1.1",
) -> bytes:
    """The bytes of a response; `length` is a wrong content-length."""
    fields = {"content-length": str(len(body) if length is None else length), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/{version} {status} Said\r\n{lines}\r\n".encode("latin-1") + body


def says(
    status: int = 200,
    body: bytes = b"",
    headers: Mapping[str, str] = JSON,
    length: int | None = None,
    version: str = "1.1",
) -> Act:
    """Send that response, then hang up, so that no byte of it can count as the next response."""
    return sends(response(status, body, {**headers, "connection": "close"}, length, version))


def sends(*pieces: bytes) -> Act:
    """Send these bytes, then hang up."""

    def act(asked: Asked) -> None:
        asked.send(*pieces)
        asked.hang_up()

    return act


def conformant(fake: Fake | None = None) -> Act:
    """Respond as the fake does."""
    return packing({}, bytes, fake)


def packing(
    headers: Mapping[str, str], pack: Callable[[bytes], bytes], fake: Fake | None = None
) -> Act:
    """Respond as the fake does, with packed bodies and the headers that say so."""
    fake = fake or Fake()

    def act(asked: Asked) -> None:
        url = urlsplit(asked.target)
        query = tuple(parse_qsl(url.query, keep_blank_values=True))
        sent = fake.respond(Request("GET", url.path, query, asked.headers))
        asked.send(response(sent.status, pack(sent.encoded()), {**sent.headers, **headers}))

    return act


def at(places: Callable[[Asked], bool], fault: Act, elsewhere: Act) -> Act:
    """Misbehave where `places` is true, and nowhere else."""
    return lambda asked: fault(asked) if places(asked) else elsewhere(asked)


@cache
def bomb(size: int = 2**30, layers: int = 1) -> bytes:
    """A brace and `size` spaces, compressed to about a thousandth, `layers` times."""
    packer = zlib.compressobj(9, wbits=31)
    pieces = (packer.compress(b"{" + bytes(2**20)) for _ in range(size >> 20))
    body = b"".join(pieces) + packer.flush()
    for _ in range(layers - 1):
        body = gzip.compress(body, 9)
    return body


@dataclass
class Served:
    """A running server: its base URL and its requests, in order."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    @property
    def connections(self) -> int:
        return len({asked.connection for asked in self.asked})


@contextmanager
def misbehaving(act: Act) -> Iterator[Served]:
    """Serve `act` on a free loopback port while the block runs."""
    over, connections = threading.Event(), list[socket.socket]()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        served = Served(f"http://127.0.0.1:{listener.getsockname()[1]}")

        def accept() -> None:
            with suppress(OSError):
                while not over.is_set():
                    connection, _ = listener.accept()
                    connections.append(connection)
                    work = (connection, act, served, over)
                    threading.Thread(target=_converse, args=work, daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield served
        finally:
            over.set()
            for opened in (listener, *connections):
                with suppress(OSError):
                    opened.shutdown(socket.SHUT_RDWR)
                opened.close()


def _converse(connection: socket.socket, act: Act, served: Served, over: threading.Event) -> None:
    """Handle one request after the other, until either side hangs up."""
    with suppress(OSError, ValueError):
        rest = b""
        while True:
            head, rest = _head(connection, rest)
            asked = Asked(connection, head, len(served.asked) + 1, over)
            served.asked.append(asked)
            act(asked)


def _head(connection: socket.socket, start: bytes) -> tuple[bytes, bytes]:
    while b"\r\n\r\n" not in start:
        piece = connection.recv(65536)
        if not piece:
            raise OSError("hung up")
        start += piece
    head, _, rest = start.partition(b"\r\n\r\n")
    return head, rest


@contextmanager
def never_accepting() -> Iterator[str]:
    """A port that accepts no connection: its queue is full. Yields the base URL."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(8):
            waiting.append(one := socket.socket())
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            for one in waiting:
                one.close()


def asked(act: Act, timeout: float = 5, **options: int) -> tuple[Response, int]:
    """The response of such a server to the plain list request, and the number of requests."""
    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=timeout, **options)  # type: ignore[arg-type]
        try:
            return client.list(), len(server.asked)
        finally:
            client.close()


def lost(act: Act, timeout: float = 5) -> tuple[str, int]:
    """Why there is no response, and the number of requests."""
    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=timeout)
        with pytest.raises(NotJudged) as why:
            client.list()
        client.close()
        return str(why.value), len(server.asked)


def once(fault: Act, then: Act | None = None) -> Act:
    """Misbehave at the first request, and never again."""
    return at(lambda asked: asked.number == 1, fault, then or conformant())
