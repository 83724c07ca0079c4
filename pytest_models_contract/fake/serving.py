"""A WSGI application on a loopback port, while a block of code runs."""

from __future__ import annotations

import io
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.util import setup_testing_defaults

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@contextmanager
def serve(app: WSGIApplication, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a WSGI application while the block runs; yields its base URL.

    Port 0 takes a free one. `RAW_URI` in the environ is the path as it was sent. OSError: the port is
    taken.
    """
    server = Server((host, port), Handler)
    server.app = app
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.hang_up()
        server.server_close()


class Server(ThreadingHTTPServer):
    """Threads, one for each connection; all connections end with the server."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # on Windows two servers would get the same port
    request_queue_size = 128
    app: WSGIApplication

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection, kept open between requests: wsgiref's own handler closes it each time."""

    protocol_version = "HTTP/1.1"
    # Without it each response waits 40 ms for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    # Head and body are sent in one segment.
    wbufsize = -1
    server: Server

    def handle(self) -> None:
        # A client may close the connection at any time.
        with suppress(ConnectionError):
            super().handle()

    def respond(self) -> None:
        content = b"".join(self.server.app(self._environ(), self._start_response))
        self.wfile.write(b"" if self.command == "HEAD" else content)

    def end_headers(self) -> None:
        if self.close_connection:
            # RFC 9112, 9.6. Otherwise a proxy that passes on `connection: close` asks on it again.
            self.send_header("connection", "close")
        super().end_headers()

    def finish(self) -> None:
        # The client may be gone before all is sent.
        with suppress(ConnectionError):
            super().finish()
        self.rfile.close()

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Respond to any method: http.server looks for `do_GET` and the like."""
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self.respond

    def log_message(self, *_: object) -> None:
        """Print nothing: the terminal belongs to the tests."""

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], _: object = None
    ) -> Callable[[bytes], object]:
        code, _, phrase = status.partition(" ")
        self.send_response_only(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        return self.wfile.write

    def _environ(self) -> dict[str, Any]:
        url = urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("content-length") or 0))
        environ = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "RAW_URI": self.path,
            "PATH_INFO": unquote_to_bytes(url.path).decode("latin-1"),
            "QUERY_STRING": url.query,
            "SERVER_PROTOCOL": self.request_version,
            "CONTENT_TYPE": self.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": io.BytesIO(content),
            **self._http_variables(),
        }
        setup_testing_defaults(environ)
        return environ

    def _http_variables(self) -> dict[str, str]:
        names = {name.lower() for name in self.headers} - {"content-type", "content-length"}
        return {
            f"HTTP_{name.upper().replace('-', '_')}": ",".join(self.headers.get_all(name, []))
            for name in names
        }
