"""The choice of the server under test: a URL, an application or a cassette, as an httpx transport."""

from __future__ import annotations

import importlib
import inspect
import ipaddress
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies, proxy_bypass

import httpx

from pytest_models_contract.client import unpatched
from pytest_models_contract.spec import shipped

if TYPE_CHECKING:
    from pytest_models_contract.target.applications import Asgi
    from pytest_models_contract.target.cassette import Cassette

IN_PROCESS = "http://app.invalid"
RECORDED = "http://cassette.invalid"


class TargetError(ValueError):
    """The server under test cannot be found or started; the text says how to name it correctly."""


@dataclass(frozen=True)
class Target:
    """The server under test: what kind (`live`, `app`, `cassette`), where, and how to reach it.

    `note` is what the header of the run says about the address. `starts` are the list requests with
    which a cassette of another tool can begin; None for all other targets.
    """

    kind: str
    where: str
    base_url: str = field(repr=False)
    open: Callable[[], httpx.BaseTransport]
    note: str = ""
    cassette: Cassette | None = None

    @property
    def starts(self) -> Sequence[dict[str, Any]] | None:
        if self.cassette is None or self.cassette.provenance is not None:
            return None
        return self.cassette.first_requests


def choose(kind: str, value: str) -> Target:
    """The target of an option and its value. Raises `TargetError`."""
    makers = {"models_base_url": live, "models_app": application, "models_cassette": recorded}
    return makers[kind](value)


def live(base_url: str) -> Target:
    """A running server, by the base URL an SDK would be given. Raises `TargetError`."""
    url = _checked(base_url)
    path = url.path.rstrip("/")
    note = ""
    if path.endswith("/v1"):
        path, note = path.removesuffix("/v1"), "the trailing /v1 was removed"
    url = url.copy_with(path=path or "/", fragment=None)
    where = str(url.copy_with(username=None, password=None, query=None)).rstrip("/")
    return Target("live", where, str(url), lambda: network(url), note)


def overridden(base_url: str, transport: httpx.BaseTransport | httpx.AsyncBaseTransport) -> Target:
    """The target of a project that overrides the fixtures. Raises `TargetError`."""
    if isinstance(transport, httpx.HTTPTransport):
        return live(base_url)
    return Target("app", type(transport).__name__, base_url, lambda: as_sync(transport))


def as_sync(transport: httpx.BaseTransport | httpx.AsyncBaseTransport) -> httpx.BaseTransport:
    """The transport itself, or a synchronous one around an async transport."""
    if isinstance(transport, httpx.BaseTransport):
        return transport
    from pytest_models_contract.target.applications import Asgi

    return Asgi(transport=transport)


def _checked(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
        known = url.scheme in {"http", "https"} and bool(url.host) and (url.port or 1) < 65536
    except (httpx.InvalidURL, ValueError):
        known = False
    if not known:
        shown = base_url.rpartition("@")[2].partition("?")[0]
        raise TargetError(
            f"{shown!r} is not a base URL: give scheme and host, such as http://localhost:4000"
        )
    return url


def network(url: httpx.URL) -> httpx.HTTPTransport:
    """The transport to a host. Proxy and CA variables apply, except for this machine."""
    local = _is_loopback(url.host)
    proxy = None if local or proxy_bypass(url.host) else getproxies().get(url.scheme)
    verify = url.scheme == "https"
    return unpatched.Network(verify=verify, trust_env=not local, proxy=proxy)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def recorded(name: str) -> Target:
    """A cassette or HAR file; `reference` is the shipped one. Raises `TargetError`."""
    from pytest_models_contract.target.cassette import CassetteError, load

    try:
        if name == "reference":
            reference = shipped.folder("cassettes").joinpath("reference.yaml")
            with resources.as_file(reference) as path:
                cassette = load(path)
        else:
            cassette = load(Path(name))
    except CassetteError as error:
        raise TargetError(str(error)) from None
    return Target("cassette", name, RECORDED, cassette.transport, cassette=cassette)


def application(address: str) -> Target:
    """A WSGI or ASGI application, or a factory of one, by `module:attribute`. Raises `TargetError`."""
    from pytest_models_contract.target.applications import Wsgi

    app = _called(_imported(address), address)
    try:
        opener = (lambda: _started(app)) if is_asgi(app) else (lambda: Wsgi(app))
    except TypeError as error:
        raise TargetError(f"{address} {error}") from None
    return Target("app", address, IN_PROCESS, opener)


def _started(app: Any) -> Asgi:
    from pytest_models_contract.target.applications import Asgi, NotStarted

    try:
        return Asgi(app)
    except NotStarted as why:
        raise TargetError(f"the application did not start: {why}") from None


def _imported(address: str) -> Any:
    module_name, _, attributes = address.removesuffix("()").partition(":")
    if not (module_name and attributes) or {"/", "\\"} & {*address}:
        raise TargetError(f"'{address}': give MODULE:ATTR, such as myserver.main:app")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found = importlib.import_module(module_name)
        for attribute in attributes.split("."):
            found = getattr(found, attribute)
    except AttributeError as error:
        raise TargetError(f"{address}: {error}") from None
    except Exception as error:  # the import of a module can raise anything
        raise TargetError(
            f"{address}: the module cannot be imported from here: {type(error).__name__}: {error}"
        ) from None
    return found


def _called(app: Any, address: str) -> Any:
    """The application, made by `app` if that is a factory: something callable without arguments."""
    if not callable(app):
        raise TargetError(
            f"{address} is neither a WSGI nor an ASGI application: it cannot be called"
        )
    if not (address.endswith("()") or _takes(app, 0)):
        return app
    try:
        made = app()
    except Exception as error:  # a factory can raise anything
        raise TargetError(
            f"{address}: the factory failed: {type(error).__name__}: {error}"
        ) from None
    if not callable(made):
        raise TargetError(
            f"{address}: the factory returned {type(made).__name__}, not an application"
        )
    return made


def is_asgi(app: Any) -> bool:
    """Whether an application is ASGI, not WSGI: a coroutine function, or one of three arguments.

    Raises `TypeError` when it takes the arguments of neither.
    """
    if inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(type(app).__call__):
        return True
    if _takes(app, 2):
        return False
    if _takes(app, 3):
        return True
    raise TypeError(
        "takes neither (scope, receive, send), as an ASGI 3 application does, nor (environ,"
        " start_response), as a WSGI one does; a factory takes no arguments"
    )


def _takes(app: Callable[..., Any], count: int) -> bool:
    """Whether `app` takes `count` arguments; if its signature is unknown, it takes any but none."""
    try:
        signature = inspect.signature(app)
    except (TypeError, ValueError):
        return count > 0
    try:
        signature.bind(*range(count))
    except TypeError:
        return False
    return True
