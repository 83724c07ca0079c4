"""One question on the wire, asked of servers that do not answer it as they should."""

from __future__ import annotations

import gzip
import json
import logging
import threading
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from misbehaving import (
    JSON,
    Act,
    Asked,
    at,
    bomb,
    honest,
    misbehaving,
    never_accepting,
    response,
    says,
    sends,
)

from pytest_models_contract import api as bounds
from pytest_models_contract import coding
from pytest_models_contract.api import ModelsAPI
from pytest_models_contract.exchange import Reply
from pytest_models_contract.silence import THREAD_NAME
from pytest_models_contract.verdict import NotJudged
from pytest_models_contract.wire import Wire

TIMEOUT = 0.3
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"
PAGE = json.dumps({"data": [], "has_more": False}).encode()


def asked(act: Act, timeout: float = TIMEOUT, **options: int) -> tuple[Reply, int]:
    """The answer of a server, and how many requests it took."""
    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=timeout, **options)  # type: ignore[arg-type]
        try:
            return client.list(), len(server.asked)
        finally:
            client.close()


def lost(act: Act, timeout: float = TIMEOUT) -> tuple[str, int]:
    """Why there is no answer, and how many requests were made."""
    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=timeout)
        with pytest.raises(NotJudged) as why:
            client.list()
        client.close()
        return str(why.value), len(server.asked)


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
    "says 100 Continue for ever": for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "sends empty gzip blocks for ever": for_ever(
        OK + b"content-encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03", b"\0\0\0\xff\xff"
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW)
def test_the_deadline_is_total(act: Act) -> None:
    started = time.monotonic()
    why, requests = lost(act)
    assert why == f"GET /v1/models: no complete answer within {TIMEOUT} s (--models-timeout)"
    assert requests == 1
    assert time.monotonic() - started < 4 * TIMEOUT


def test_a_server_that_accepts_nobody_is_given_up_too() -> None:
    with never_accepting() as url:
        started = time.monotonic()
        with pytest.raises(NotJudged, match="no complete answer within"):
            ModelsAPI(url, timeout=TIMEOUT).list()
        assert time.monotonic() - started < 4 * TIMEOUT


@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW)
def test_nothing_goes_on_behind_the_back_of_the_run(act: Act) -> None:
    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=TIMEOUT)
        with pytest.raises(NotJudged):
            client.list()
        until = time.monotonic() + 2 + 2 * TIMEOUT
        while (left := _threads()) and time.monotonic() < until:
            time.sleep(0.02)
        assert left == []


def _threads() -> list[str]:
    return [found.name for found in threading.enumerate() if found.name.startswith(THREAD_NAME)]


def test_endless_deadlines_are_no_overflow() -> None:
    assert asked(says(200, PAGE), timeout=1e300)[0].ok


# --- size ----------------------------------------------------------------------------------------


def packed(encoding: str, body: bytes, **named: int) -> Act:
    return says(200, body, {**JSON, "content-encoding": encoding}, **named)


BODIES: dict[str, tuple[Act, str]] = {
    "too long": (says(200, b"[" * 2000), "the body is longer than 1,000 bytes (--models-max-body)"),
    "without end": (for_ever(OK + b"\r\n", b"["), "the body is longer than 1,000 bytes (--models-max-body)"),
    "a bomb": (packed("gzip", bomb(2**26)), "the body is longer than 1,000 bytes (--models-max-body)"),
    "a bomb in a bomb": (packed("gzip, gzip", bomb(2**26, 2)), "the body cannot be read: it comes as gzip, gzip, but was asked for as gzip, deflate or plain"),
    "unasked encoding": (packed("br", b"\x0b\x02\x80{}\x03"), "the body cannot be read: it comes as br, but was asked for as gzip, deflate or plain"),
    "no gzip at all": (packed("gzip", PAGE), "the body cannot be read: it is not gzip, as its content-encoding says: Error -3 while decompressing data: incorrect header check"),
    "half a gzip": (packed("gzip", gzip.compress(PAGE)[:-9]), "the body cannot be read: it is no whole gzip, as its content-encoding says: it ends in the middle"),
    "shorter than promised": (says(200, PAGE, length=900), "the body broke off after 31 bytes: peer closed connection without sending complete message body (received 31 bytes, expected 900)"),
    "longer than promised": (says(200, PAGE, length=9), "not JSON: Expecting ':' delimiter: line 1 column 10 (char 9)"),
    "garbage for chunks": (sends(CHUNKED, b"zz\r\nhello"), "the body broke off after 0 bytes: illegal chunk header: bytearray(b'zz\\r\\nhello')"),
}  # fmt: skip


@pytest.mark.parametrize(("act", "problem"), BODIES.values(), ids=BODIES)
def test_a_body_that_cannot_be_read_is_the_servers_fault(act: Act, problem: str) -> None:
    reply, _ = asked(act, timeout=5, max_body=1000)
    assert reply.json_problem == problem
    assert len(reply.body) <= 1000


@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress, zlib.compressobj], ids=str)
def test_what_is_packed_right_is_unpacked(encode: Callable[[bytes], bytes]) -> None:
    encoding = "gzip" if encode is gzip.compress else "deflate"
    body = _bare(PAGE) if encode is zlib.compressobj else encode(PAGE)
    reply, _ = asked(packed(encoding, body))
    assert (reply.body, reply.json_problem) == (PAGE, "")


def _bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@given(
    st.sampled_from(["", "gzip", "x-gzip", "deflate", "identity", "br"]),
    st.lists(st.binary(max_size=50)) | st.binary().map(gzip.compress).map(lambda body: [body]),
)
def test_any_bytes_are_unpacked_in_small_pieces_or_named(
    encoding: str, pieces: list[bytes]
) -> None:
    try:
        assert all(len(piece) <= coding.PIECE for piece in coding.plain(encoding, pieces))
    except coding.Undecodable as why:
        assert encoding in str(why)


def test_an_old_server_is_understood() -> None:
    assert asked(says(200, PAGE, version="1.0"))[0].json == json.loads(PAGE)


def test_what_comes_before_the_answer_is_passed_over() -> None:
    reply, requests = asked(sends(b"HTTP/1.1 100 Continue\r\n\r\n" * 3, response(200, PAGE)))
    assert (reply.status, requests) == (200, 1)


# --- transients ----------------------------------------------------------------------------------


def once(fault: Act, otherwise: Act | None = None) -> Act:
    return at(lambda asked: asked.number == 1, fault, otherwise or honest())


TRANSIENT: dict[str, Act] = {
    "resets": Asked.reset,
    "hangs up": Asked.hang_up,
    "talks no HTTP": sends(b"\0\1\2 what?\r\n\r\n"),
    "breaks off": says(200, PAGE, length=900),
    **{str(status): says(status, PAGE) for status in (408, 409, 429, 500, 502, 503, 504, 529)},
    "wants it": says(400, PAGE, {**JSON, "x-should-retry": "true"}),
}


@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT)
def test_what_is_transient_is_asked_again(fault: Act) -> None:
    reply, requests = asked(once(fault))
    assert (reply.status, reply.retries, requests) == (200, 1, 2)


@pytest.mark.parametrize("status", [302, 400, 401, 404, 418])
def test_what_is_not_is_not(status: int) -> None:
    reply, requests = asked(once(says(status, PAGE)))
    assert (reply.status, reply.retries, requests) == (status, 0, 1)


@pytest.mark.parametrize("status", [408, 409, 500, 502, 504])
def test_what_persists_is_judged(status: int) -> None:
    reply, requests = asked(says(status, PAGE))
    assert (reply.status, reply.retries, requests) == (status, 2, 3)


@pytest.mark.parametrize("status", [429, 503, 529])
def test_what_is_overloaded_is_not_judged(status: int) -> None:
    kept = f"GET /v1/models: the server kept answering {status}; try again later"
    assert lost(says(status, PAGE)) == (kept, 3)


@pytest.mark.parametrize(("fault", "why"), [
    (Asked.reset, "Connection reset by peer"),
    (Asked.hang_up, "Server disconnected without sending a response"),
    (sends(b"\0\1\2 what?\r\n\r\n"), r"illegal status line: bytearray(b'\x00\x01\x02 what?')"),
    (sends(OK + b"content-length: -5\r\n\r\n{}"), "bad Content-Length"),
    (says(200, PAGE, {"x-long": "y" * 2**18}), "Receive buffer too long"),
    (for_ever(OK, b"x-more: y\r\n"), "Receive buffer too long"),
], ids=["resets", "hangs up", "talks no HTTP", "lies", "one long header", "endless headers"])  # fmt: skip
def test_what_has_no_answer_is_not_judged(fault: Act, why: str) -> None:
    told, requests = lost(fault, timeout=5)
    assert told.startswith("GET /v1/models: the connection broke: ")
    assert why in told
    assert requests == 3


def test_a_port_where_nobody_listens_is_fatal() -> None:
    with misbehaving(Asked.hang_up) as server:
        url = server.url
    with pytest.raises(NotJudged, match="cannot connect to http://127.0.0.1:") as why:
        ModelsAPI(url).list()
    assert why.value.fatal is False


def waits(header: str, status: int = 429) -> tuple[float, int]:
    """How long the second request came after the first, and how many there were."""
    times: list[float] = []

    def act(asked: Asked) -> None:
        times.append(time.monotonic())
        says(status, PAGE, {**JSON, "retry-after": header})(asked)

    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=2)
        with pytest.raises(NotJudged):
            client.list()
        client.close()
    return times[-1] - times[0], len(times)


def test_retry_after_is_honoured() -> None:
    seconds, requests = waits("0.4")
    assert requests == 3
    assert 0.8 <= seconds < 1.5


def test_retry_after_may_be_a_date() -> None:
    seconds, requests = waits(format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True))
    assert requests == 3
    assert seconds < 0.2


@pytest.mark.parametrize("header", ["", "soon", "nan", "Wed, 99 Foo 2026", "9" * 400, "\t"])
def test_nonsense_in_retry_after_means_nothing(header: str) -> None:
    seconds, requests = waits(header)
    assert seconds < 1
    assert requests == (3 if len(header) < 400 else 1)


@pytest.mark.parametrize("header", [
    "3600", "inf", format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True),
])  # fmt: skip
def test_beyond_the_deadline_nobody_waits(header: str) -> None:
    assert waits(header)[1] == 1


def test_the_server_may_ask_not_to_be_asked_again() -> None:
    reply, requests = asked(says(500, PAGE, {**JSON, "x-should-retry": "false"}))
    assert (reply.status, requests) == (500, 1)


def test_a_server_that_fails_at_everything_is_not_asked_everything_three_times() -> None:
    with misbehaving(says(500, PAGE)) as server:
        client = ModelsAPI(server.url)
        for limit in range(1, 11):
            assert client.list(limit=limit).status == 500
        client.close()
        assert len(server.asked) == 3 * 3 + 7


# --- the bounds of a run -------------------------------------------------------------------------


def test_where_one_question_hangs_those_with_more_are_not_asked() -> None:
    hanging = at(lambda asked: "after_id" in asked.query, Asked.hang, honest())
    with misbehaving(hanging) as server:
        client = ModelsAPI(server.url, timeout=TIMEOUT)
        assert client.list().ok
        for cursor in ("a", "b", "c"):
            for limit in (1, 2, 3):
                with pytest.raises(NotJudged, match="no complete answer"):
                    client.list(after_id=cursor, limit=limit)
        assert client.list(limit=5).ok
        assert not client.dead
        client.close()
        assert len(server.asked) == 3


def test_after_some_deadlines_the_run_is_over() -> None:
    hanging = at(lambda asked: asked.query.get("limit", "1") > "1", Asked.hang, honest())
    with misbehaving(hanging) as server:
        client = ModelsAPI(server.url, timeout=TIMEOUT)
        assert client.list(limit=1).ok
        for limit in range(2, 9):
            with pytest.raises(NotJudged, match="no complete answer"):
                client.list(limit=limit)
        client.close()
        assert len(server.asked) == 1 + bounds.MOST_STALLS
        assert client.dead


def test_after_some_questions_in_a_row_without_an_answer_the_run_is_over() -> None:
    dying = at(lambda asked: asked.number > 1, Asked.reset, honest())
    with misbehaving(dying) as server:
        client = ModelsAPI(server.url)
        assert client.list().ok
        for limit in range(1, 20):
            with pytest.raises(NotJudged, match="the connection broke"):
                client.list(limit=limit)
        client.close()
        assert client.dead
        assert len(server.asked) < 1 + 3 * bounds.MOST_LOST


def test_all_questions_together_take_so_many_deadlines_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "PATIENCE", 2)
    slow = honest()

    def act(asked: Asked) -> None:
        time.sleep(0.8 * TIMEOUT)
        slow(asked)

    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=TIMEOUT)
        with pytest.raises(NotJudged, match="the answers took 1 s in all, more than 2 times"):
            for limit in range(1, 20):
                client.list(limit=limit)
        client.close()
        assert len(server.asked) == 3


def test_there_are_so_many_questions_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_QUESTIONS", 5)
    with misbehaving(honest()) as server:
        client = ModelsAPI(server.url)
        with pytest.raises(NotJudged, match="no end after 5 answers"):
            for limit in range(1, 20):
                client.list(limit=limit)
        client.close()


# --- where it goes, and what it tells ------------------------------------------------------------


@pytest.mark.parametrize("location", ["", "/elsewhere", "http://[::bad/", "javascript:x", "\x7f"])
def test_a_redirect_is_an_answer_like_any_other(location: str) -> None:
    with misbehaving(honest()) as elsewhere:
        target = elsewhere.url + location if location.startswith("/") else location
        reply, requests = asked(says(302, b"", {"location": target} if target else {}))
        assert (reply.status, reply.header("location") or "", requests) == (302, target, 1)
        assert elsewhere.asked == []


def test_cookies_are_not_kept() -> None:
    with misbehaving(says(200, PAGE, {**JSON, "set-cookie": "a=b; path=/"})) as server:
        client = ModelsAPI(server.url)
        assert client.list().ok
        assert client.list(limit=1).ok
        client.close()
        assert not any("cookie" in asked.headers for asked in server.asked)


def test_user_info_of_the_url_is_sent_as_a_header_and_never_shown() -> None:
    with misbehaving(honest()) as server:
        url = server.url.replace("//", "//user:p%40ss@") + "?token=geheim"
        client = ModelsAPI(url, key="sk-0123456789")
        reply = client.list()
        client.close()
        assert server.asked[0].headers["authorization"] == "Basic dXNlcjpwQHNz"
        assert server.asked[0].target == "/v1/models?token=geheim"
        assert not [secret for secret in ("p%40ss", "p@ss", "geheim", "sk-0") if secret in
                    f"{client.curl(reply)} {client.wire} {reply}"]  # fmt: skip


def test_nothing_of_it_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked(once(Asked.reset))
    lost(Asked.hang)
    assert caplog.records == []


def test_a_transport_that_knows_its_answer_is_understood() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": []}))
    assert ModelsAPI("http://x.invalid", transport).list().json == {"data": []}


def test_an_id_too_long_to_be_asked_for_does_not_end_the_run() -> None:
    with misbehaving(honest()) as server:
        client = ModelsAPI(server.url)
        assert client.list().ok
        with pytest.raises(NotJudged, match="cannot be asked: URL too long") as why:
            client.list(after_id="x" * 100_000)
        assert len(str(why.value)) < 1000
        assert client.list(limit=1).ok
        client.close()


def test_a_wire_tells_no_secret() -> None:
    wire = Wire("http://user:geheim@x.invalid", None, "sk-geheim", headers={"x": "geheim"})
    assert "geheim" not in repr(wire)
