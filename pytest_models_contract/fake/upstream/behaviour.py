"""What the upstream can do with a request besides answering it as a server should.

An `Act` takes an exchange and deals with it, down to the socket; a `When` says which requests it is for.
"""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Callable, Mapping
from itertools import count

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import LIST, Request, Response
from pytest_models_contract.fake.upstream.exchange import Exchange, described
from pytest_models_contract.spec.revision import Revision

Act = Callable[[Exchange], None]
When = Callable[[Request], bool]

JSON = {"content-type": "application/json"}
WEB_PAGE = b"<!doctype html><title>Models</title><p>We will be back in a moment.</p>"
BROKEN_JSON = b'{"data":[{"id":"claude-broken","type":"model","display_na'
PIECE = 4_096


# --- which requests ------------------------------------------------------------------------------


def every(_: Request) -> bool:
    """Each request for models: the list, and each model alone."""
    return True


def lists(request: Request) -> bool:
    """A request for the list."""
    return request.path == LIST


def later_pages(request: Request) -> bool:
    """A request for a page of the list beyond a cursor."""
    cursors = {"after_id", "before_id"}
    return lists(request) and any(name in cursors for name, _ in request.query)


# --- failures ------------------------------------------------------------------------------------


def failing(status: int, headers: Mapping[str, str] | None = None, message: str = "") -> Act:
    """Response with an error of this status."""

    def act(exchange: Exchange) -> None:
        exchange.send(
            error(status, message or f"{status}, as the test asks for", headers, exchange)
        )

    return act


def with_key_quoted(status: int) -> Act:
    """Refuse with an error whose message quotes the key that was sent."""

    def act(exchange: Exchange) -> None:
        key = next(iter(exchange.request.keys), "none")
        exchange.send(error(status, f"the key {key} may not do this", None, exchange))

    return act


def error(
    status: int, message: str, headers: Mapping[str, str] | None, exchange: Exchange
) -> Response:
    """A response with the error object, of the type that belongs to the status."""
    request_id = f"req_{exchange.seen.number:024d}"
    kind = Revision.load().error_types.get(status, "api_error")
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": request_id}
    return Response(status, {**JSON, "request-id": request_id, **(headers or {})}, body)


def saying(body: bytes, media_type: str) -> Act:
    """Response 200 with this body, whatever was asked."""
    return lambda exchange: exchange.send(Response(200, {"content-type": media_type}, text=body))


def cut_short(exchange: Exchange) -> None:
    """Send half of the body, and hang up long before its `Content-Length`."""
    answer = exchange.conformant()
    body = answer.encoded()
    half = body[: len(body) // 2]
    said = f"{answer.status}, cut after {len(half):,} of {len(body):,} bytes"
    exchange.start(answer.status, {**answer.headers, "content-length": str(len(body))}, said)
    exchange.write(half)
    exchange.hang_up()


def cut_before_the_last_chunk(exchange: Exchange) -> None:
    """Send half of the body in chunks, and hang up in place of the last one."""
    if exchange.old:
        cut_short(exchange)
        return
    answer = exchange.conformant()
    body = answer.encoded()
    said = f"{answer.status}, cut before the last chunk, after {len(body) // 2:,} bytes"
    exchange.start(answer.status, {**answer.headers, "transfer-encoding": "chunked"}, said)
    for piece in _pieces(body[: len(body) // 2]):
        exchange.write(_chunk(piece))
    exchange.hang_up()


def hanging(exchange: Exchange) -> None:
    """Say nothing until the upstream lets go; then hang up."""
    exchange.wait()
    exchange.hang_up("held back, then closed without a response")


def resetting(exchange: Exchange) -> None:
    """Reset the connection."""
    exchange.reset()


def dropping(exchange: Exchange) -> None:
    """Close the connection without a response."""
    exchange.hang_up()


def circling(exchange: Exchange) -> None:
    """Redirect to the same place and back, without end."""
    path, _, query = exchange.seen.target.partition("?")
    parts = [part for part in query.split("&") if part and part != "circle=1"]
    if "circle=1" not in query:
        parts.append("circle=1")
    redirect(exchange, 302, f"{path}?{'&'.join(parts)}" if parts else path)


def redirecting(status: int, location: str) -> Act:
    """Redirect to that URL."""
    return lambda exchange: redirect(exchange, status, location)


def redirect(exchange: Exchange, status: int, location: str) -> None:
    exchange.start(status, {"location": location, "content-length": "0"}, f"{status} to {location}")
    exchange.write(b"")


def endless(exchange: Exchange) -> None:
    """Response each list with models never seen before, and more to come."""
    turn = next(_TURNS)
    models = [
        {**model, "id": f"claude-endless-{turn}-{n}"}
        for n, model in enumerate(exchange.first_models())
    ]
    exchange.send(_unfinished(models))


def repeating(exchange: Exchange) -> None:
    """Response each list with its first page, and more to come."""
    exchange.send(_unfinished(exchange.first_models()))


def _unfinished(models: list[Model]) -> Response:
    ends = {"first_id": models[0]["id"], "last_id": models[-1]["id"]}
    return Response(200, JSON, {"data": models, "has_more": True, **ends})


_TURNS = count()


# --- oddities of a server that is right ----------------------------------------------------------


def with_headers(headers: Mapping[str, str]) -> Act:
    """Response as a server should, with these headers besides."""

    def act(exchange: Exchange) -> None:
        answer = exchange.conformant()
        exchange.send(
            Response(answer.status, {**answer.headers, **headers}, answer.body, answer.text)
        )

    return act


def in_chunks(exchange: Exchange, answer: Response | None = None) -> None:
    """Response as a server should, in chunks."""
    answer = answer or exchange.conformant()
    if exchange.old:
        exchange.send(answer)
        return
    exchange.start(
        answer.status, {**answer.headers, "transfer-encoding": "chunked"}, described(answer)
    )
    for piece in _pieces(answer.encoded()):
        exchange.write(_chunk(piece))
    exchange.write(_chunk(b""))


def to_the_end(exchange: Exchange) -> None:
    """Response as a server should, without a length: the end of the connection is that of the body."""
    answer = exchange.conformant()
    exchange.start(answer.status, {**answer.headers, "connection": "close"}, described(answer))
    exchange.write(answer.encoded())
    exchange.hang_up()


def packed(exchange: Exchange, answer: Response | None = None) -> None:
    """Response compressed, where the request accepts that."""
    answer = answer or exchange.conformant()
    exchange.send(_packed(exchange, answer))


def packed_in_chunks(exchange: Exchange) -> None:
    """Response compressed, where the request accepts that, and in chunks."""
    in_chunks(exchange, _packed(exchange, exchange.conformant()))


def failing_packed(status: int) -> Act:
    """Response with an error of this status, compressed where the request accepts that."""
    return lambda exchange: packed(
        exchange, error(status, f"{status}, as the test asks for", None, exchange)
    )


def _packed(exchange: Exchange, answer: Response) -> Response:
    accepted = exchange.request.headers.get("accept-encoding", "")
    coding = next((known for known in _PACKERS if _accepts(accepted, known)), None)
    headers = {**answer.headers, "vary": "accept-encoding"}
    if coding is None:
        return Response(answer.status, headers, answer.body, answer.text)
    said = Response(answer.status, {**headers, "content-encoding": coding})
    said.text = _PACKERS[coding](answer.encoded())
    return said


_PACKERS: Mapping[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}


def _accepts(accepted: str, coding: str) -> bool:
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


class Gathering:
    """An act that answers only when so many requests wait, or after so many seconds.

    `most` is how many waited at the same moment.
    """

    def __init__(self, size: int, seconds: float) -> None:
        self.size = size
        self.seconds = seconds
        self.most = 0
        self._waiting = 0
        self._arrived = threading.Condition()

    def __call__(self, exchange: Exchange) -> None:
        with self._arrived:
            self._waiting += 1
            self.most = max(self.most, self._waiting)
            self._arrived.notify_all()
            self._arrived.wait_for(lambda: self.most >= self.size, self.seconds)
            self._waiting -= 1
        exchange.send(exchange.conformant())


def _pieces(body: bytes) -> list[bytes]:
    return [body[place : place + PIECE] for place in range(0, len(body), PIECE)]


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)
