"""httpx without the patches of test libraries: pytest-httpx, respx, vcrpy and pytest-recording.

They replace methods on the classes of httpx and httpcore while a test runs. The subclasses here keep
the original methods as attributes of their own. This module must be imported before any test runs.
Only this file uses internals of httpx and httpcore.
"""

from __future__ import annotations

from typing import Any

import httpcore
import httpx


class Client(httpx.Client):
    """httpx's client."""

    _transport_for_url = httpx.Client._transport_for_url


class Network(httpx.HTTPTransport):
    """httpx's transport to a host."""

    handle_request = httpx.HTTPTransport.handle_request

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # A proxy has another class of pool, which respx still patches.
        if type(getattr(self, "_pool", None)) is httpcore.ConnectionPool:
            self._pool.__class__ = _Pool


class Wsgi(httpx.WSGITransport):
    """httpx's transport to a WSGI application."""

    handle_request = httpx.WSGITransport.handle_request


class Asgi(httpx.ASGITransport):
    """httpx's transport to an ASGI application."""

    handle_async_request = httpx.ASGITransport.handle_async_request


class _Pool(httpcore.ConnectionPool):
    handle_request = httpcore.ConnectionPool.handle_request

    def create_connection(self, origin: httpcore.Origin) -> httpcore.ConnectionInterface:
        made = super().create_connection(origin)
        if type(made) is httpcore.HTTPConnection:
            made.__class__ = _Connection
        return made


class _Connection(httpcore.HTTPConnection):
    handle_request = httpcore.HTTPConnection.handle_request
