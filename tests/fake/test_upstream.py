"""The upstream: what it holds, what it knows of its clients, and what it does to them on demand."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest

from pytest_models_contract.fake.catalogue import REVISIONS, completed
from pytest_models_contract.fake.upstream import NEW_BETA, Keys, Upstream, behaviour, upstream
from pytest_models_contract.fake.upstream import catalogue as made
from pytest_models_contract.spec.revision import Revision

KEYS = Keys("sk-client-0123456789", "sk-second-0123456789", "sk-server-0123456789")
OURS: Any = {"trust_env": False, "verify": ssl.create_default_context()}
PLAIN = re.compile(r"[a-z0-9.-]+")


@pytest.fixture(scope="module")
def shared() -> Iterator[Upstream]:
    with upstream(keys=KEYS) as served:
        yield served


@pytest.fixture
def up(shared: Upstream) -> Iterator[Upstream]:
    yield shared
    shared.behave()


def get(
    up: Upstream, target: str = "/v1/models", key: str | None = KEYS.client, **headers: str
) -> httpx.Response:
    sent = {"x-api-key": key, **headers} if key else headers
    url = f"{up.base_url}{target}"
    return httpx.get(url, headers=sent, timeout=5, **OURS)


# --- what it holds -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REVISIONS)
@pytest.mark.parametrize("models", [made.clients, made.seconds, made.servers])
def test_every_catalogue_is_right_under_every_revision(name: str, models: object) -> None:
    shown = models(name)  # type: ignore[operator]
    ids = [model["id"] for model in shown]
    assert len(set(ids)) == len(ids)
    assert [model["id"] for model in completed(shown, name)][: made.COUNT] == ids[: made.COUNT]
    revision = Revision.load(name)
    assert [model["id"] for model in shown if not revision.meets(model)] == []


def test_the_client_has_more_than_a_thousand_models_and_each_kind_of_odd_id() -> None:
    ids = [model["id"] for model in made.clients("2026-04-16")]
    odd = [found for found in ids if not PLAIN.fullmatch(found)]
    assert len(ids) == made.COUNT > 1000
    assert odd == list(made.ODD_IDS.values())
    assert made.ODD_IDS["upper-case"].lower() == made.LOWER_CASE
    assert made.LOWER_CASE in ids


@pytest.mark.parametrize("size", [20, 100, 1000])
def test_no_odd_id_is_a_cursor_of_a_plain_walk(size: int) -> None:
    ids = [model["id"] for model in made.clients("2026-04-16")]
    forward = ids[size - 1 :: size]
    backward = ids[-1 - size :: -size]
    assert all(PLAIN.fullmatch(found) for found in [*forward, *backward])


def test_no_sorting_gives_the_order_back() -> None:
    models = made.clients("2026-04-16")
    ids, dates = ([model[name] for model in models] for name in ("id", "created_at"))
    assert ids not in (sorted(ids), sorted(ids, reverse=True))
    assert dates != sorted(dates, reverse=True)
    tied = [
        (one["id"], two["id"])
        for one, two in pairwise(models)
        if one["created_at"] == two["created_at"]
    ]
    assert {one < two for one, two in tied} == {True, False}


def test_the_values_are_those_that_get_lost() -> None:
    text = json.dumps(made.clients("2026-10-15"), ensure_ascii=False)
    for sign in ("null", str(2**53 - 1), str(2**63 - 1), "+09:00", ".987654321Z", "模型 ", "🚀"):
        assert sign in text
    assert {"tier_2027", "telepathy_2027"} <= set(re.findall(r'"(\w+_2027)"', text))


def test_the_clients_have_other_models(up: Upstream) -> None:
    ids = {
        who: {model["id"] for model in up.models_of(who)} for who in ("client", "second", "server")
    }
    assert ids["client"] & ids["second"] == set(made.SHARED)
    assert len(ids["second"]) == made.SECOND_COUNT
    assert len(ids["client"] - ids["server"]) == len(ids["server"] - ids["client"]) == 3


# --- whom it serves ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["client", "second", "server"])
def test_each_key_gets_its_catalogue_either_way(up: Upstream, who: str) -> None:
    key = getattr(KEYS, who)
    expected = [model["id"] for model in up.models_of(who)[:20]]
    plain = get(up, key=key)
    bearer = get(up, key=None, authorization=f"Bearer {key}")
    for answer in (plain, bearer):
        assert [model["id"] for model in answer.json()["data"]] == expected
    assert [request.who for request in up.requests[-2:]] == [who, who]


@pytest.mark.parametrize(("key", "who"), [("sk-wrong", "unknown"), (None, "nobody")])
def test_other_keys_are_refused(up: Upstream, key: str | None, who: str) -> None:
    answer = get(up, key=key)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "authentication_error")
    assert answer.json()["request_id"] == answer.headers["request-id"]
    assert up.requests[-1].who == who


def test_without_keys_every_key_is_taken() -> None:
    with upstream() as up:
        assert get(up, key="whatever").status_code == get(up, key=None).status_code == 200
        assert up.models_of("anyone") == up.models


def test_odd_ids_are_reached(up: Upstream) -> None:
    for found in made.ODD_IDS.values():
        assert get(up, f"/v1/models/{quote(found, safe='')}").json()["id"] == found
        after = get(up, f"/v1/models?{urlencode({'after_id': found, 'limit': 1})}")
        assert after.status_code == 200
    assert get(up, f"/v1/models/{made.ALIAS}").json()["id"] == up.models[2]["id"]


def test_betas_of_every_time_are_accepted_and_others_refused(up: Upstream) -> None:
    known = [Revision.load(name).betas[-1] for name in Revision.known()]
    taken = get(up, **{"anthropic-beta": ",".join([*known, "messages-2023-12-15", NEW_BETA])})
    assert taken.status_code == 200
    assert get(up, **{"anthropic-beta": "made-up"}).status_code == 400


def test_other_paths_are_not_found_and_logged(up: Upstream) -> None:
    up.fail(500)
    answer = httpx.post(f"{up.base_url}/v1/messages", json={}, **OURS)
    assert answer.status_code in {401, 404}
    assert up.requests[-1].method == "POST"


def test_a_catalogue_of_ones_own() -> None:
    with upstream(keys=KEYS) as up:
        up.serve([{"id": "a"}, {"id": "b"}], aliases={"x": "a"})
        up.serve(3, key=KEYS.second)
        assert [model["id"] for model in get(up).json()["data"]] == ["a", "b"]
        assert get(up, "/v1/models/x").json()["id"] == "a"
        assert len(get(up, key=KEYS.second).json()["data"]) == 3
        with pytest.raises(ValueError, match="does not know this key"):
            up.serve(1, key="sk-other")


# --- what it logs --------------------------------------------------------------------------------


def test_the_log_has_all_that_was_sent_and_shows_no_key(up: Upstream) -> None:
    before = up.count
    get(up, f"/v1/models?limit=1&key={KEYS.server}", cookie=f"k={KEYS.second}")
    (seen,) = up.since(before)
    assert (seen.status, seen.answered, seen.who) == (200, "200, 1 models", "client")
    assert seen.header("cookie") == f"k={KEYS.second}"
    for key in KEYS.known:
        assert key in seen.text
        assert key not in repr(seen) + str(seen) + repr(KEYS) + repr(up.requests)


def test_no_request_id_comes_twice(up: Upstream) -> None:
    answers = [get(up, "/v1/models?limit=1", key=key) for key in [*KEYS.known, "sk-wrong"] * 2]
    assert len({answer.headers["request-id"] for answer in answers}) == 8


# --- what it does to clients ---------------------------------------------------------------------


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
