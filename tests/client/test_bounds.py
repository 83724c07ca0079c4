"""The bounds of a whole run; where its requests go and what they reveal."""

from __future__ import annotations

import json
import logging
import time

import httpx
import pytest
from misbehaving import JSON, Asked, asked, at, conformant, lost, misbehaving, once, says

from pytest_models_contract.client import bounds
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.logging_filter import THREAD_NAME
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.client.wire import Wire

TIMEOUT = 1.0
PAGE = json.dumps({"data": [], "has_more": False}).encode()


@pytest.mark.slow
def test_requests_with_more_parameters_than_one_that_hangs_are_not_sent() -> None:
    hanging = at(lambda asked: "after_id" in asked.query, Asked.hang, conformant())
    with misbehaving(hanging) as server:
        client = ModelsAPI(server.url, timeout=TIMEOUT)
        assert client.list().ok
        for cursor in ("a", "b", "c"):
            for limit in (1, 2, 3):
                with pytest.raises(NotJudged, match="no complete response"):
                    client.list(after_id=cursor, limit=limit)
        assert client.list(limit=5).ok
        assert not client.dead
        client.close()
        assert len(server.asked) == 3


def test_the_run_is_over_after_some_missed_deadlines() -> None:
    hanging = at(lambda asked: asked.query.get("limit", "1") > "1", Asked.hang, conformant())
    with misbehaving(hanging) as server:
        client = ModelsAPI(server.url, timeout=TIMEOUT)
        assert client.list(limit=1).ok
        for limit in range(2, 9):
            with pytest.raises(NotJudged, match="no complete response"):
                client.list(limit=limit)
        client.close()
        assert len(server.asked) == 1 + bounds.MOST_STALLS
        assert client.dead


@pytest.mark.slow
def test_the_run_is_over_after_some_requests_in_a_row_without_a_response() -> None:
    dying = at(lambda asked: asked.number > 1, Asked.reset, conformant())
    with misbehaving(dying) as server:
        client = ModelsAPI(server.url)
        assert client.list().ok
        for limit in range(1, 20):
            with pytest.raises(NotJudged, match="the connection broke"):
                client.list(limit=limit)
        client.close()
        assert client.dead
        # Tries of each request, and of another one that shows whether the server still responds.
        assert len(server.asked) <= 1 + 4 * bounds.MOST_LOST


def test_all_requests_together_have_a_bound_of_deadlines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "PATIENCE", 0.1)
    slow = conformant()

    def act(asked: Asked) -> None:
        time.sleep(0.3)
        slow(asked)

    with misbehaving(act) as server:
        client = ModelsAPI(server.url, timeout=5)
        with pytest.raises(NotJudged, match="s in all, more than"):
            [client.list(limit=limit) for limit in range(1, 4)]
        client.close()
        assert len(server.asked) == len(client.exchanges) <= 2
        assert sum(response.seconds for response in client.exchanges) > 0.5


def test_there_is_a_bound_of_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_REQUESTS", 5)
    with misbehaving(conformant()) as server:
        client = ModelsAPI(server.url)
        for limit in range(1, 6):
            assert client.list(limit=limit).ok
        with pytest.raises(NotJudged, match="no end after 5 responses"):
            client.list()
        client.close()


# --- where it goes, and what it reveals -----------------------------------------------------------


@pytest.mark.parametrize("location", ["", "/elsewhere", "http://[::bad/", "javascript:x", "\x7f"])
def test_a_redirect_is_a_response_like_any_other(location: str) -> None:
    with misbehaving(conformant()) as wrong_window:
        target = wrong_window.url + location if location.startswith("/") else location
        response, requests = asked(says(302, b"", {"location": target} if target else {}))
        assert (response.status, response.header("location") or "", requests) == (302, target, 1)
        assert wrong_window.asked == []


def test_cookies_are_not_kept() -> None:
    with misbehaving(says(200, PAGE, {**JSON, "set-cookie": "a=b; path=/"})) as server:
        client = ModelsAPI(server.url)
        assert client.list().ok
        assert client.list(limit=1).ok
        client.close()
        assert not any("cookie" in asked.headers for asked in server.asked)


def test_user_info_of_the_url_is_sent_as_a_header_and_never_shown() -> None:
    with misbehaving(conformant()) as server:
        url = server.url.replace("//", "//user:p%40ss@") + "?token=geheim"
        client = ModelsAPI(url, key="sk-0123456789")
        response = client.list()
        client.close()
        assert server.asked[0].headers["authorization"] == "Basic dXNlcjpwQHNz"
        assert server.asked[0].target == "/v1/models?token=geheim"
        assert not [secret for secret in ("p%40ss", "p@ss", "geheim", "sk-0") if secret in
                    f"{client.curl(response)} {client.wire} {response}"]  # fmt: skip


def test_nothing_of_it_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked(once(Asked.reset))
    lost(Asked.hang, 0.3)
    # That a connection is closed is no secret, and stated by the thread that closes it.
    assert not [record for record in caplog.records if THREAD_NAME in str(record.threadName)]
    assert "/v1/models" not in caplog.text


def test_a_transport_with_a_ready_response_works() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": []}))
    assert ModelsAPI("http://x.invalid", transport).list().json == {"data": []}


def test_an_id_too_long_to_be_asked_for_does_not_end_the_run() -> None:
    """How long a URL may be is up to httpx."""

    def answer(request: httpx.Request) -> httpx.Response:
        if len(str(request.url)) > 50_000:
            raise httpx.InvalidURL("too long")
        return httpx.Response(200, json={"data": []})

    client = ModelsAPI("http://x.invalid", httpx.MockTransport(answer))
    assert client.list().ok
    with pytest.raises(NotJudged, match="cannot be sent: ") as why:
        client.list(after_id="x" * 60_000)
    assert len(str(why.value)) < 1000
    assert client.list(limit=1).ok


def test_the_repr_of_a_wire_has_no_secret() -> None:
    wire = Wire("http://user:geheim@x.invalid", None, "sk-geheim", headers={"x": "geheim"})
    assert "geheim" not in repr(wire)
