"""The relay: it sends requests on for those who know its key, and hides nothing of the response."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import httpx
import pytest
from judging import KEY, fake

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Received
from pytest_models_contract.client.sdk import relay as relays
from pytest_models_contract.client.sdk.relay import Relay
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS, RECORDED, recorded


@pytest.fixture
def relaying() -> Iterator[Any]:
    made: list[Relay] = []

    def make(app: Any = None, **given: Any) -> Relay:
        api = ModelsAPI(IN_PROCESS, Wsgi(app or fake()), **{"key": KEY, **given})
        made.append(Relay(api))
        return made[-1]

    yield make
    for each in made:
        each.close()
        each._api.close()


def get(relay: Relay, path: str, key: str | None = None, **headers: str) -> httpx.Response:
    sent = {"authorization": f"Bearer {relay.key if key is None else key}", **headers}
    return httpx.get(f"{relay.base_url}{path}", headers=sent, trust_env=False)


@pytest.mark.parametrize("auth", ["x-api-key", "bearer"])
@pytest.mark.parametrize("header", ["x-api-key", "authorization"])
def test_the_true_key_takes_the_place_of_the_throw_away_key(
    relaying: Any, auth: str, header: str
) -> None:
    server = fake()
    relay = relaying(server, auth=auth)
    value = relay.key if header == "x-api-key" else f"Bearer {relay.key}"
    found = httpx.get(
        f"{relay.base_url}/v1/models?limit=2", headers={header: value}, trust_env=False
    )
    assert len(found.json()["data"]) == 2
    sent = server.requests[-1].headers
    assert sent[header].removeprefix("Bearer ") == KEY
    assert {"x-api-key", "authorization"} & sent.keys() == {header}


def test_version_and_betas_are_passed_on(relaying: Any) -> None:
    server = fake()
    get(
        relaying(server),
        "/v1/models",
        **{"anthropic-version": "2026-10-21", "anthropic-beta": "message-batches-2024-09-24"},
    )
    sent = server.requests[-1].headers
    assert sent["anthropic-version"] == "2026-10-21"
    assert sent["anthropic-beta"] == "message-batches-2024-09-24"


def test_the_wrong_key_is_sent_as_a_wrong_key(relaying: Any) -> None:
    server = fake()
    relay = relaying(server)
    assert get(relay, "/v1/models", relay.wrong_key).status_code == 401
    assert KEY not in server.requests[-1].headers["authorization"]


@pytest.mark.parametrize("key", ["guessed", KEY])
def test_whoever_does_not_know_the_key_gets_nothing(relaying: Any, key: str) -> None:
    server = fake()
    relay = relaying(server)
    assert get(relay, "/v1/models", key).status_code == 502
    assert list(server.requests) == []


def test_nothing_but_the_models_api_is_reached(relaying: Any) -> None:
    server = fake()
    assert get(relaying(server), "/admin").status_code == 502
    assert list(server.requests) == []


def test_the_response_is_passed_back_unchanged(relaying: Any) -> None:
    relay = relaying()
    found, own = get(relay, "/v1/models?limit=3"), relay._api.exchanges[0]
    assert (found.status_code, found.content) == (own.status, own.body)
    assert found.headers["request-id"] == own.header("request-id")
    assert relay.responses == [own]
    relay.begin()
    assert relay.responses == []


@pytest.mark.parametrize("status", [204, 304, 418, 599])
def test_any_status_is_passed_back(relaying: Any, status: int) -> None:
    def odd(ask: Ask, request: Request) -> Response:
        return replace(ask(request), status=status, body=None, text=b"")

    assert get(relaying(fake(odd)), "/v1/models").status_code == status


def test_a_redirect_leads_to_the_relay(relaying: Any) -> None:
    relay = relaying(fake(FAULTS["list_redirects[307]"]))
    found = get(relay, "/v1/models?limit=3")
    assert found.status_code == 307
    assert found.headers["location"].startswith("/v1/models")


def test_a_redirect_elsewhere_leads_nowhere(relaying: Any) -> None:
    def away(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, status=302, headers={"location": "http://evil.example/v1/models"})

    relay = relaying(fake(away))
    assert "location" not in get(relay, "/v1/models").headers
    assert isinstance(relay.lost, Unexercised)
    assert "http://evil.example: it is not followed" in str(relay.lost)


def test_a_server_that_hangs_up_does_so_through_the_relay(
    relaying: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = relaying()
    nothing = relay._api.wire.response(
        relay._api.list().request, Received.nothing("the server closed the connection", 0)
    )
    monkeypatch.setattr(relay._api, "ask", lambda _: nothing)
    with pytest.raises(httpx.RemoteProtocolError):
        get(relay, "/v1/models")


def test_what_a_cassette_lacks_is_not_tested() -> None:
    target = recorded("reference")
    api = ModelsAPI(RECORDED, target.open(), key="models-contract-key-0000")
    with closing(Relay(api)) as relay:
        assert get(relay, "/v1/models?limit=999").status_code == 502
        assert isinstance(relay.lost, Unexercised)


def test_it_is_idle_between_requests(relaying: Any) -> None:
    relay = relaying(Fake(1, key=KEY))
    get(relay, "/v1/models")
    assert 0 < relay.idle < 60
    relay._in_flight = 1
    assert relay.idle == 0


def test_without_a_port_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    def blocked(*_: Any, **__: Any) -> None:
        raise RuntimeError("sockets are blocked")

    monkeypatch.setattr(relays, "_Server", blocked)
    with pytest.raises(
        NotJudged, match=r"no port can be opened on 127\.0\.0\.1: sockets are blocked"
    ):
        Relay(ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY))
