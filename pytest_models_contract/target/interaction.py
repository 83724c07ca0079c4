"""One recorded request with its response, from whatever file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

import httpx

from pytest_models_contract.client import content_coding
from pytest_models_contract.client.naming import recorded_variant_in_words
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.verdict import Unexercised

Headers = tuple[tuple[str, str], ...]

LIST_PATH = "/v1/models"
BETA = ("beta", "true")
LARGEST_BODY = 64 * 2**20

_LIMIT = re.compile(r"[1-9][0-9]{0,2}|1000")
_MODELS = re.compile(rf"{LIST_PATH}(?=/|$)")


class CassetteError(ValueError):
    """A cassette cannot be read or written; the text says why and how to do it right."""


class NotRecorded(Unexercised):
    """The cassette lacks the response to a request; the text names the request."""


@dataclass(frozen=True)
class Key:
    """What distinguishes recorded requests.

    Host, port, path prefix and the order of the query do not count. `variant` names what differs in
    the headers (empty for the plain request). `again` counts repetitions (0 for the first).
    """

    method: str
    path: str
    query: Headers = ()
    variant: str = ""
    again: int = 0

    def __str__(self) -> str:
        query = f"?{urlencode(self.query, safe='[]:@', errors='replace')}" if self.query else ""
        variant = f" ({recorded_variant_in_words(self.variant)})" if self.variant else ""
        again = " (sent again)" if self.again else ""
        return visible(f"{self.method} {self.path}{query}", 300) + visible(variant) + again

    @property
    def about_models(self) -> bool:
        return self.method == "GET" and bool(_MODELS.match(self.path))

    @property
    def starts_a_list(self) -> bool:
        """Whether it requests the first page of the list, plainly or with the beta query of SDKs."""
        limits = [value for name, value in self.query if name == "limit"]
        others = [pair for pair in self.query if pair[0] != "limit" and pair != BETA]
        legal = len(limits) < 2 and all(_LIMIT.fullmatch(limit) for limit in limits)
        return legal and not others and self == Key("GET", LIST_PATH, self.query)

    @property
    def window(self) -> dict[str, Any]:
        """The arguments of `ModelsAPI.list` for a request that starts a list."""
        limit = {name: int(value) for name, value in self.query if name == "limit"}
        return {**limit, **({"extra": (BETA,)} if BETA in self.query else {})}


@dataclass(frozen=True)
class Interaction:
    """A request with its response: the headers in order, the body without content-encoding.

    `origin` is the URL up to the path of the Models API. `asked` has the headers of the request.
    `cut_off` says how the connection broke while the body was read. `unreadable` says why the recorded
    body cannot be used. Both are usually empty.
    """

    key: Key
    origin: str
    status: int
    headers: Headers
    body: bytes
    asked: Headers = ()
    recorded_at: date | None = None
    cut_off: str = ""
    unreadable: str = ""

    @property
    def anthropic(self) -> int:
        """How likely it is that the origin serves the Anthropic API: 0, 1 or 2."""
        if urlsplit(self.origin).hostname == "api.anthropic.com":
            return 2
        names = [name.lower() for name, _ in (*self.asked, *self.headers)]
        return int(any(name.startswith("anthropic-") for name in names))


def split_url(url: str) -> tuple[str, str, Headers]:
    """The origin with any prefix, the path from /v1/models on, and the sorted query of a URL.

    Raises ValueError when it is not a URL.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    found = _MODELS.search(parts.path)
    at = found.start() if found else 0
    path = "/".join(_normal(segment) for segment in parts.path[at:].split("/"))
    query = tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    origin = f"{parts.scheme}://{host}{parts.path[:at]}"
    urlsplit(origin)  # without its user info it may not be a URL any more
    return origin, path, query


def key_of(request: httpx.Request) -> Key:
    """The key of a request; its extensions `models_variant` and `models_again` are part of it."""
    _, path, query = split_url(str(request.url))
    extensions = request.extensions
    variant, again = extensions.get("models_variant", ""), extensions.get("models_again", 0)
    return Key(request.method.upper(), path, query, str(variant), int(again))


def header(headers: Headers, name: str) -> str:
    """The value of a header, several joined by a comma; the empty string when there is none."""
    return ", ".join(value for key, value in headers if key.lower() == name)


def without(headers: Headers, *names: str) -> Headers:
    return tuple((name, value) for name, value in headers if name.lower() not in names)


def decoded(encoding: str, body: bytes, *, whole: bool = True) -> bytes | None:
    """The decoded body, or None when its content-encoding cannot be decoded.

    A body that decodes to more than `LARGEST_BODY` counts as one that cannot be decoded. If it is not
    `whole`, because the connection broke, the decoded part is returned.
    """
    plain = bytearray()
    try:
        for piece in _decoded_pieces(encoding, body):
            plain += piece
            if len(plain) > LARGEST_BODY:
                return None
    except (httpx.DecodingError, content_coding.Undecodable):
        return None if whole else bytes(plain)
    # httpx passes on unchanged what it has no decoder for.
    unchanged = bytes(plain) == body and encoding.strip().lower() != "identity"
    return None if unchanged and body else bytes(plain)


def _decoded_pieces(encoding: str, body: bytes) -> Iterator[bytes]:
    """Decoded as on the wire for the encodings that we accept; other encodings as httpx decodes them."""
    pieces = _Pieces(body)
    if content_coding.known(encoding):
        return content_coding.plain(encoding, pieces)
    response = httpx.Response(200, headers={"content-encoding": encoding}, stream=pieces)
    return response.iter_bytes()


def is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Pieces(httpx.SyncByteStream):
    """A body in small pieces, so that decoding can stop early at the bound."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), 4096):
            yield self._body[start : start + 4096]


def _normal(segment: str) -> str:
    return quote(unquote_to_bytes(segment.encode("utf-8", "replace")), safe="")
