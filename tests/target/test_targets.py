"""The server under test, by URL or as an application: how it is reached, and why it cannot be."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
from misbehaving import conformant, misbehaving

from pytest_models_contract.client import unpatched
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.target.applications import Asgi, Wsgi
from pytest_models_contract.target.targets import (
    TargetError,
    application,
    is_asgi,
    live,
    overridden,
)

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the machine applies."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


# --- by URL --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["", "localhost:4000", "ftp://x", "http://:80", "http://x:99999", "http://[::bad"]
)
def test_an_invalid_url_is_refused_with_a_valid_example(url: str) -> None:
    with pytest.raises(
        TargetError, match="is not a base URL: give scheme and host, such as http://"
    ):
        live(url)


def test_a_wrong_url_is_shown_without_its_secrets() -> None:
    with pytest.raises(TargetError, match="'x:99999/' is not a base URL") as caught:
        live("http://user:geheim@x:99999/?token=geheim")
    assert "geheim" not in str(caught.value)


def test_a_transport_of_the_host_that_goes_to_the_network_makes_a_live_server() -> None:
    found = overridden("http://x.test/v1/", httpx.HTTPTransport())
    assert (found.kind, found.where) == ("live", "http://x.test")
    other = overridden("http://x.test", httpx.MockTransport(lambda _: httpx.Response(200)))
    assert (other.kind, other.where) == ("app", "MockTransport")


def test_an_async_transport_of_the_host_works_like_any_other() -> None:
    class Async(httpx.AsyncBaseTransport):
        async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json={"data": []})

    target = overridden("http://x.test", Async())
    client = ModelsAPI(target.base_url, target.open())
    assert client.list().json == {"data": []}
    client.close()


def test_a_remote_server_is_reached_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with misbehaving(conformant()) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        target = live("http://far.invalid")
        client = ModelsAPI(target.base_url, target.open())
        assert client.list().ok
        client.close()
        assert [asked.target for asked in proxy.asked] == ["http://far.invalid/v1/models"]


def test_a_server_on_this_machine_is_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", NOBODY)
    with misbehaving(conformant()) as server:
        target = live(server.url)
        client = ModelsAPI(target.base_url, target.open())
        assert client.list().ok
        client.close()


def test_a_host_without_a_proxy_is_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", NOBODY)
    monkeypatch.setenv("no_proxy", "far.invalid")
    opened: Any = live("http://far.invalid").open()
    assert type(opened._pool) is unpatched._Pool


def test_a_connection_through_a_proxy_stays_one() -> None:
    """As a direct connection to the server it would bypass the proxy."""
    pool = unpatched._Pool(proxy=httpcore.Proxy("http://proxy.test"))
    made = pool.create_connection(httpcore.URL("http://far.invalid").origin)
    assert not isinstance(made, httpcore.HTTPConnection)


# --- as an application ---------------------------------------------------------------------------

SHOP = """
from functools import partial, wraps

from asgi_app import app as asgi
from pytest_models_contract.fake import Fake

NAME = "shop"
app = Fake(3)

class Shop:
    app = app

def factory():
    return app

def failing():
    raise ValueError("no database")

def making():
    return NAME

async def refusing(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no database"})
    raise RuntimeError("no database")

def handed_on(scope, receive, send):
    return asgi(scope, receive, send)

@wraps(asgi)
def decorated(*arguments):
    return asgi(*arguments)

async def configured(config, scope, receive, send):
    await asgi(scope, receive, send)

bound = partial(configured, {})
bound_late = partial(lambda config, scope, receive, send: asgi(scope, receive, send), {})

class Asgi:
    def __call__(self, scope, receive, send):
        return asgi(scope, receive, send)

class AsyncAsgi:
    async def __call__(self, scope, receive, send):
        await asgi(scope, receive, send)

class Wsgi:
    # As in PEP 3333: created for each request.
    def __init__(self, environ, start_response):
        self.pieces = app(environ, start_response)

    def __iter__(self):
        return iter(self.pieces)

def any_number(environ, *more):
    return app(environ, *more)

def with_a_default(environ, start_response, fake=app):
    return fake(environ, start_response)

asgi_object, async_asgi_object = Asgi(), AsyncAsgi()

def of_asgi_2(scope):
    return partial(asgi, scope)

def of_four(scope, receive, send, more):
    return None

def by_name(*, scope, receive, send):
    return None
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module in the current folder; gives its name."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models_shop.py").write_text(SHOP)
    monkeypatch.delitem(sys.modules, "models_shop", raising=False)
    return "models_shop"


@pytest.mark.parametrize("name", ["app", "Shop.app", "factory", "factory()"])
def test_an_application_is_named_by_module_and_attribute(shop: str, name: str) -> None:
    target = application(f"{shop}:{name}")
    client = ModelsAPI(target.base_url, target.open())
    assert len(client.list().json["data"]) == 3
    client.close()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *((Asgi, name) for name in ("handed_on", "decorated", "bound", "bound_late")),
        *((Asgi, name) for name in ("asgi", "asgi_object", "async_asgi_object")),
        *((Wsgi, name) for name in ("app", "Wsgi", "any_number", "with_a_default")),
    ],
)
def test_an_application_is_known_by_its_arguments(shop: str, kind: type, name: str) -> None:
    target = application(f"{shop}:{name}")
    transport = target.open()
    client = ModelsAPI(target.base_url, transport)
    assert isinstance(transport, kind)
    assert client.list().json["data"]
    client.close()


@pytest.mark.parametrize("name", ["of_asgi_2", "of_four", "by_name"])
def test_an_application_of_other_arguments_gets_an_explanation(shop: str, name: str) -> None:
    why = (
        r"takes neither \(scope, receive, send\), as an ASGI 3 application does, nor \(environ, st"
    )
    with pytest.raises(TargetError, match=f"^{shop}:{name} {why}"):
        application(f"{shop}:{name}")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "'models_shop:': give MODULE:ATTR, such as myserver.main:app"),
        ("missing", "models_shop:missing: "),
        ("NAME", "is neither a WSGI nor an ASGI application: it cannot be called"),
        ("failing", "the factory failed: ValueError: no database"),
        ("making", "the factory returned str, not an application"),
        ("refusing", "the application did not start: RuntimeError: no database"),
    ],
)
def test_an_application_that_cannot_be_found_says_why(shop: str, name: str, why: str) -> None:
    with pytest.raises(TargetError) as caught:
        application(f"{shop}:{name}").open()
    assert why in str(caught.value)


def test_a_module_that_is_not_there_is_named(shop: str) -> None:
    why = f"{shop}_no:app: the module cannot be imported from here: ModuleNotFoundError: "
    with pytest.raises(TargetError, match=why):
        application(f"{shop}_no:app")


def test_an_application_of_unknown_signature_counts_as_wsgi() -> None:
    class Hidden:
        __signature__ = "nobody's business"

        def __call__(self, _environ: object, _start_response: object) -> list[bytes]:
            return []

    assert not is_asgi(Hidden())
