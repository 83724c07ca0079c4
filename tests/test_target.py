"""How the server under test is reached: directly or through a proxy."""

from __future__ import annotations

from typing import Any

import httpcore
import pytest
from misbehaving import honest, misbehaving

from pytest_models_contract import unpatched
from pytest_models_contract.api import ModelsAPI
from pytest_models_contract.target import live

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the machine counts."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_server_far_away_is_asked_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with misbehaving(honest()) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        target = live("http://far.invalid")
        client = ModelsAPI(target.base_url, target.open())
        assert client.list().ok
        client.close()
        assert [asked.target for asked in proxy.asked] == ["http://far.invalid/v1/models"]


def test_a_server_on_this_machine_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", NOBODY)
    with misbehaving(honest()) as server:
        target = live(server.url)
        client = ModelsAPI(target.base_url, target.open())
        assert client.list().ok
        client.close()


def test_a_host_that_no_proxy_names_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", NOBODY)
    monkeypatch.setenv("no_proxy", "far.invalid")
    opened: Any = live("http://far.invalid").open()
    assert type(opened._pool) is unpatched._Pool


def test_a_connection_through_a_proxy_stays_one() -> None:
    """As one that goes to the server itself, it would pass the proxy by."""
    pool = unpatched._Pool(proxy=httpcore.Proxy("http://proxy.test"))
    made = pool.create_connection(httpcore.URL("http://far.invalid").origin)
    assert not isinstance(made, httpcore.HTTPConnection)
