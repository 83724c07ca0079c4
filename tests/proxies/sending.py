"""How a proxy sends its answers: with a length, in chunks, to the end, compressed, or not at all."""

from __future__ import annotations

import gzip
import socket
from contextlib import suppress
from dataclasses import replace

from proxies.messages import Answer, Ask, Headers
from pytest_models_contract.fake.serving import Handler


def with_length(handler: Handler, ask: Ask, answer: Answer) -> None:
    """With a length; what is cut ends before it."""
    head(handler, answer, [("content-length", str(len(answer.body) * (2 if answer.cut else 1)))])
    write(handler, answer.body)
    if answer.cut:
        handler.close_connection = True


def in_chunks(handler: Handler, ask: Ask, answer: Answer) -> None:
    head(handler, answer, [("transfer-encoding", "chunked")])
    write(handler, b"%x\r\n%s\r\n" % (len(answer.body), answer.body) if answer.body else b"")
    if answer.cut:
        handler.close_connection = True
    else:
        write(handler, b"0\r\n\r\n")


def to_the_end(handler: Handler, ask: Ask, answer: Answer) -> None:
    """As HTTP/1.0: the end of the connection is the end of the body."""
    handler.protocol_version = "HTTP/1.0"
    head(handler, answer, [])
    write(handler, answer.body)
    handler.close_connection = True


def packed(handler: Handler, ask: Ask, answer: Answer) -> None:
    if answer.get("content-encoding") or "gzip" not in ask.get("accept-encoding"):
        with_length(handler, ask, answer)
        return
    coded = replace(answer, body=gzip.compress(answer.body, 1))
    with_length(handler, ask, coded.with_header("content-encoding", "gzip"))


def without_an_end(handler: Handler, ask: Ask, answer: Answer) -> None:
    """What is cut stays without an end: the connection is open until the client closes it."""
    with_length(handler, ask, answer)
    handler.close_connection = False


def hung_up(handler: Handler, ask: Ask, answer: Answer) -> None:
    handler.close_connection = True
    with suppress(OSError):
        handler.connection.shutdown(socket.SHUT_RDWR)


def head(handler: Handler, answer: Answer, more: Headers) -> None:
    handler.send_response_only(answer.status)
    for name, value in [*answer.headers, *more]:
        handler.send_header(name, value)
    handler.end_headers()


def write(handler: Handler, body: bytes) -> None:
    with suppress(OSError):
        handler.wfile.write(body)
        handler.wfile.flush()
