"""The conformant fake on a socket, behind unusual but correct HTTP."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl

from pytest_models_contract.fake import Fake, Request, Response

Send = Callable[[BaseHTTPRequestHandler, Response], None]


@contextmanager
def served(fake: Fake, send: Send) -> Iterator[str]:
    """The base URL of the fake while it is served like this."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            pairs = tuple(parse_qsl(query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            send(self, fake.respond(Request("GET", path, pairs, headers)))

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _write(to: BaseHTTPRequestHandler, start: str, headers: dict[str, str], body: bytes) -> None:
    lines = [start, *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    to.wfile.write("\r\n".join(lines).encode() + body)


def http_1_0(to: BaseHTTPRequestHandler, response: Response) -> None:
    """HTTP/1.0 without a length: the end of the connection is the end of the body."""
    to.close_connection = True
    _write(to, f"HTTP/1.0 {response.status} Whatever", response.headers, response.encoded())


def chunked(to: BaseHTTPRequestHandler, response: Response) -> None:
    """Chunks of 1,000 bytes, the last one with an extension and a trailer."""
    body = response.encoded()
    pieces = [body[place : place + 1000] for place in range(0, len(body), 1000)]
    text = b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    headers = {**response.headers, "transfer-encoding": "chunked", "trailer": "x-end"}
    _write(to, _line(response), headers, text + b"0\r\nx-end: yes\r\n\r\n")


def closing(to: BaseHTTPRequestHandler, response: Response) -> None:
    """One response for each connection."""
    to.close_connection = True
    headers = {
        **response.headers,
        "connection": "close",
        "content-length": str(len(response.encoded())),
    }
    _write(to, _line(response), headers, response.encoded())


def gzip_in_chunks(to: BaseHTTPRequestHandler, response: Response) -> None:
    """A body that is compressed, then cut into chunks."""
    packed = gzip.compress(response.encoded())
    chunked(
        to,
        Response(
            response.status,
            {**response.headers, "content-encoding": "gzip"},
            text=packed,
        ),
    )


def _line(response: Response) -> str:
    return f"HTTP/1.1 {response.status} {responses.get(response.status, '')}"
