"""What the upstream does to those who ask it: failures, delays, redirects, codings."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import threading
import time

import httpx
import pytest
from upstreams import KEYS, OURS, get

from pytest_models_contract.fake.upstream import Upstream, behaviour, upstream


def test_the_next_requests_fail_as_asked(up: Upstream) -> None:
    up.fail(429, times=2, retry_after=1)
    answers = [get(up) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "1"
    assert answers[0].json()["error"]["type"] == "rate_limit_error"


def test_the_next_answers_are_late_cut_or_dropped(up: Upstream) -> None:
    up.delay(0.2, times=1)
    started = time.monotonic()
    assert get(up).status_code == 200
    assert time.monotonic() - started > 0.15
    up.cut(times=1)
    with pytest.raises(httpx.RemoteProtocolError, match="peer closed connection"):
        get(up)
    up.drop(times=1)
    with pytest.raises(httpx.RemoteProtocolError, match="disconnected without"):
        get(up)
    assert get(up).status_code == 200


@pytest.mark.parametrize("call", [lambda up: up.fail(200), lambda up: up.delay(-1)])
def test_what_cannot_be_done_is_refused(up: Upstream, call: object) -> None:
    with pytest.raises(ValueError, match=r"or more|from 400"):
        call(up)  # type: ignore[operator]


def test_a_later_page_fails_alone(up: Upstream) -> None:
    last = get(up).json()["last_id"]
    with up.acting(behaviour.failing(500), behaviour.later_pages):
        assert get(up).status_code == 200
        assert get(up, f"/v1/models?after_id={last}").status_code == 500
        assert get(up, f"/v1/models/{last}").status_code == 200
    assert get(up, f"/v1/models?after_id={last}").status_code == 200


@pytest.mark.parametrize(
    "act", [behaviour.cut_short, behaviour.cut_before_the_last_chunk], ids=lambda act: act.__name__
)
def test_a_body_is_cut_on_the_wire(up: Upstream, act: behaviour.Act) -> None:
    with up.acting(act), pytest.raises(httpx.RemoteProtocolError, match="peer closed connection"):
        get(up)
    assert " cut " in up.requests[-1].answered.replace(",", "")


def test_http_1_0_gets_no_chunks(up: Upstream) -> None:
    for act in (behaviour.cut_before_the_last_chunk, behaviour.in_chunks):
        with up.acting(act), socket.create_connection(("127.0.0.1", up.port)) as connection:
            connection.sendall(
                f"GET /v1/models HTTP/1.0\r\nx-api-key: {KEYS.client}\r\n\r\n".encode()
            )
            received = b"".join(iter(lambda: connection.recv(65536), b""))
            assert b"content-length" in received
            assert b"transfer-encoding" not in received


def test_a_reset_is_no_mere_end(up: Upstream) -> None:
    with up.acting(behaviour.resetting), socket.create_connection(("127.0.0.1", up.port)) as one:
        one.sendall(b"GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            one.recv(1)
    assert up.requests[-1].answered == "the connection was reset"


def test_a_hanging_answer_is_let_go(up: Upstream) -> None:
    outcome: list[object] = []

    def ask() -> None:
        try:
            outcome.append(get(up))
        except httpx.HTTPError as error:
            outcome.append(error)

    thread = threading.Thread(target=ask)
    before = up.count
    with up.acting(behaviour.hanging):
        thread.start()
        while up.count == before:
            time.sleep(0.01)
        thread.join(0.1)
        assert thread.is_alive()
    thread.join(5)
    assert isinstance(outcome[0], httpx.RemoteProtocolError)


def test_refused_connections_come_back_on_the_same_port(up: Upstream) -> None:
    where = up.base_url
    with httpx.Client(**OURS, headers={"x-api-key": KEYS.client or ""}) as kept:
        kept.get(f"{where}/v1/models")
        with (
            up.refusing(),
            pytest.raises((httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError)),
        ):
            kept.get(f"{where}/v1/models")
        with up.refusing(), pytest.raises(httpx.ConnectError):
            get(up)
    assert up.base_url == where
    assert get(up).status_code == 200


def test_a_circle_of_redirects_has_no_end(up: Upstream) -> None:
    with up.acting(behaviour.circling):
        with pytest.raises(httpx.TooManyRedirects):
            httpx.get(f"{up.base_url}/v1/models?after_id=a", follow_redirects=True, **OURS)
        assert {request.query for request in up.requests[-4:]} == {
            "after_id=a",
            "after_id=a&circle=1",
        }


def test_another_server_sees_what_a_redirect_brings(up: Upstream) -> None:
    with up.elsewhere() as other:
        location = f"{other.base_url}/v1/models"
        with up.acting(behaviour.redirecting(307, location)):
            answer = httpx.get(
                f"{up.base_url}/v1/models",
                headers={"x-api-key": KEYS.server or ""},
                follow_redirects=True,
                **OURS,
            )
        assert answer.status_code == 401
        assert [request.who for request in other.requests] == ["server"]


@pytest.mark.parametrize("act", [behaviour.endless, behaviour.repeating])
def test_a_list_without_end(up: Upstream, act: behaviour.Act) -> None:
    with up.acting(act, behaviour.lists):
        page = get(up).json()
        for _ in range(3):
            page = get(up, f"/v1/models?after_id={page['last_id']}").json()
            assert page["has_more"]
            assert page["data"]


@pytest.mark.parametrize(
    "act",
    [behaviour.in_chunks, behaviour.to_the_end, behaviour.packed, behaviour.packed_in_chunks],
    ids=lambda act: act.__name__,
)
def test_a_list_is_whole_however_it_is_framed(up: Upstream, act: behaviour.Act) -> None:
    plain = get(up, "/v1/models?limit=1000").json()
    with up.acting(act):
        assert get(up, "/v1/models?limit=1000").json() == plain


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("deflate", "deflate"),
        ("gzip;q=0", None),
        ("gzip; q=0.0, deflate", "deflate"),
        ("identity", None),
        ("", None),
    ],
)
def test_only_who_accepts_it_gets_it_compressed(
    up: Upstream, accepted: str, coding: str | None
) -> None:
    with up.acting(behaviour.failing_packed(529)):
        answer = get(up, **{"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == coding
    assert answer.json()["error"]["type"] == "overloaded_error"
    assert answer.headers["vary"] == "accept-encoding"


def test_a_refusal_quotes_the_key_only_where_asked(up: Upstream) -> None:
    with up.acting(behaviour.with_key_quoted(403)):
        assert KEYS.server in get(up, key=KEYS.server).text
    assert "sk-wrong" not in get(up, key="sk-wrong").text


def test_headers_besides(up: Upstream) -> None:
    with up.acting(behaviour.with_headers({"set-cookie": "a=b"})):
        assert get(up).headers["set-cookie"] == "a=b"
    assert "set-cookie" not in get(up).headers


def test_answers_wait_for_one_another(up: Upstream) -> None:
    gathering = behaviour.Gathering(3, 5.0)
    with up.acting(gathering):
        threads = [threading.Thread(target=get, args=(up,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(4)
        assert not any(thread.is_alive() for thread in threads)
    assert gathering.most == 3


def test_one_alone_waits_only_so_long(up: Upstream) -> None:
    gathering = behaviour.Gathering(2, 0.1)
    with up.acting(gathering):
        assert get(up).status_code == 200
    assert gathering.most == 1


def test_head_has_no_body(up: Upstream) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", up.port)
    connection.request("HEAD", "/v1/models", headers={"x-api-key": KEYS.client or ""})
    assert connection.getresponse().read() == b""
    connection.request("GET", "/v1/models?limit=1", headers={"accept-encoding": "gzip"})
    assert connection.getresponse().status == 401
    connection.close()


def test_everywhere_is_reached_by_loopback() -> None:
    with upstream(host="0.0.0.0") as up:  # noqa: S104
        assert up.base_url == f"http://127.0.0.1:{up.port}"
        assert get(up).status_code == 200


def test_a_port_that_is_taken(up: Upstream) -> None:
    with pytest.raises(OSError, match="in use"), upstream(port=up.port):
        pass


def test_what_gzip_makes_is_gzip(up: Upstream) -> None:
    with up.acting(behaviour.packed):
        connection = http.client.HTTPConnection("127.0.0.1", up.port)
        headers = {"x-api-key": KEYS.client or "", "accept-encoding": "gzip"}
        connection.request("GET", "/v1/models?limit=1", headers=headers)
        body = connection.getresponse().read()
        connection.close()
    assert json.loads(gzip.decompress(body))["has_more"] is True
