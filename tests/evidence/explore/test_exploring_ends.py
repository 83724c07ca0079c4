"""What ends an exploration before its bound."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest
from conformant.moving import Moving
from explored_servers import explored, faulty, found, shorter_when
from judging import KEY

from pytest_models_contract.evidence.explore import exploring
from pytest_models_contract.evidence.explore.exploring import Bound
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.target.applications import Wsgi


def test_what_was_wrong_once_is_noted_and_not_reported() -> None:
    outcome = explored(faulty(shorter_when(lambda request: request.number == 40)))
    assert outcome.found == {}
    assert outcome.wrong["page"] == 0
    [note] = outcome.notes
    assert "was wrong once" in note


def test_responses_that_change_all_the_time_end_it() -> None:
    outcome = explored(faulty(shorter_when(lambda request: request.number % 10 == 0)))
    assert outcome.found == {}
    assert outcome.requests < 100
    assert outcome.notes[-1].endswith("responses are wrong now and right the next time")


@pytest.mark.parametrize("moment", [10, 30, 60])
def test_a_changing_catalogue_ends_it(moment: int) -> None:
    own = Fake().models
    after = [{**own[0], "id": "claude-next", "created_at": "2026-12-01T00:00:00Z"}, *own]
    outcome = explored(Moving(Fake(own, key=KEY), Fake(after, key=KEY), moment))
    assert outcome.found == {}
    [note] = outcome.notes
    assert note.endswith("the catalogue changed while it was explored")
    assert f"after {outcome.requests} requests" in note


class Busy(httpx.BaseTransport):
    """A server that answers some requests with 429."""

    def __init__(self, retry_after: str, is_busy: Callable[[int], bool]) -> None:
        self._server = Wsgi(faulty())
        self._retry_after, self._is_busy, self.number = retry_after, is_busy, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.number += 1
        if self._is_busy(self.number):
            return httpx.Response(429, headers={"retry-after": self._retry_after})
        return self._server.handle_request(request)


def test_a_rate_limit_is_waited_out() -> None:
    server = Busy("0.05", lambda number: number in (30, 60))
    started = time.monotonic()
    outcome = explored(server)
    assert (outcome.requests, outcome.notes) == (100, [])
    assert time.monotonic() - started > 0.1


def test_a_long_rate_limit_ends_it() -> None:
    server = Busy("3600", lambda number: number > 40)
    outcome = explored(server)
    [note] = outcome.notes
    assert "the server responded with 429" in note
    assert server.number < 50


def test_a_slow_server_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exploring, "SLOW", 0.004)

    def late(ask: Ask, request: Request) -> Response:
        time.sleep(0.005)
        return ask(request)

    outcome = explored(faulty(late))
    assert outcome.requests == exploring.TRIAL
    [note] = outcome.notes
    assert "--models-explore 60s bounds the time instead" in note


class Broken(httpx.BaseTransport):
    """A server that closes the connection, or is gone, for some requests."""

    def __init__(self, error: Callable[[int, httpx.Request], Exception | None]) -> None:
        self._server, self._error, self.number = Wsgi(faulty()), error, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.number += 1
        if error := self._error(self.number, request):
            raise error
        return self._server.handle_request(request)


def test_a_server_that_is_gone_ends_it() -> None:
    gone = httpx.ConnectError("refused")
    outcome = explored(Broken(lambda number, _: gone if number > 50 else None))
    [note] = outcome.notes
    assert "cannot connect" in note
    assert outcome.found == {}


@pytest.mark.slow
def test_a_connection_closed_at_some_requests_is_found() -> None:
    def error(_: int, request: httpx.Request) -> Exception | None:
        closed = 5 <= int(request.url.params.get("limit", 20)) <= 9
        return httpx.ReadError("closed") if closed else None

    one = found(explored(Broken(error), Bound(requests=40)))
    assert one.seen == "the server closed the connection without a response"
    assert one.when == "limits 5 to 9 give no response; 4 and 10 are right"


@pytest.mark.slow
def test_what_was_found_is_stated_though_the_server_goes() -> None:
    fake, state = faulty("limit_capped_silently_at[20]"), {"left": 60}

    class Leaving(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            state["left"] -= 1
            if state["left"] < 0:
                raise httpx.ConnectError("refused")
            return Wsgi(fake).handle_request(request)

    outcome = explored(Leaving())
    assert found(outcome).seen.startswith("20 models")
    assert "cannot connect" in outcome.notes[-1]
