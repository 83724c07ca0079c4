"""The fake on a loopback port, for a test (`serve`) or by hand (`run`)."""

from __future__ import annotations

import argparse
import io
import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.util import setup_testing_defaults

from pytest_models_contract.catalogue import DEFAULT_REVISION, MOST_MODELS, REVISIONS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from pytest_models_contract.fake import Fake, Fault

KEY_VARIABLE = "MODELS_CONTRACT_API_KEY"


@contextmanager
def serve(app: WSGIApplication, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a WSGI application while the block runs; gives its base URL.

    Port 0 takes a free one. The application finds the path as it was sent under `RAW_URI`.
    OSError: the port is taken.
    """
    server = _Server((host, port), _Handler)
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


class _Server(ThreadingHTTPServer):
    """Threads, one for each connection; all connections end with the server."""

    daemon_threads = True
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


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept open between requests: wsgiref's own handler closes it each time."""

    protocol_version = "HTTP/1.1"
    # Without it each answer waits 40 ms for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    # Head and body leave in one segment.
    wbufsize = -1
    server: _Server

    def handle(self) -> None:
        # A client that goes away is no news.
        with suppress(ConnectionError):
            super().handle()

    def answer(self) -> None:
        content = b"".join(self.server.app(self._environ(), self._start_response))
        self.wfile.write(b"" if self.command == "HEAD" else content)

    def finish(self) -> None:
        # What was written for a client that is gone cannot be sent any more.
        with suppress(ConnectionError):
            super().finish()
        self.rfile.close()

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Answer whatever the method: http.server looks for `do_GET` and the like."""
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self.answer

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal belongs to the tests."""

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


def run(arguments: Sequence[str] | None = None) -> None:
    """Serve the fake until Ctrl-C. SystemExit with status 2: the arguments cannot be followed."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    try:
        with serve(_fake(chosen), port=chosen.port) as base_url:
            print(
                f"Models API at {base_url} - {_how_to_run(base_url, chosen.revision)}", flush=True
            )
            threading.Event().wait()
    except KeyboardInterrupt:
        pass
    except OSError as problem:
        parser.error(f"port {chosen.port}: {problem.strerror}; --port 0 takes a free one")
    except ValueError as problem:
        parser.error(str(problem))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pytest_models_contract.fake",
        description="Serve a Models API that keeps the contract, on a loopback port.",
        epilog=f"When {KEY_VARIABLE} is set, that key is asked for.",
    )
    parser.add_argument("--port", type=_port, default=8000, help="default 8000; 0 takes a free one")
    parser.add_argument("--models", type=int, default=27, help=f"how many, up to {MOST_MODELS}")
    parser.add_argument(
        "--revision", metavar="DATE", default=DEFAULT_REVISION, help=", ".join(REVISIONS)
    )
    parser.add_argument(
        "--fault", metavar="NAME", action="append", default=[], help="a lie to tell; repeatable"
    )
    return parser


def _port(written: str) -> int:
    if not written.isdecimal() or int(written) > 65535:
        raise argparse.ArgumentTypeError(f"{written!r} is no port: a number from 0 to 65535")
    return int(written)


def _fake(chosen: argparse.Namespace) -> Fake:
    # The package's module, not the copy of it that `python -m` runs as __main__.
    from pytest_models_contract.fake import Fake

    faults = [fault_named(name) for name in chosen.fault]
    key = os.environ.get(KEY_VARIABLE) or None
    return Fake(chosen.models, chosen.revision, key, faults)


def fault_named(name: str) -> Fault:
    """The shipped lie of that name. ValueError: there is none; the text lists those like it."""
    from pytest_models_contract.faults import FAULTS

    if name not in FAULTS:
        near = get_close_matches(name, FAULTS, n=5, cutoff=0.4) or sorted(FAULTS)[:5]
        raise ValueError(f"unknown fault {name!r}; there are {', '.join(near)} and others")
    return FAULTS[name]


def _how_to_run(base_url: str, revision: str) -> str:
    options = f"--models-contract --models-base-url {base_url} --models-revision {revision}"
    return f"hold it to the contract: pytest -p pytest_models_contract {options}"
