"""The time and the size of a response are bounded, whatever the server does."""

from __future__ import annotations

import gzip
import json
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from misbehaving import (
    JSON,
    Act,
    Asked,
    asked,
    bomb,
    lost,
    misbehaving,
    never_accepting,
    response,
    says,
    sends,
)

from pytest_models_contract.client import content_coding
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.logging_filter import THREAD_NAME
from pytest_models_contract.client.verdict import NotJudged

TIMEOUT = 0.3
SOON = 5.0
"""Far less than any of these servers would take without a deadline."""
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
PACKED = OK + b"content-encoding: gzip\r\n\r\n"
DEFLATED = OK + b"content-encoding: deflate\r\n\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"
PAGE = json.dumps({"data": [], "has_more": False}).encode()


# --- time ----------------------------------------------------------------------------------------


def for_ever(start: bytes, more: bytes) -> Act:
    def act(asked: Asked) -> None:
        asked.send(start)
        while not asked.over.is_set():
            asked.send(more * 1000)

    return act


def dripping(start: bytes) -> Act:
    def act(asked: Asked) -> None:
        asked.send(start)
        asked.drip(b" " * 10_000, TIMEOUT / 10)

    return act


SLOW: dict[str, Act] = {
    "says nothing": Asked.hang,
    "drips in the headers": dripping(OK + b"x-more:"),
    "drips in the body": dripping(OK + b"content-length: 10000\r\n\r\n"),
    "stalls in the body": lambda asked: (asked.send(OK, b"content-length: 9\r\n\r\n{"), asked.hang()),  # type: ignore[func-returns-value]
    "stalls between chunks": lambda asked: (asked.send(CHUNKED, b"1\r\n{\r\n"), asked.hang()),  # type: ignore[func-returns-value]
    "drips after its gzip": dripping(PACKED + gzip.compress(b"{}")),
    "says 100 Continue for ever": for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "sends empty gzip blocks for ever": for_ever(
        PACKED + b"\x1f\x8b\x08\0\0\0\0\0\0\x03", b"\0\0\0\xff\xff"
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW)
def test_the_deadline_is_total(act: Act) -> None:
    started = time.monotonic()
    why, requests = lost(act, TIMEOUT)
    assert why == f"GET /v1/models: no complete response within {TIMEOUT} s (--models-timeout)"
    assert requests == 1
    assert time.monotonic() - started < SOON


def test_a_server_that_accepts_no_connection_has_a_deadline_too() -> None:
    with never_accepting() as url:
        started = time.monotonic()
        with pytest.raises(NotJudged, match="no complete response within"):
            ModelsAPI(url, timeout=TIMEOUT).list()
        assert time.monotonic() - started < SOON


@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW)
def test_no_thread_goes_on_after_the_deadline(act: Act) -> None:
    # What an application of another test holds for ever stays.
    before = _threads()
    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=TIMEOUT)
        with pytest.raises(NotJudged):
            client.list()
        until = time.monotonic() + SOON
        while (left := _threads() - before) and time.monotonic() < until:
            time.sleep(0.02)
        assert not left


def _threads() -> set[threading.Thread]:
    return {found for found in threading.enumerate() if found.name.startswith(THREAD_NAME)}


def test_endless_deadlines_are_no_overflow() -> None:
    assert asked(says(200, PAGE), timeout=1e300)[0].ok


# --- size ----------------------------------------------------------------------------------------


def packed(encoding: str, body: bytes, **named: int) -> Act:
    return says(200, body, {**JSON, "content-encoding": encoding}, **named)


TOO_LONG = "the body is longer than 1,000 bytes (--models-max-body)"
UNREAD = "the body cannot be read:"


def unasked(encoding: str) -> str:
    return f"{UNREAD} its encoding is {encoding}, but the request accepts gzip, deflate or none"


BEYOND = f"{UNREAD} more than 1,000 bytes (--models-max-body) follow the end of its compressed data"
HALF = "its content-encoding is gzip, but it ends before the end of the gzip data"
TWO_GZIPS = gzip.compress(b"{") + gzip.compress(PAGE)
# The parsers add words of their own to these.
NO_GZIP = f"{UNREAD} its content-encoding is gzip, but it is not gzip: "
CUT_OFF, NEVER_CAME = (f"the body was cut off after {size} bytes: " for size in (31, 0))
NO_JSON = "not JSON: "

BODIES: dict[str, tuple[Act, str]] = {
    "too long": (says(200, b"[" * 2000), TOO_LONG),
    "without end": (for_ever(OK + b"\r\n", b"["), TOO_LONG),
    "a bomb": (packed("gzip", bomb(2**22)), TOO_LONG),
    "a bomb in a bomb": (packed("gzip, gzip", bomb(2**22, 2)), unasked("gzip, gzip")),
    "unasked encoding": (packed("br", b"\x0b\x02\x80{}\x03"), unasked("br")),
    "no gzip at all": (packed("gzip", PAGE), NO_GZIP),
    "half a gzip": (packed("gzip", gzip.compress(PAGE)[:-9]), f"{UNREAD} {HALF}"),
    "half a further gzip": (packed("gzip", TWO_GZIPS[:-9]), f"{UNREAD} {HALF}"),
    "a bomb in a further gzip": (packed("gzip", gzip.compress(b"{") + gzip.compress(bytes(2**16))), TOO_LONG),
    "no end after its gzip": (for_ever(PACKED + gzip.compress(PAGE), b"\0"), BEYOND),
    "no end after its deflate": (for_ever(DEFLATED + zlib.compress(PAGE), b"\0"), BEYOND),
    "empty gzips for ever": (for_ever(PACKED, gzip.compress(b"")), BEYOND),
    "shorter than promised, its gzip whole": (packed("gzip", gzip.compress(PAGE), length=900), CUT_OFF),
    "shorter than promised": (says(200, PAGE, length=900), CUT_OFF),
    "longer than promised": (says(200, PAGE, length=9), NO_JSON),
    "invalid chunks": (sends(CHUNKED, b"zz\r\nhello"), NEVER_CAME),
}  # fmt: skip


@pytest.mark.parametrize(("act", "problem"), BODIES.values(), ids=BODIES)
def test_a_body_that_cannot_be_read_is_the_servers_fault(act: Act, problem: str) -> None:
    response, _ = asked(act, max_body=1000)
    said = response.json_problem.removeprefix(problem)
    assert said != response.json_problem
    assert bool(said) == problem.endswith(": ")
    assert len(response.body) <= 1000


@pytest.mark.parametrize(
    "encode", [gzip.compress, zlib.compress, zlib.compressobj], ids=["gzip", "zlib", "deflate"]
)
def test_a_valid_encoding_is_decoded(encode: Callable[[bytes], bytes]) -> None:
    encoding = "gzip" if encode is gzip.compress else "deflate"
    body = _bare(PAGE) if encode is zlib.compressobj else encode(PAGE)
    response, _ = asked(packed(encoding, body))
    assert (response.body, response.json_problem) == (PAGE, "")


@pytest.mark.parametrize("size", [1, 2, 10, 1000])
@pytest.mark.parametrize("beyond", [b"", b"\0" * 512, b"\x1f", b"\x1fx", b"other bytes"])
def test_a_gzip_of_several_members_is_one_body(size: int, beyond: bytes) -> None:
    body = gzip.compress(b"") + gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]) + beyond
    coming = (body[place : place + size] for place in range(0, len(body), size))
    assert b"".join(content_coding.plain("gzip", coming)) == PAGE
    assert next(coming, None) is None


def test_a_deflate_has_one_end() -> None:
    coming = iter([zlib.compress(PAGE), gzip.compress(PAGE), b"other bytes"])
    assert b"".join(content_coding.plain("deflate", coming)) == PAGE
    assert next(coming, None) is None


def _bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize("pieces", [[], [b""], [b"", b""]], ids=repr)
@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_an_empty_body_is_empty_in_any_encoding(encoding: str, pieces: list[bytes]) -> None:
    assert b"".join(content_coding.plain(encoding, pieces)) == b""


@pytest.mark.parametrize("more", [1, 100, 200])
def test_data_that_zlib_holds_back_is_read_too(more: int) -> None:
    # zlib has taken all input when the first piece is full, and the raw stream has no end mark.
    body = b" " * (content_coding.PIECE + more)
    pieces = list(content_coding.plain("deflate", [_bare(body)]))
    assert [len(piece) for piece in pieces] == [content_coding.PIECE, more]
    assert b"".join(pieces) == body


@given(
    st.sampled_from(["", "gzip", "x-gzip", "deflate", "identity", "br"]),
    st.lists(st.binary(max_size=50)) | st.binary().map(gzip.compress).map(lambda body: [body]),
)
def test_any_bytes_are_decoded_in_small_pieces_or_refused(
    encoding: str, pieces: list[bytes]
) -> None:
    with suppress(content_coding.Undecodable):
        for piece in content_coding.plain(encoding, pieces):
            assert len(piece) <= content_coding.PIECE


def test_http_1_0_is_supported() -> None:
    assert asked(says(200, PAGE, version="1.0"))[0].json == json.loads(PAGE)


def test_informational_responses_are_skipped() -> None:
    found, requests = asked(sends(b"HTTP/1.1 100 Continue\r\n\r\n" * 3, response(200, PAGE)))
    assert (found.status, requests) == (200, 1)


class Stream:
    closed = False

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("late", [True, False])
def test_the_connection_of_a_late_response_is_closed(late: bool) -> None:
    stream, given_up = Stream(), threading.Event()
    if late:
        given_up.set()
    late_response = httpx.Response(200, json={}, extensions={"network_stream": stream})
    wire = ModelsAPI("http://x", httpx.MockTransport(lambda _: late_response)).wire
    wire._exchange(Request("/v1/models"), 0, given_up)
    assert stream.closed == late
