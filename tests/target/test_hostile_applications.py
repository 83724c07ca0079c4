"""Applications in process that misbehave have the same bounds as remote servers."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.target import applications
from pytest_models_contract.target.applications import Asgi, NotStarted, Wsgi

SOON = 10.0
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/x")]}
JSON = [("content-type", "application/json")]
Send = Callable[[Any], Any]


def asked(transport: httpx.BaseTransport, timeout: float = 5) -> Response:
    client = ModelsAPI("http://app.invalid", transport, timeout=timeout, max_body=100_000)
    try:
        return client.list()
    finally:
        client.close()


def asgi(handler: Callable[[Send], Any]) -> Any:
    """An application without a lifespan that responds like this."""

    async def app(scope: Any, _receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        await handler(send)

    return app


async def _body(send: Send, piece: bytes = b"", *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": more})


async def sleeps(_send: Send) -> None:
    await asyncio.sleep(3600)


async def blocks(_send: Send) -> None:
    time.sleep(60)


async def never_finishes(send: Send) -> None:
    await send(START)
    while True:
        await _body(send)


async def floods(send: Send) -> None:
    await send(START)
    while True:
        await _body(send, b"[" * 2**20)


async def is_silent(_send: Send) -> None:
    pass


async def stops_in_the_middle(send: Send) -> None:
    await send(START)


async def leaves(_send: Send) -> None:
    sys.exit(3)


async def raises(_send: Send) -> None:
    raise ValueError("boom")


@pytest.mark.slow
@pytest.mark.parametrize("handler", [sleeps, blocks])
def test_an_asgi_application_that_hangs_has_a_deadline(handler: Callable[[Send], Any]) -> None:
    started = time.monotonic()
    with pytest.raises(NotJudged, match="no complete response within"):
        asked(Asgi(asgi(handler)), timeout=0.3)
    assert time.monotonic() - started < SOON


@pytest.mark.parametrize("handler", [never_finishes, floods])
def test_an_asgi_application_cannot_send_without_end(
    handler: Callable[[Send], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "LARGEST", 2**22)
    response = asked(Asgi(asgi(handler)), timeout=30)
    assert response.status == 200
    assert len(response.body) <= 100_000


@pytest.mark.parametrize(("handler", "why"), [
    (is_silent, "the application sent no response, or an incomplete one"),
    (stops_in_the_middle, "the application sent no response, or an incomplete one"),
    (leaves, "the application raised SystemExit: 3"),
])  # fmt: skip
def test_a_failing_asgi_application_is_a_500(handler: Callable[[Send], Any], why: str) -> None:
    response = asked(Asgi(asgi(handler)))
    assert (response.status, response.body.decode()) == (500, why)


def test_an_exception_of_an_asgi_application_is_a_500() -> None:
    assert asked(Asgi(asgi(raises))).status == 500


def test_an_application_that_does_not_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(_scope: Any, receive: Any, _send: Send) -> None:
        await receive()
        await asyncio.sleep(3600)

    monkeypatch.setattr(applications, "STARTUP", 0.2)
    with pytest.raises(NotStarted, match="TimeoutError"):
        Asgi(app)


@pytest.mark.parametrize("why", ["no database", ""])
def test_an_application_that_refuses_to_start_is_named_at_once(why: str) -> None:
    async def app(_scope: Any, receive: Any, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": why})

    with pytest.raises(NotStarted, match=why or "it gave no reason"):
        Asgi(app)


def test_an_application_that_ends_its_lifespan_silently_has_none() -> None:
    async def app(scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
        else:
            await send(START)
            await _body(send, more=False)

    assert asked(Asgi(app)).status == 200


def test_an_application_that_does_not_stop_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(_scope: Any, receive: Any, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await asyncio.sleep(3600)

    monkeypatch.setattr(applications, "SHUTDOWN", 0.2)
    transport = Asgi(app)
    started = time.monotonic()
    transport.close()
    assert time.monotonic() - started < SOON


def test_tasks_left_running_end_at_close() -> None:
    ended = threading.Event()

    async def lingers() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    async def responds_and_goes_on(send: Send) -> None:
        left.append(asyncio.create_task(lingers()))
        await send(START)
        await _body(send, more=False)

    left: list[asyncio.Task[None]] = []
    assert asked(Asgi(asgi(responds_and_goes_on))).status == 200
    assert ended.is_set()


def test_the_loop_ends_at_close() -> None:
    before = set(threading.enumerate())
    transport = Asgi(asgi(sleeps))
    with pytest.raises(NotJudged):
        asked(transport, timeout=0.2)
    until = time.monotonic() + SOON
    while (left := set(threading.enumerate()) - before) and time.monotonic() < until:
        time.sleep(0.02)
    assert left == set()


def test_an_async_transport_that_cannot_connect_is_not_a_500() -> None:
    class Nowhere(httpx.AsyncBaseTransport):
        async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("nobody listens")

    with pytest.raises(NotJudged, match=r"cannot connect to http://app\.invalid: nobody"):
        asked(Asgi(transport=Nowhere()))


# --- WSGI ----------------------------------------------------------------------------------------


def wsgi(pieces: Callable[[], Iterable[Any]], status: str = "200 OK", headers: Any = JSON) -> Wsgi:
    def app(_environ: Any, start_response: Any) -> Iterable[Any]:
        start_response(status, headers)
        return pieces()

    return Wsgi(app)


def _breaks() -> Iterable[bytes]:
    yield b"{"
    raise ValueError("boom")


def _floods() -> Iterable[bytes]:
    while True:
        yield b"[" * 10_000


def _leaves() -> Iterable[bytes]:
    sys.exit(3)


def test_a_wsgi_application_that_hangs_has_a_deadline() -> None:
    with pytest.raises(NotJudged, match="no complete response within"):
        asked(wsgi(lambda: [b"", *iter(lambda: time.sleep(5), 1)]), timeout=0.3)


def test_a_wsgi_application_that_drips_for_ever_has_a_deadline() -> None:
    ended = threading.Event()

    def drips() -> Iterable[bytes]:
        try:
            while True:
                time.sleep(0.01)
                yield b" "
        finally:
            ended.set()

    with pytest.raises(NotJudged, match="no complete response within"):
        asked(wsgi(drips), timeout=0.3)
    assert ended.wait(SOON)


def test_a_wsgi_application_cannot_write_without_end() -> None:
    def app(_environ: Any, start_response: Any) -> Iterable[bytes]:
        write = start_response("200 OK", JSON)
        while True:
            write(b"[" * 2**20)

    response = asked(Wsgi(app))
    why = "the application raised WriteError: more than 67,108,864 bytes"
    assert (response.status, response.body.decode()) == (500, why)


def test_a_wsgi_application_cannot_send_without_end() -> None:
    assert asked(wsgi(_floods)).json_problem.startswith("the body is longer than 100,000 bytes")


@pytest.mark.parametrize(("pieces", "why"), [
    (_breaks, "after 1 bytes: the application raised ValueError: boom"),
    (lambda: ["{}"], "after 0 bytes: the application raised TypeError"),
])  # fmt: skip
def test_a_failing_wsgi_body_is_cut_off(pieces: Callable[[], Any], why: str) -> None:
    assert why in asked(wsgi(pieces)).json_problem


@pytest.mark.parametrize(("app", "why"), [
    (wsgi(_leaves), "the application raised SystemExit: 3"),
    (wsgi(list, status="banana"), "the application raised "),
    (wsgi(list, headers=[("x", 5)]), "the application raised AttributeError"),
    (wsgi(lambda: None), "the application raised "),  # type: ignore[arg-type, return-value]
    (Wsgi(lambda *_: []), "the application sent no response, or an incomplete one"),
])  # fmt: skip
def test_a_failing_wsgi_application_is_a_500(app: Wsgi, why: str) -> None:
    response = asked(app)
    assert response.status == 500
    assert response.body.decode().startswith(why)
