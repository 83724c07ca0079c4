"""One request on the wire: with the right headers, bounded in time and size, retried, not logged.

The requests go to the transport without a client of httpx in between. A client would keep cookies,
fail on some redirects, and decompress a body of any size at once.
"""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import cast
from urllib.parse import parse_qsl, unquote, urlencode

import httpcore
import httpx

from pytest_models_contract import __version__
from pytest_models_contract.client import content_coding, credentials, worker_threads
from pytest_models_contract.client.exchange import Received, Request, Response
from pytest_models_contract.client.pool import Pool
from pytest_models_contract.client.redact import Redactor, visible
from pytest_models_contract.client.retries import pause_before_retry
from pytest_models_contract.client.variant import Variant
from pytest_models_contract.client.verdict import NotJudged

DEFAULT_TIMEOUT = 10.0
DEFAULT_MAX_BODY = 8 * 2**20
LONGEST_TIMEOUT = 86_400.0
RETRIES = 2
MOST_FAILED = 3
"""After this many requests in a row that failed at each try, each request is tried only once."""
OVERLOADED = {429, 503, 529}
_BLOCKED = (
    "if a plugin blocks the network, allow this host: --allow-hosts of pytest-socket,"
    " --allowed-hosts of pytest-recording"
)
_UNREACHED = "check the base URL, and that the server runs"


def secrets_of(base_url: str, headers: Mapping[str, str]) -> list[str]:
    """The secrets besides the key: extra headers, user info and query of the base URL."""
    url = httpx.URL(base_url)
    user_info = [url.userinfo.decode(), url.password] if url.userinfo else []
    queried = [value for _, value in parse_qsl(url.query.decode(), keep_blank_values=True)]
    return [*headers.values(), *user_info, *queried]


@dataclass
class Wire:
    """How one server is reached: its base URL, the key and headers, and the bounds.

    `timeout` is in seconds and bounds a request from first byte sent to last byte read; `max_body`
    is in bytes. `secrets` are hidden like the key, though they are not sent. `second_key` is another
    client's, for the variant that uses it.
    """

    base_url: str = field(repr=False)
    transport: httpx.BaseTransport | None = None
    key: str | None = field(default=None, repr=False)
    auth: str = "x-api-key"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = DEFAULT_TIMEOUT
    max_body: int = DEFAULT_MAX_BODY
    secrets: Sequence[str | None] = field(default=(), repr=False)
    second_key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.timeout = min(self.timeout, LONGEST_TIMEOUT)
        url = httpx.URL(self.base_url)
        bare = url.copy_with(username=None, password=None, query=None, fragment=None)
        self.root = str(bare).rstrip("/")
        self.pool = Pool()
        self._packing = threading.Lock()
        self._failed_in_a_row = 0
        self._user_info = unquote(url.userinfo.decode())
        self._query = tuple(parse_qsl(url.query.decode(), keep_blank_values=True))
        own = [self.key, *secrets_of(self.base_url, self.headers)]
        self.redactor = Redactor([*own, *self.secrets, self.second_key])
        self._transport = self.transport or httpx.HTTPTransport()
        self.start = worker_threads.start

    def close(self) -> None:
        self._transport.close()

    def disconnect(self) -> None:
        """Close the connections that are kept open; the next request opens another."""
        if isinstance(self._transport, httpx.HTTPTransport):
            self._transport.close()

    def send(self, request: Request, pool: Pool | None = None) -> Response:
        """Send, and send again while the failure looks transient: at most twice more.

        The response is kept in the pool of the wire, or in another one. Raises `NotJudged` when there is
        no response to judge; `fatal` where another try is useless.
        """
        # A server that always fails does not get every request three times.
        tries = 1 if self._failed_in_a_row >= MOST_FAILED else RETRIES + 1
        pause = 0.0
        for attempt in range(tries):
            if pause:
                time.sleep(pause)
            outcome = self._within_deadline(request, attempt, pool)
            pause = pause_before_retry(outcome, attempt)
            if pause > self.timeout:
                break
        self._failed_in_a_row = self._failed_in_a_row + 1 if pause < float("inf") else 0
        if isinstance(outcome, NotJudged):
            raise outcome
        if outcome.status in OVERLOADED:
            did = "kept responding with" if attempt else "responded with"
            why = f"{request.shortened}: the server {did} {outcome.status}; try again later"
            raise NotJudged(why, busy=outcome.status == 429)
        return outcome

    def once(self, request: Request) -> Response:
        """Send once; gives the answer whatever its status. Raises `NotJudged` when there is none."""
        outcome = self._within_deadline(request, 0)
        if isinstance(outcome, NotJudged):
            raise outcome
        return outcome

    def _within_deadline(
        self, request: Request, attempt: int, pool: Pool | None = None
    ) -> Response | NotJudged:
        """The response, or why there is none, where another try may bring one.

        The exchange runs on another thread: only so the deadline bounds all of it. Raises `NotJudged`
        where another try is useless.
        """
        abandoned = threading.Event()
        work = partial(self._exchange, request, attempt, abandoned, pool)
        try:
            return self.start(work).result(self.timeout)
        except (TimeoutError, httpx.TimeoutException):
            self._give_up(abandoned)
            late = f"no complete response within {self.timeout:g} s (--models-timeout)"
            raise NotJudged(f"{request.shortened}: {late}", stalled=True) from None
        except (httpx.ConnectError, httpx.ProxyError) as error:
            why = f"cannot connect to {self.root}: {self._shown(error)}; {_UNREACHED}"
            return NotJudged(why, fatal=True)
        except httpx.UnsupportedProtocol as error:
            why = f"cannot connect to {self.root}: {self._shown(error)}"
            raise NotJudged(why, fatal=True) from None
        except httpx.TransportError as error:
            why = f"{request.shortened}: the connection broke: {self._shown(error)}"
            return NotJudged(why, hung_up=_hung_up(error))
        except httpx.InvalidURL as error:
            why = f"{request.shortened}: cannot be sent: {self._shown(error)}"
            raise NotJudged(why) from None
        except (RuntimeError, Warning) as error:  # raised by plugins that block the network
            why = f"cannot send to {self.root}: {self._shown(error)}; {_BLOCKED}"
            raise NotJudged(why, fatal=True) from None

    def _give_up(self, abandoned: threading.Event) -> None:
        """Make the thread end: a server that never stops sending would keep it busy for ever."""
        abandoned.set()
        self.disconnect()

    def _shown(self, error: Exception) -> str:
        """The text of an error, which may quote the server."""
        return visible(self.redactor.redact(str(error) or type(error).__name__), 200)

    def _exchange(
        self, request: Request, attempt: int, abandoned: threading.Event, pool: Pool | None = None
    ) -> Response:
        sent_at, started = time.time(), time.monotonic()
        http_request = self._http_request(request)
        http_response = self._transport.handle_request(http_request)
        try:
            body, broken, cut_off = self._read(http_response, abandoned)
        finally:
            http_response.close()
            if abandoned.is_set():
                _hang_up(http_response)
        headers = tuple(http_response.headers.multi_items())
        seconds = time.monotonic() - started
        received = Received(
            *(http_response.status_code, headers, body, broken, attempt, seconds, cut_off),
            str(http_response.extensions.get("models_raised", "")),
            sent_at,
        )
        return self.response(request, received, pool)

    def response(self, request: Request, received: Received, pool: Pool | None = None) -> Response:
        """The response to the request, from what this worker or another one received."""
        pool = pool or self.pool
        fields = received._asdict()
        with self._packing:  # requests may be in flight at once
            pool.count(text for pair in received.headers for text in pair)
            packed = pool.pack(fields.pop("body"))
        url, sent = str(self._url(request)), tuple(self._headers(request.variant).items())
        return Response(request=request, url=url, sent=sent, packed=packed, pool=pool, **fields)

    def _read(
        self, http_response: httpx.Response, abandoned: threading.Event
    ) -> tuple[bytes, str, bool]:
        """The body as far as it came, how it broke, and whether the connection broke."""
        body = bytearray()
        encoding = http_response.headers.get("content-encoding", "")
        try:
            stream = cast(httpx.SyncByteStream, http_response.stream)
            for piece in content_coding.plain(encoding, stream, self.max_body):
                body += piece
                if len(body) > self.max_body:
                    del body[self.max_body :]
                    longer = f"longer than {self.max_body:,} bytes (--models-max-body)"
                    return bytes(body), f"the body is {longer}", False
                if abandoned.is_set():
                    break
        except httpx.TimeoutException:
            raise
        except httpx.TransportError as error:
            broken = f"the body was cut off after {len(body):,} bytes: {self._shown(error)}"
            return bytes(body), broken, True
        except content_coding.Undecodable as error:
            return bytes(body), f"the body cannot be read: {visible(str(error), 200)}", False
        return bytes(body), "", False

    def _url(self, request: Request) -> httpx.URL:
        query = urlencode((*self._query, *request.query), errors="replace")
        return _parsed(f"{self.root}{request.path}{'?' + query if query else ''}")

    def _http_request(self, request: Request) -> httpx.Request:
        return httpx.Request(
            request.method,
            self._url(request),
            headers={
                "accept": "*/*",
                "accept-encoding": content_coding.ACCEPTED,
                "user-agent": f"pytest-models-contract/{__version__}",
                **self._basic(),
                **self._headers(request.variant),
            },
            extensions={
                "timeout": httpx.Timeout(self.timeout).as_dict(),
                "models_variant": str(request.variant),
                "models_again": request.again,
            },
        )

    def _basic(self) -> dict[str, str]:
        """The user info of the base URL as a header, as browsers and httpx send it."""
        if not self._user_info:
            return {}
        return {"authorization": f"Basic {b64encode(self._user_info.encode()).decode()}"}

    def _headers(self, variant: Variant) -> dict[str, str]:
        own = credentials.key_header(variant, self.auth, self.key, self.second_key)
        if variant.version:
            own = {"anthropic-version": variant.version, **own}
        if variant.betas:
            own["anthropic-beta"] = ",".join(variant.betas)
        extra = credentials.extra_headers(variant, self.headers)
        return {**own, **extra, **dict(variant.headers)}


# httpx takes as long to read a URL as an application in process to respond; each is needed twice.
_parsed = lru_cache(1024)(httpx.URL)


def _hang_up(http_response: httpx.Response) -> None:
    """Close the connection of a late response: the transport closed before and does not know it any more."""
    stream = http_response.extensions.get("network_stream")
    if stream is not None:
        stream.close()


def _hung_up(error: httpx.TransportError) -> bool:
    """Whether the connection ended in place of an answer; where that is no HTTP, its parser is the cause."""
    cause: BaseException = error
    while before := cause.__cause__ or cause.__context__:
        cause = before
    return isinstance(error, httpx.ReadError) or isinstance(cause, httpcore.RemoteProtocolError)
