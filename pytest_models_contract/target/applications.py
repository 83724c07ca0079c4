"""Applications in process: WSGI and ASGI as httpx transports, with the same bounds as a remote server."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import Any

import httpx

from pytest_models_contract.client import unpatched
from pytest_models_contract.client.logging_filter import THREAD_NAME
from pytest_models_contract.target import raised

STARTUP, SHUTDOWN = 30.0, 5.0
"""How long an application may take to start and to stop, in seconds."""
LARGEST = 64 * 2**20
"""The most that is kept of one response before it is read, in bytes."""

_MESSAGE = 64
_RAISED = (Exception, SystemExit)


class NotStarted(Exception):
    """The application failed to start; the text says how."""


class Wsgi(httpx.BaseTransport):
    """A WSGI application in process; an exception becomes a 500, as on a real server."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers, written = list[tuple[bytes, bytes]](), bytearray()
        app = _as_pep_3333(self._app, headers, written)
        with raised.noting() as errors:
            try:
                response = unpatched.Wsgi(app, raise_app_exceptions=False).handle_request(request)
            except _RAISED as error:
                return _failed(error)
        stream = _WsgiBody(written, response.stream)
        return httpx.Response(
            response.status_code, headers=headers, stream=stream, extensions=_extensions(errors)
        )


def _as_pep_3333(app: Any, headers: list[tuple[bytes, bytes]], written: bytearray) -> Any:
    """The application with what httpx leaves out of PEP 3333: bytes as latin-1 text, and `write`.

    `headers` gets the headers of the response, `written` what the application writes before its body.
    """

    def wsgi(environ: dict[str, Any], start_response: Any) -> Any:
        def started(status: str, named: Any, exc_info: Any = None) -> Any:
            headers[:] = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in named]
            start_response(status, [], exc_info)
            return partial(_write, written)

        environ["PATH_INFO"] = environ["PATH_INFO"].encode("utf-8", "replace").decode("latin-1")
        return app(environ, started)

    return wsgi


def _write(written: bytearray, piece: Any) -> None:
    if len(written) + memoryview(piece).nbytes > LARGEST:
        raise httpx.WriteError(f"more than {LARGEST:,} bytes")
    written += memoryview(piece)


class _WsgiBody(httpx.SyncByteStream):
    """A body that is cut off where the application raises, as on a real server."""

    def __init__(self, written: bytearray, pieces: Any) -> None:
        self._written = written
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in chain([self._written], self._pieces):
                yield bytes(memoryview(piece))
        except _RAISED as error:
            raise httpx.RemoteProtocolError(_failure(error)) from None

    def close(self) -> None:
        with suppress(*_RAISED):
            self._pieces.close()


class Asgi(httpx.BaseTransport):
    """An ASGI application (or an async transport) in process, on an event loop of its own.

    The application starts and stops by its lifespan, if it has one. Raises `NotStarted`.
    """

    def __init__(self, app: Any = None, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._lifespan: Any = None
        self._pending: set[Future[Any]] = set()
        # A daemon: an application that hangs would keep the thread alive for ever.
        threading.Thread(target=self._run_loop, name=f"{THREAD_NAME}-loop", daemon=True).start()
        self._inner = transport or unpatched.Asgi(
            _done_at_response(_bounded(self._started(app))), raise_app_exceptions=False
        )

    def _run_loop(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    def _await(self, coroutine: Coroutine[Any, Any, Any], seconds: float | None = None) -> Any:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        self._pending.add(future)
        future.add_done_callback(self._pending.discard)
        return future.result(seconds)

    def _started(self, app: Any) -> Any:
        from asgi_lifespan import LifespanManager

        async def start() -> Any:
            # Created on the loop: its constructor looks for the running async library.
            return await LifespanManager(_raising(app), STARTUP, SHUTDOWN).__aenter__()

        try:
            self._lifespan = self._await(start(), STARTUP + SHUTDOWN)
        except Exception as error:
            if type(error).__name__ == "LifespanNotSupported":
                return app
            self.close()
            raise NotStarted(f"{type(error).__name__}: {error}") from None
        return self._lifespan.app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = self._await(self._response(request))
        return response

    async def _response(self, request: httpx.Request) -> httpx.Response:
        with raised.noting() as errors:
            try:
                response = await self._inner.handle_async_request(request)
                stream: Any = response.stream
                body = b"".join([chunk async for chunk in stream])
            except httpx.TransportError:
                raise
            except _RAISED as error:
                return _failed(error)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(body),
            extensions=_extensions(errors),
        )

    def close(self) -> None:
        for future in tuple(self._pending):
            future.cancel()
        stopping = self._stopped()
        with suppress(Exception):
            self._await(stopping, 1 + (2 * SHUTDOWN if self._lifespan else 0))
        if inspect.getcoroutinestate(stopping) == inspect.CORO_CREATED:
            stopping.close()  # the application blocks the loop: the coroutine never started
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _stopped(self) -> None:
        """Stop the application and the tasks that it left running."""
        if self._lifespan:
            with suppress(Exception):
                await self._lifespan.__aexit__(None, None, None)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def _raising(app: Any) -> Any:
    """The application, raising at once where it fails to start or has no lifespan."""
    from asgi_lifespan import LifespanNotSupported

    async def raising(scope: Any, receive: Any, send: Any) -> None:
        failed, has_lifespan = "", False

        async def watched(message: Any) -> None:
            nonlocal failed, has_lifespan
            has_lifespan = True
            if message["type"] == "lifespan.startup.failed":
                failed = message.get("message") or "it gave no reason"
            else:
                await send(message)

        await app(scope, receive, watched)
        if failed:
            raise RuntimeError(failed)
        if scope["type"] == "lifespan" and not has_lifespan:
            raise LifespanNotSupported

    return raising


def _bounded(app: Any) -> Any:
    """The application with a bound on what it sends: httpx keeps all of it in memory."""

    async def bounded(scope: Any, receive: Any, send: Any) -> None:
        sent = 0

        async def counted(message: Any) -> None:
            nonlocal sent
            sent += len(message.get("body", b"")) + _MESSAGE
            if sent > LARGEST:
                raise httpx.WriteError(f"more than {LARGEST:,} bytes")
            await send(message)

        await app(scope, receive, counted)

    return bounded


def _done_at_response(app: Any) -> Any:
    """The application, done when its response is complete, whatever it does later, as on a real server."""
    running = set[asyncio.Task[Any]]()  # the loop keeps only weak references to tasks

    async def done_at_response(scope: Any, receive: Any, send: Any) -> None:
        done = asyncio.Event()

        async def watched(message: Any) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                done.set()

        async def outcome() -> BaseException | None:
            try:
                await app(scope, receive, watched)
            except _RAISED as error:
                raised.note(error)
                return error  # a SystemExit that is raised here would end the loop
            finally:
                done.set()
            return None

        task = asyncio.create_task(outcome())
        running.add(task)
        task.add_done_callback(running.discard)
        await done.wait()
        if task.done() and (error := task.result()):
            raise error

    return done_at_response


def _failed(error: BaseException) -> httpx.Response:
    return httpx.Response(500, text=_failure(error), extensions=_extensions([error]))


def _extensions(errors: list[BaseException]) -> dict[str, Any]:
    return {raised.EXTENSION: raised.text(errors)}


def _failure(error: BaseException) -> str:
    if isinstance(error, AssertionError) and not str(error):
        return "the application sent no response, or an incomplete one"  # an assertion of httpx
    return f"the application raised {type(error).__name__}: {error}"
