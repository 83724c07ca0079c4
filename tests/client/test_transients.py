"""Which requests are repeated, how often and after what pause; what is not judged after that."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from misbehaving import JSON, Act, Asked, asked, lost, misbehaving, once, says, sends

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.client.wire import Wire

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
PAGE = json.dumps({"data": [], "has_more": False}).encode()


def endless_headers(asked: Asked) -> None:
    asked.send(OK)
    while not asked.over.is_set():
        asked.send(b"x-more: y\r\n" * 1000)


TRANSIENT: dict[str, Act] = {
    "resets": Asked.reset,
    "hangs up": Asked.hang_up,
    "talks no HTTP": sends(b"\0\1\2 what?\r\n\r\n"),
    "breaks off": says(200, PAGE, length=900),
    **{str(status): says(status, PAGE) for status in (408, 409, 429, 500, 502, 503, 504, 529)},
    "wants it": says(400, PAGE, {**JSON, "x-should-retry": "true"}),
}


@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT)
def test_a_transient_failure_is_retried(fault: Act) -> None:
    response, requests = asked(once(fault))
    assert (response.status, response.retries, requests) == (200, 1, 2)


@pytest.mark.parametrize("status", [302, 400, 401, 404, 418])
def test_a_lasting_status_is_not_retried(status: int) -> None:
    response, requests = asked(once(says(status, PAGE)))
    assert (response.status, response.retries, requests) == (status, 0, 1)


@pytest.mark.parametrize("status", [408, 409, 500, 502, 504])
def test_a_failure_that_persists_is_judged(status: int) -> None:
    response, requests = asked(says(status, PAGE))
    assert (response.status, response.retries, requests) == (status, 2, 3)


@pytest.mark.parametrize("status", [429, 503, 529])
def test_an_overloaded_server_is_not_judged(status: int) -> None:
    kept = f"GET /v1/models: the server kept responding with {status}; try again later"
    assert lost(says(status, PAGE)) == (kept, 3)


@pytest.mark.slow
@pytest.mark.parametrize("fault", [
    Asked.reset,
    Asked.hang_up,
    sends(b"\0\1\2 what?\r\n\r\n"),
    sends(OK + b"content-length: -5\r\n\r\n{}"),
], ids=["resets", "hangs up", "talks no HTTP", "faults"])  # fmt: skip
def test_what_has_no_answer_is_not_judged(fault: Act) -> None:
    stated, requests = lost(fault)
    assert stated.removeprefix("GET /v1/models: the connection broke: ") not in {stated, ""}
    assert stated.isprintable()
    assert requests == 3


@pytest.mark.parametrize(
    "act",
    [says(200, PAGE, {"x-long": "y" * 2**18}), endless_headers],
    ids=["one long header", "endless headers"],
)
def test_headers_of_any_length_are_taken_or_not_judged(act: Act) -> None:
    """How much of them is taken is up to httpx."""
    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=1)
        with suppress(NotJudged):
            assert client.list().json == json.loads(PAGE)
        client.close()


def test_a_port_where_nobody_listens_is_fatal() -> None:
    with misbehaving(Asked.hang_up) as server:
        url = server.url
    client = ModelsAPI(url)
    with pytest.raises(NotJudged, match=r"cannot connect to http://127\.0\.0\.1:"):
        client.list()
    assert client.dead


UNSEEN = httpx.UnsupportedProtocol("Request URL is missing a protocol.")


@pytest.mark.parametrize(("fault", "why", "fatal"), [
    (UNSEEN, f"cannot connect to http://app.invalid: {UNSEEN}", True),
    (RuntimeError("blocked"), "cannot send to http://app.invalid: blocked; if a plugin blocks", True),
    (ResourceWarning("blocked"), "cannot send to http://app.invalid: blocked; if a plugin", True),
    (httpx.ReadTimeout(""), "GET /v1/models: no complete response within 10 s", False),
], ids=["no protocol", "blocked", "warned", "late"])  # fmt: skip
def test_a_useless_retry_is_not_made(fault: Exception, why: str, fatal: bool) -> None:
    requests: list[httpx.Request] = []

    def fails(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        raise fault

    with pytest.raises(NotJudged) as caught:
        Wire("http://app.invalid", httpx.MockTransport(fails)).send(Request("/v1/models"))
    assert str(caught.value).startswith(why)
    assert (len(requests), caught.value.fatal) == (1, fatal)


def test_a_body_that_stalls_is_late_not_cut_off() -> None:
    class Stalls(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield PAGE[:9]
            raise httpx.ReadTimeout("")

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Stalls()))
    with pytest.raises(NotJudged, match="no complete response within 10 s"):
        ModelsAPI("http://app.invalid", transport).list()


def waits(header: str, status: int = 429) -> tuple[float, int]:
    """How long the second request came after the first, and how many there were."""
    times: list[float] = []

    def act(asked: Asked) -> None:
        times.append(time.monotonic())
        says(status, PAGE, {**JSON, "retry-after": header})(asked)

    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=5)
        with pytest.raises(NotJudged):
            client.list()
        client.close()
    return times[-1] - times[0], len(times)


@pytest.mark.slow
def test_retry_after_is_honoured() -> None:
    seconds, requests = waits("0.4")
    assert requests == 3
    assert 0.8 <= seconds < 3


def test_retry_after_may_be_a_date() -> None:
    seconds, requests = waits(format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True))
    assert requests == 3
    assert seconds < 2


@pytest.mark.slow
@pytest.mark.parametrize("header", ["", "soon", "nan", "Wed, 99 Foo 2026", "9" * 400, "\t"])
def test_an_invalid_retry_after_is_ignored(header: str) -> None:
    seconds, requests = waits(header)
    assert seconds < 2
    assert requests == (3 if len(header) < 400 else 1)


@pytest.mark.parametrize("header", [
    "3600", "inf", format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True),
], ids=["hour", "forever", "tomorrow"])  # fmt: skip
def test_no_pause_exceeds_the_deadline(header: str) -> None:
    assert waits(header)[1] == 1


def test_the_server_may_forbid_retries() -> None:
    response, requests = asked(says(500, PAGE, {**JSON, "x-should-retry": "false"}))
    assert (response.status, requests) == (500, 1)


@pytest.mark.slow
def test_a_server_that_always_fails_does_not_get_every_request_three_times() -> None:
    with misbehaving(says(500, PAGE)) as server:
        client = ModelsAPI(server.url)
        for limit in range(1, 11):
            assert client.list(limit=limit).status == 500
        client.close()
        assert len(server.asked) == 3 * 3 + 7
