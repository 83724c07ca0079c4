"""The exchange between a client and the fake: a request, a response, and the faults in between."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LIST = "/v1/models"


@dataclass(frozen=True)
class Request:
    """One request, as the fake and its faults get it.

    path: as sent, still percent-encoded. query: decoded, with empty values. headers: lower-case
    names. number: 1 for the first request to the fake. asked: all requests to the fake so far,
    including this one; it grows with later requests and keeps the last ten thousand. trusted: a fault
    sets it to accept the request without the right key.
    """

    method: str = "GET"
    path: str = LIST
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    number: int = field(default=1, compare=False)
    asked: Sequence[Request] = field(default=(), compare=False, repr=False)
    trusted: bool = field(default=False, compare=False, repr=False)

    @property
    def keys(self) -> list[str]:
        """The keys that were sent, as `x-api-key` and as bearer token."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        sent = [self.headers.get("x-api-key", ""), token if scheme.lower() == "bearer" else ""]
        return [key for key in sent if key]

    @property
    def count(self) -> int:
        """How often this same request was sent so far: 1 when it is new."""
        return max(1, list(self.asked).count(self))

    def get(self, name: str) -> str | None:
        """The last value of a query parameter, None when it was not sent."""
        return dict(self.query).get(name)


@dataclass
class Response:
    """One response: `body` is sent as compact JSON, unless `text` has the bytes to send instead."""

    status: int
    headers: dict[str, str]
    body: Any = None
    text: bytes | None = None

    def encoded(self) -> bytes:
        """The bytes of the body."""
        if self.text is not None:
            return self.text
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


Ask = Callable[[Request], Response]
Fault = Callable[[Ask, Request], Response]


def error_headers(status: int, retry_after: float | None) -> dict[str, str]:
    """The headers of an error that a test demands; `retry_after` is in seconds.

    ValueError: the status is not that of an error.
    """
    if not 400 <= status < 600:
        raise ValueError(f"fail({status}): an error has a status from 400 to 599")
    return {} if retry_after is None else {"retry-after": f"{retry_after:g}"}


def request_of(environ: WSGIEnvironment) -> Request:
    """The request to a WSGI server, with the path as it was sent if the server has it."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    query = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    return Request(environ["REQUEST_METHOD"], _raw_path(environ), tuple(query), headers)


def _raw_path(environ: WSGIEnvironment) -> str:
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw:
        return urlsplit(raw if "://" in raw.partition("?")[0] else f"http://x{raw}").path
    path = environ.get("PATH_INFO", "")
    try:
        path.encode("latin-1").decode()
    except UnicodeError:
        return quote(path)  # httpx passes plain text where WSGI requires bytes as latin-1 text
    return quote(path.encode("latin-1"))
