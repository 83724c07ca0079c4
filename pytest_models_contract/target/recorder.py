"""Recording: a transport that keeps every answer for a cassette."""

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
    """Hands requests on to `inner` and keeps the last answer to each question.

    `redactor` knows the secrets of the run; those that a replay must tell apart (the key, a wrong
    key) have pseudonyms there. An answer counts once its body was read to the end, or broke. What
    is asked once more only to confirm an answer (`models_again` below 0) is not kept.
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
            # A reader who gave up because the body could not be decoded has judged all the same.
            if ended or found.body == UNDECODABLE:
                with self._lock:
                    self._responses[found.key] = found

        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Overheard(cast(httpx.SyncByteStream, response.stream), keep),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._inner.close()

    def write(self, path: str | Path, provenance: Mapping[str, str]) -> int:
        """Write what was kept as a cassette: scrubbed, in an order of its own, atomically.

        Gives the number of interactions.
        Raises `CassetteError`, the old file left whole, when it cannot be written or when the
        server never answered.
        """
        with self._lock:
            responses = list(self._responses.values())
        if not responses:
            raise CassetteError(f"{path} is left as it is: the server gave no answer to record")
        told = {name: self._redactor.redact(value) for name, value in provenance.items()}
        write(path, scrubbed(responses, self._redactor), told)
        return len(responses)


class _Overheard(httpx.SyncByteStream):
    """A body that is handed on as it comes, and kept when it has ended, broken or been given up."""

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
    # What cannot be decoded may hide secrets, and any body that cannot be decoded replays alike.
    if plain is None:
        return replace(found, body=UNDECODABLE)
    return replace(found, body=plain, headers=without(found.headers, "content-encoding"))
