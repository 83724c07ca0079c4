"""One question on the wire: sent with the right headers, bounded in time and size, retried, silent."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

import httpx

from pytest_models_contract import __version__
from pytest_models_contract.exchange import Question, Reply, Variant
from pytest_models_contract.redact import WRONG_KEY_PSEUDONYM, Redactor
from pytest_models_contract.verdict import NotJudged

DEFAULT_TIMEOUT = 10.0
DEFAULT_MAX_BODY = 64 * 2**20
THREAD_NAME = "models-contract"
WRONG_KEY = WRONG_KEY_PSEUDONYM
RETRIES = 2
TRANSIENT = {408, 409, 429}
OVERLOADED = {429, 503, 529}


@dataclass
class Wire:
    """The way to one server: where, with which key and headers, within which bounds.

    `timeout` is in seconds and bounds a request from first byte sent to last byte read, `max_body`
    is in bytes.
    """

    base_url: str
    transport: httpx.BaseTransport | None = None
    key: str | None = None
    auth: str = "x-api-key"
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = DEFAULT_TIMEOUT
    max_body: int = DEFAULT_MAX_BODY

    def __post_init__(self) -> None:
        url = httpx.URL(self.base_url)
        self.root = str(url.copy_with(query=None, fragment=None)).rstrip("/")
        self._query = tuple(parse_qsl(url.query.decode(), keep_blank_values=True))
        user_info = [url.userinfo.decode(), url.password] if url.userinfo else []
        queried = [value for _, value in self._query]
        self.redactor = Redactor([self.key, *self.headers.values(), *user_info, *queried])
        self._client = httpx.Client(
            transport=self.transport or httpx.HTTPTransport(),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def send(self, question: Question) -> Reply:
        """Send, and send again while the failure looks transient: at most twice more.

        Raises `NotJudged` when there is no answer to judge; `fatal` where another try is useless.
        """
        for attempt in range(RETRIES + 1):
            last = attempt == RETRIES
            try:
                reply = self._within_deadline(question, attempt)
            except _Broken as broken:
                if last:
                    raise NotJudged(f"{question}: {broken}") from None
                time.sleep(_pause(None, attempt))
                continue
            pause = _pause(reply.header("retry-after"), attempt)
            if last or not _is_transient(reply) or pause > self.timeout:
                break
            time.sleep(pause)
        if reply.status in OVERLOADED:
            raise NotJudged(
                f"{question}: the server kept answering {reply.status}; try again later"
            )
        return reply

    def _within_deadline(self, question: Question, attempt: int) -> Reply:
        """Run the exchange on a thread of its own, which is the only way to bound all of it."""
        outcome: Future[Reply] = Future()
        work = (outcome, question, attempt)
        threading.Thread(target=self._settle, args=work, name=THREAD_NAME, daemon=True).start()
        try:
            return outcome.result(self.timeout)
        except (TimeoutError, httpx.TimeoutException):
            raise NotJudged(
                f"{question}: no complete answer within {self.timeout:g} s (--models-timeout)",
                stalled=True,
            ) from None
        except (httpx.ConnectError, httpx.ProxyError, httpx.UnsupportedProtocol) as error:
            raise NotJudged(f"cannot connect to {self.root}: {error}", fatal=True) from None
        except httpx.TransportError as error:
            raise _Broken(f"the connection broke: {error}") from None

    def _settle(self, outcome: Future[Reply], question: Question, attempt: int) -> None:
        try:
            outcome.set_result(self._exchange(question, attempt))
        except BaseException as error:  # handed to the asking thread, whatever it is
            outcome.set_exception(error)

    def _exchange(self, question: Question, attempt: int) -> Reply:
        started = time.monotonic()
        request = self._request(question)
        body, broken = bytearray(), ""
        response = self._client.send(request, stream=True)
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self.max_body:
                    broken = f"the body is longer than {self.max_body:,} bytes (--models-max-body)"
                    break
        except httpx.TimeoutException:
            raise
        except (httpx.TransportError, httpx.DecodingError) as error:
            broken = f"the body broke off after {len(body):,} bytes: {error}"
        finally:
            response.close()
        return Reply(
            question=question,
            url=str(request.url),
            sent=tuple(self._headers(question.variant)),
            status=response.status_code,
            headers=tuple(response.headers.multi_items()),
            body=bytes(body[: self.max_body]),
            broken=broken,
            retries=attempt,
            seconds=time.monotonic() - started,
        )

    def _request(self, question: Question) -> httpx.Request:
        query = urlencode((*self._query, *question.query))
        return self._client.build_request(
            "GET",
            f"{self.root}{question.path}{'?' + query if query else ''}",
            headers=[
                *self._headers(question.variant),
                ("user-agent", f"pytest-models-contract/{__version__}"),
            ],
            extensions={
                "timeout": httpx.Timeout(self.timeout).as_dict(),
                "models_variant": str(question.variant),
                "models_again": question.again,
            },
        )

    def _headers(self, variant: Variant) -> Iterator[tuple[str, str]]:
        own = {"anthropic-version": variant.version, **self._key_header(variant)}
        if variant.betas:
            own["anthropic-beta"] = ",".join(variant.betas)
        extra = {name.lower(): value for name, value in self.headers.items()}
        yield from {**own, **extra}.items()

    def _key_header(self, variant: Variant) -> dict[str, str]:
        key = WRONG_KEY if variant.auth == "wrong" else self.key
        if variant.auth == "none" or not key:
            return {}
        way = self.auth if variant.auth in {"key", "wrong"} else variant.auth
        return {"authorization": f"Bearer {key}"} if way == "bearer" else {"x-api-key": key}


class _Broken(Exception):
    """The connection broke before an answer began."""


def _is_transient(reply: Reply) -> bool:
    """What the SDKs retry, and the server's own word on it (`x-should-retry`)."""
    word = reply.header("x-should-retry")
    if word in {"true", "false"}:
        return word == "true" and reply.status >= 400
    return reply.status in TRANSIENT or reply.status >= 500


def _pause(retry_after: str | None, attempt: int) -> float:
    """Seconds to wait before the next try."""
    try:
        return max(0.0, float(retry_after or ""))
    except ValueError:
        return 0.1 * (attempt + 1)


class _OursStaySilent(logging.Filter):
    """httpx logs URLs and httpcore logs headers, which may carry secrets: not from our threads."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.threadName or "").startswith(THREAD_NAME)


_SILENT = _OursStaySilent()
for _name in (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.proxy",
    "httpcore.http2",
):
    logging.getLogger(_name).addFilter(_SILENT)
