"""Recording: a transport that keeps every response for a cassette."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

import httpx

from pytest_models_contract.client.redact import Redactor
from pytest_models_contract.target.cassette import write
from pytest_models_contract.target.interaction import (
    CassetteError,
    Interaction,
    Key,
    decoded,
    header,
    key_of,
    split_url,
    without,
)
from pytest_models_contract.target.scrub import scrubbed

UNDECODABLE = b"(undecodable)"


class Recorder(httpx.BaseTransport):
    """Passes requests on to `inner` and keeps the last response to each request.

    `redactor` knows the secrets of the run; the key and a wrong key have pseudonyms, because a replay
    must distinguish them. A response counts once its body was read to the end, or broke. A request
    that only confirms a response (`models_again` below 0) is not kept.
    """

    def __init__(self, inner: httpx.BaseTransport, redactor: Redactor) -> None:
        self._inner = inner
        self._redactor = redactor
        self._lock = threading.Lock()
        self._responses: dict[Key, Interaction] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)

        if request.extensions.get("models_again", 0) < 0:
            return response

        def keep(body: bytes, cut_off: str, ended: bool) -> None:
            found = _interaction(request, response, body, cut_off)
            # A body that cannot be decoded is judged, though it is not read to the end.
            if ended or found.body == UNDECODABLE:
                with self._lock:
                    self._responses[found.key] = found

        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_KeptBody(cast(httpx.SyncByteStream, response.stream), keep),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._inner.close()

    def write(self, path: str | Path, provenance: Mapping[str, str]) -> int:
        """Write the kept responses as a cassette: scrubbed, in a fixed order, atomically.

        Returns the number of interactions. Raises `CassetteError` when the file cannot be written or
        there is no response; an existing file then stays as it is.
        """
        with self._lock:
            responses = list(self._responses.values())
        if not responses:
            raise CassetteError(f"{path} is not changed: there is no response to record")
        redacted = {name: self._redactor.redact(value) for name, value in provenance.items()}
        write(path, scrubbed(responses, self._redactor), redacted)
        return len(responses)


class _KeptBody(httpx.SyncByteStream):
    """A body that is passed on as it comes, and kept when it ends, breaks or is closed early."""

    def __init__(
        self, inner: httpx.SyncByteStream, keep: Callable[[bytes, str, bool], None]
    ) -> None:
        self._inner = inner
        self._keep = keep
        self._body = bytearray()
        self._kept = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._inner:
                self._body += piece
                yield piece
        except httpx.TimeoutException:
            raise
        except httpx.TransportError as error:
            self._settle(str(error) or "the connection broke")
            raise
        self._settle()

    def close(self) -> None:
        self._settle(ended=False)
        self._inner.close()

    def _settle(self, cut_off: str = "", *, ended: bool = True) -> None:
        if not self._kept:
            self._kept = True
            self._keep(bytes(self._body), cut_off, ended)


def _interaction(
    request: httpx.Request, response: httpx.Response, body: bytes, cut_off: str
) -> Interaction:
    found = Interaction(
        key=key_of(request),
        origin=split_url(str(request.url))[0],
        status=response.status_code,
        headers=tuple(response.headers.multi_items()),
        body=body,
        asked=tuple(request.headers.multi_items()),
        cut_off=cut_off,
    )
    encoding = header(found.headers, "content-encoding")
    if not encoding:
        return found
    plain = decoded(encoding, body, whole=not cut_off)
    # A body that cannot be decoded may contain secrets; its replay fails whatever its bytes are.
    if plain is None:
        return replace(found, body=UNDECODABLE)
    return replace(found, body=plain, headers=without(found.headers, "content-encoding"))
