"""One question on the wire: sent with the right headers, bounded in time and size, retried, silent.

The transport is asked directly, without a client of httpx in between: that would keep cookies, fail
over the target of a redirect, and unpack a bomb in one go.
"""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import partial
from typing import cast
from urllib.parse import parse_qsl, unquote, urlencode

import httpx

from pytest_models_contract import __version__
from pytest_models_contract.client import content_coding
from pytest_models_contract.client.exchange import Received, Request, Response, Variant
from pytest_models_contract.client.pool import Pool
from pytest_models_contract.client.redact import WRONG_KEY_PSEUDONYM, Redactor, visible
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.client.worker_threads import Workers

DEFAULT_TIMEOUT = 10.0
DEFAULT_MAX_BODY = 8 * 2**20
LONGEST_TIMEOUT = 86_400.0
WRONG_KEY = WRONG_KEY_PSEUDONYM
RETRIES = 2
MOST_IN_VAIN = 3
"""After so many questions in a row that failed at each try, each is tried only once."""
TRANSIENT = {408, 409, 429}
OVERLOADED = {429, 503, 529}
_BLOCKED = (
    "where a plugin keeps tests off the network, let this host through: --allow-hosts of pytest-socket,"
    " --allowed-hosts of pytest-recording"
)


def secrets_of(base_url: str, headers: Mapping[str, str]) -> list[str]:
    """What is secret besides the key: extra headers, user info and query of the base URL."""
    url = httpx.URL(base_url)
    user_info = [url.userinfo.decode(), url.password] if url.userinfo else []
    queried = [value for _, value in parse_qsl(url.query.decode(), keep_blank_values=True)]
    return [*headers.values(), *user_info, *queried]


@dataclass
class Wire:
    """The way to one server: where, with which key and headers, within which bounds.

    `timeout` is in seconds and bounds a request from first byte sent to last byte read, `max_body`
    is in bytes. `secrets` are hidden like the key, though they are not sent. `second_key` is another
    client's, for the variant that asks with it.
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
        self._workers = Workers()
        self._in_vain = 0
        self._user_info = unquote(url.userinfo.decode())
        self._query = tuple(parse_qsl(url.query.decode(), keep_blank_values=True))
        own = [self.key, *secrets_of(self.base_url, self.headers)]
        self.redactor = Redactor([*own, *self.secrets, self.second_key])
        self._way = self.transport or httpx.HTTPTransport()

    def close(self) -> None:
        self._way.close()

    def disconnect(self) -> None:
        """Close the connections that are kept open; the next request opens another."""
        if isinstance(self._way, httpx.HTTPTransport):
            self._way.close()

    def send(self, request: Request) -> Response:
        """Send, and send again while the failure looks transient: at most twice more.

        Raises `NotJudged` when there is no answer to judge; `fatal` where another try is useless.
        """
        # A server that fails at everything is not asked everything three times.
        tries = 1 if self._in_vain >= MOST_IN_VAIN else RETRIES + 1
        pause = 0.0
        for attempt in range(tries):
            if pause:
                time.sleep(pause)
            outcome = self._within_deadline(request, attempt)
            pause = _pause(outcome, attempt)
            if pause > self.timeout:
                break
        self._in_vain = self._in_vain + 1 if pause < float("inf") else 0
        if isinstance(outcome, NotJudged):
            raise outcome
        if outcome.status in OVERLOADED:
            kept = f"kept answering {outcome.status}" if attempt else f"answered {outcome.status}"
            busy = outcome.status == 429
            raise NotJudged(f"{_named(request)}: the server {kept}; try again later", busy=busy)
        return outcome

    def once(self, request: Request) -> Response:
        """Send once; gives the answer whatever its status. Raises `NotJudged` when there is none."""
        outcome = self._within_deadline(request, 0)
        if isinstance(outcome, NotJudged):
            raise outcome
        return outcome

    def _within_deadline(self, request: Request, attempt: int) -> Response | NotJudged:
        """The answer, or why there is none, where another try may bring one.

        The exchange runs on another thread, which is the only way to bound all of it. Raises
        `NotJudged` where another try is useless.
        """
        abandoned = threading.Event()
        work = partial(self._exchange, request, attempt, abandoned)
        try:
            return self._workers.do(work).result(self.timeout)
        except (TimeoutError, httpx.TimeoutException):
            self._give_up(abandoned)
            late = f"no complete answer within {self.timeout:g} s (--models-timeout)"
            raise NotJudged(f"{_named(request)}: {late}", stalled=True) from None
        except (httpx.ConnectError, httpx.ProxyError) as error:
            return NotJudged(f"cannot connect to {self.root}: {self._shown(error)}", fatal=True)
        except httpx.UnsupportedProtocol as error:
            why = f"cannot connect to {self.root}: {self._shown(error)}"
            raise NotJudged(why, fatal=True) from None
        except httpx.TransportError as error:
            why = f"{_named(request)}: the connection broke: {self._shown(error)}"
            hung_up = isinstance(error, httpx.ReadError) or "disconnected without" in str(error)
            return NotJudged(why, hung_up=hung_up)
        except httpx.InvalidURL as error:
            why = f"{_named(request)}: cannot be asked: {self._shown(error)}"
            raise NotJudged(why) from None
        except (RuntimeError, Warning) as error:  # what plugins raise that block the network
            why = f"cannot ask {self.root}: {self._shown(error)}; {_BLOCKED}"
            raise NotJudged(why, fatal=True) from None

    def _give_up(self, abandoned: threading.Event) -> None:
        """Have the thread end: a server that never stops talking would keep it busy for ever."""
        abandoned.set()
        self.disconnect()

    def _shown(self, error: Exception) -> str:
        """What an error says; it may quote the server."""
        return visible(self.redactor.redact(str(error) or type(error).__name__), 200)

    def _exchange(self, request: Request, attempt: int, abandoned: threading.Event) -> Response:
        started = time.monotonic()
        http_request = self._http_request(request)
        http_response = self._way.handle_request(http_request)
        try:
            body, broken, cut_off = self._read(http_response, abandoned)
        finally:
            http_response.close()
            if abandoned.is_set():
                _hang_up(http_response)
        headers = tuple(http_response.headers.multi_items())
        seconds = time.monotonic() - started
        received = Received(
            http_response.status_code, headers, body, broken, attempt, seconds, cut_off
        )
        return self.response(request, received)

    def response(self, request: Request, received: Received) -> Response:
        """What was received for the question, whoever asked it, and what is sent along with it."""
        self.pool.weigh(text for pair in received.headers for text in pair)
        fields = received._asdict()
        packed = self.pool.pack(fields.pop("body"))
        url, sent = str(self._url(request)), tuple(self._headers(request.variant))
        return Response(
            request=request, url=url, sent=sent, packed=packed, pool=self.pool, **fields
        )

    def _read(
        self, http_response: httpx.Response, abandoned: threading.Event
    ) -> tuple[bytes, str, bool]:
        """The body as far as it came, how it broke, and whether the connection did."""
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
            broken = f"the body broke off after {len(body):,} bytes: {self._shown(error)}"
            return bytes(body), broken, True
        except content_coding.Undecodable as error:
            return bytes(body), f"the body cannot be read: {visible(str(error), 200)}", False
        return bytes(body), "", False

    def _url(self, request: Request) -> httpx.URL:
        query = urlencode((*self._query, *request.query), errors="replace")
        return httpx.URL(f"{self.root}{request.path}{'?' + query if query else ''}")

    def _http_request(self, request: Request) -> httpx.Request:
        return httpx.Request(
            "GET",
            self._url(request),
            headers={
                "accept": "*/*",
                "accept-encoding": content_coding.ACCEPTED,
                "user-agent": f"pytest-models-contract/{__version__}",
                **self._basic(),
                **dict(self._headers(request.variant)),
            },
            extensions={
                "timeout": httpx.Timeout(self.timeout).as_dict(),
                "models_variant": str(request.variant),
                "models_again": request.again,
            },
        )

    def _basic(self) -> dict[str, str]:
        """The user info of the base URL as the header that browsers and httpx make of it."""
        if not self._user_info:
            return {}
        return {"authorization": f"Basic {b64encode(self._user_info.encode()).decode()}"}

    def _headers(self, variant: Variant) -> Iterator[tuple[str, str]]:
        own = self._key_header(variant)
        if variant.version:
            own = {"anthropic-version": variant.version, **own}
        if variant.betas:
            own["anthropic-beta"] = ",".join(variant.betas)
        extra = {name.lower(): value for name, value in self.headers.items()}
        yield from {**own, **extra, **dict(variant.headers)}.items()

    def _key_header(self, variant: Variant) -> dict[str, str]:
        key = WRONG_KEY if variant.wrong else self.key
        if variant.auth.startswith("second"):
            key = self.second_key
        if variant.auth == "none" or not key:
            return {}
        other = "x-api-key" if self.auth == "bearer" else "bearer"
        way = other if variant.auth.endswith("other-way") else self.auth
        return {"authorization": f"Bearer {key}"} if way == "bearer" else {"x-api-key": key}


def _hang_up(http_response: httpx.Response) -> None:
    """Close the connection of an answer that came too late: its pool was closed before, and forgot it."""
    stream = http_response.extensions.get("network_stream")
    if stream is not None:
        stream.close()


def _named(request: Request) -> str:
    """The question for a message; the ids in it are the server's and may be endless."""
    return visible(str(request), 300)


def _pause(outcome: Response | NotJudged, attempt: int) -> float:
    """Seconds to wait before the next try; endless when there should be none."""
    if isinstance(outcome, NotJudged):
        return _backoff(attempt)
    if not is_transient(outcome):
        return float("inf")
    wanted = _retry_after(outcome.header("retry-after") or "")
    return _backoff(attempt) if wanted is None else wanted


def _backoff(attempt: int) -> float:
    return 0.1 * (attempt + 1)


def is_transient(response: Response) -> bool:
    """What the SDKs retry, and the server's own word on it (`x-should-retry`)."""
    word = response.header("x-should-retry")
    if word in {"true", "false"} and response.status >= 400:
        return word == "true"
    return response.cut_off or response.status in TRANSIENT or response.status >= 500


def _retry_after(value: str) -> float | None:
    """Seconds from now, by a header that gives them or a date; None when it says nothing of use."""
    with suppress(ValueError):
        return max(0.0, float(value))
    with suppress(ValueError, TypeError, LookupError, ArithmeticError, OSError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None
