"""Requests that are sent ahead: how many at once, to which servers, and when that ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import pytest
from misbehaving import Act, Asked, Served, conformant, misbehaving, response, says

from pytest_models_contract.client import ahead
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.requests import page_request

WAIT = 0.03
LIMITS = range(1, 9)
REQUESTS = [page_request(limit=limit) for limit in LIMITS]
MANY = [page_request(limit=limit) for limit in range(1, 28)]


class Slow:
    """A conformant server that takes a while, and knows how many requests it had at once."""

    def __init__(
        self, fault: Act | None = None, at_once: int = 1, one_by_one: bool = False
    ) -> None:
        self.most = self._now = self.faults = 0
        self._fault, self._least, self._respond = fault, at_once, conformant()
        self._lock, self._turn = Lock(), Lock() if one_by_one else None

    def __call__(self, asked: Asked) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            wrong = self._fault if self._now >= self._least and not self.faults else None
            self.faults += bool(wrong)
        if self._turn:
            self._turn.acquire()
        time.sleep(WAIT)
        if self._turn:
            self._turn.release()
        with self._lock:
            self._now -= 1
        (wrong or self._respond)(asked)


@pytest.fixture
def any_time_is_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause of this machine is no overload of the server."""
    monkeypatch.setattr(ahead, "LONGER", float("inf"))


@contextmanager
def asking(act: Act, most: int = 4, timeout: float = 5) -> Iterator[tuple[ModelsAPI, Served]]:
    """A client that has asked the server once, and may have so many requests in flight."""
    with misbehaving(act) as server:
        api = ModelsAPI(server.url, timeout=timeout)
        api.ahead.most = most
        try:
            api.list()
            yield api, server
        finally:
            api.close()


@pytest.mark.usefixtures("any_time_is_usual")
@pytest.mark.parametrize("most", [2, 4])
def test_at_most_so_many_requests_are_in_flight(most: int) -> None:
    slow = Slow()
    with asking(slow, most) as (api, server):
        api.send_ahead(REQUESTS)
        assert (slow.most, len(server.asked)) == (most, 1 + len(REQUESTS))
        assert (len(api.exchanges), api.ahead.unused) == (1, len(REQUESTS))


@pytest.mark.usefixtures("any_time_is_usual")
def test_responses_are_kept_in_the_order_in_which_they_are_asked_for() -> None:
    with asking(Slow()) as (api, server):
        api.send_ahead(REQUESTS)
        for limit in reversed(LIMITS):
            assert len(api.page(limit=limit)) == limit
        asked = [each.request.value("limit") for each in api.exchanges]
        assert asked == [None, *map(str, reversed(LIMITS))]
        assert (len(server.asked), api.ahead.unused) == (1 + len(REQUESTS), 0)


@pytest.mark.usefixtures("any_time_is_usual")
def test_a_request_is_sent_ahead_once() -> None:
    with asking(Slow()) as (api, server):
        api.list(limit=1)
        api.send_ahead(REQUESTS[:4])
        api.send_ahead(REQUESTS[:4])
        assert len(server.asked) == 5


def test_nothing_is_sent_ahead_to_a_fast_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "SLOW", 5.0)  # whatever this machine does meanwhile
    with asking(conformant()) as (api, server):
        api.send_ahead(REQUESTS)
        assert len(server.asked) == 1


@pytest.mark.parametrize("dead", ["", "over"])
def test_one_by_one_or_after_the_end_nothing_is_sent_ahead(dead: str) -> None:
    with asking(Slow(), most=4 if dead else 1) as (api, server):
        api.dead = dead
        api.send_ahead(REQUESTS)
        assert len(server.asked) == 1


@pytest.mark.usefixtures("any_time_is_usual")
def test_a_second_reading_drops_what_waits() -> None:
    with asking(Slow()) as (api, server):
        api.send_ahead(REQUESTS[:4])
        api.forget()
        api.send_ahead(REQUESTS)
        assert (len(server.asked), api.ahead.unused) == (5, 4)
        api.list(limit=1)
        assert len(server.asked) == 6


# --- a server that does not cope -----------------------------------------------------------------

BUSY = {"retry-after": "0", "connection": "close"}
CUT_OFF = response(200, b'{"data": [', length=900)


def cut_off(asked: Asked) -> None:
    asked.send(CUT_OFF)
    asked.hang_up()


TROUBLES: dict[str, tuple[Act, str]] = {
    "429": (says(429, b"{}", BUSY), "status 429"),
    "503": (says(503, b"{}", BUSY), "status 503"),
    "529": (says(529, b"{}", BUSY), "status 529"),
    "resets": (Asked.reset, "the connection broke"),
    "hangs up": (Asked.hang_up, "the connection broke"),
    "hangs": (Asked.hang, "no complete response within 1 s"),
    "cuts off": (cut_off, "the body was cut off"),
}


@pytest.mark.usefixtures("any_time_is_usual")
@pytest.mark.parametrize(("fault", "why"), TROUBLES.values(), ids=TROUBLES)
def test_at_the_first_failure_the_rest_is_sent_one_at_a_time(fault: Act, why: str) -> None:
    slow = Slow(fault, at_once=3)
    with asking(slow, timeout=1) as (api, server):
        api.send_ahead(MANY)
        assert why in api.ahead.trouble
        sent, slow.most = len(server.asked), 0
        assert fault is Asked.hang or sent < 1 + len(MANY)
        api.send_ahead(MANY)
        assert len(server.asked) == sent
        assert [api.ask(each).status for each in MANY] == [200] * len(MANY)
        assert not any(each.retries for each in api.exchanges)
        assert (slow.most, api.ahead.unused) == (1, 0)


def test_a_server_of_one_request_at_a_time_gets_one_at_a_time() -> None:
    slow = Slow(one_by_one=True)
    with asking(slow, most=8) as (api, _):
        api.send_ahead(REQUESTS)
        assert "together with others, at most 0." in api.ahead.trouble
        slow.most = 0
        assert [len(api.page(limit=limit)) for limit in (*LIMITS, 20)] == [*LIMITS, 20]
        assert slow.most == 1


@pytest.mark.usefixtures("any_time_is_usual")
@pytest.mark.parametrize(("seconds", "waits"), [("1", True), ("3600", False)])
def test_retry_after_is_respected(seconds: str, waits: bool) -> None:
    busy = says(429, b"{}", {"retry-after": seconds, "connection": "close"})
    with asking(Slow(busy, at_once=2)) as (api, _):
        started = time.monotonic()
        api.send_ahead(REQUESTS)
        assert (time.monotonic() - started >= 1) is waits


@pytest.mark.usefixtures("any_time_is_usual")
def test_another_failure_is_left_to_the_check() -> None:
    slow = Slow(says(500, b"{}"))
    with asking(slow) as (api, _):
        slow.faults = 0
        api.send_ahead(REQUESTS)
        assert api.ahead.trouble == ""
        assert api.ahead.unused == len(REQUESTS) - 1
        assert [api.list(limit=limit).status for limit in LIMITS] == [200] * len(REQUESTS)


def test_an_interrupt_ends_what_is_sent_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with asking(Slow()) as (api, server):
        monkeypatch.setattr(api.ahead, "_send", interrupt)
        with pytest.raises(KeyboardInterrupt):
            api.send_ahead(REQUESTS)
        assert len(server.asked) == 1
