"""The two endpoints as verbs: questions, replies and pages; every exchange is kept as evidence."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import httpx

from pytest_models_contract import __version__
from pytest_models_contract.redact import WRONG_KEY_PSEUDONYM, Redactor, visible
from pytest_models_contract.strict_json import read_json
from pytest_models_contract.verdict import Finding, Level, NotJudged, Unexercised

DEFAULT_VERSION = "2023-06-01"
DEFAULT_TIMEOUT = 10.0
DEFAULT_MAX_BODY = 64 * 2**20
THREAD_NAME = "models-contract"
WRONG_KEY = WRONG_KEY_PSEUDONYM
RETRIES = 2
TRANSIENT = {408, 409, 429}
MOST_STALLS = 3
OVERLOADED = {429, 503, 529}


@dataclass(frozen=True)
class Variant:
    """What a question varies besides its URL: how the key is sent, the version, the betas.

    `auth` is "key" (the configured way), "bearer", "x-api-key", "wrong" or "none".
    """

    auth: str = "key"
    version: str = DEFAULT_VERSION
    betas: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The empty string for the plain question, else what is varied."""
        varied = {
            "auth": self.auth if self.auth != "key" else "",
            "version": self.version if self.version != DEFAULT_VERSION else "",
            "betas": ",".join(self.betas),
        }
        return " ".join(f"{name}={value}" for name, value in varied.items() if value)


PLAIN = Variant()


@dataclass(frozen=True)
class Question:
    """One GET: the path below the base URL, the query, the variant, and which asking of it."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    variant: Variant = PLAIN
    again: int = 0

    def __str__(self) -> str:
        query = f"?{urlencode(self.query, safe='[]:@')}" if self.query else ""
        variant = f" ({self.variant})" if str(self.variant) else ""
        return f"GET {self.path}{query}{variant}"

    def value(self, name: str) -> str | None:
        return dict(self.query).get(name)


@dataclass(frozen=True)
class Reply:
    """One answer: status, headers in order, the body as read (bytes), and how it broke, if it did."""

    question: Question
    url: str
    sent: tuple[tuple[str, str], ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    broken: str = ""
    retries: int = 0
    seconds: float = 0.0

    def header(self, name: str) -> str | None:
        """The value of a header, several joined by a comma, or None."""
        values = [value for key, value in self.headers if key.lower() == name]
        return ", ".join(values) if values else None

    @property
    def key(self) -> str:
        """The key that was sent, or the empty string."""
        sent = dict(self.sent)
        return sent.get("x-api-key") or sent.get("authorization", "").removeprefix("Bearer ")

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @cached_property
    def _read(self) -> tuple[Any, str]:
        value, problem = read_json(self.body)
        return value, self.broken or problem

    @property
    def json(self) -> Any:
        """The body as JSON, read as far as it can be read; None when it cannot."""
        return self._read[0]

    @property
    def json_problem(self) -> str:
        """Why the body is not strict JSON, or the empty string."""
        return self._read[1]

    def finding(
        self, seen: str, expected: str, where: str = "", level: Level | None = None, hint: str = ""
    ) -> Finding:
        return Finding(self, seen, expected, where, level, hint)


@dataclass(frozen=True)
class Page:
    """A list answer that carries models: its envelope and what was asked for."""

    reply: Reply
    envelope: Mapping[str, Any]

    @property
    def data(self) -> list[Any]:
        return self.envelope["data"]  # type: ignore[no-any-return]

    @cached_property
    def ids(self) -> list[str]:
        """The ids of the page; a model without one gets a name of its own that no model has."""
        return [model_id(model) or f"(no id at /data/{n})" for n, model in enumerate(self.data)]

    @property
    def has_more(self) -> Any:
        return self.envelope.get("has_more")

    @property
    def limit(self) -> int | None:
        text = self.reply.question.value("limit")
        return int(text) if text else None

    @property
    def after_id(self) -> str | None:
        return self.reply.question.value("after_id")

    @property
    def before_id(self) -> str | None:
        return self.reply.question.value("before_id")

    @property
    def backward(self) -> bool:
        return self.before_id is not None

    def __len__(self) -> int:
        return len(self.data)

    def __bool__(self) -> bool:
        """A page is a page, empty or not."""
        return True


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()


def shown(value: Any, most: int = 80) -> str:
    """A value of an answer as JSON, harmless to a terminal and cut to `most` characters."""
    return visible("absent" if value is ABSENT else json.dumps(value, ensure_ascii=False), most)


def model_id(model: Any) -> str | None:
    """The id of a model in an answer, or None when it has none that is a string."""
    found = model.get("id") if isinstance(model, dict) else None
    return found if isinstance(found, str) else None


def page_of(reply: Reply) -> Page | None:
    """The reply as a page, or None when it carries no array `data`."""
    body = reply.json if reply.ok else None
    if isinstance(body, dict) and isinstance(body.get("data"), list):
        return Page(reply, body)
    return None


@dataclass
class ModelsAPI:
    """The Models API at `base_url`, over `transport` (default: the network).

    `timeout` is the deadline of one request in seconds, from first byte sent to last byte read;
    `max_body` the longest body that is read, in bytes; `headers` go with every request. Each
    question is asked once and its answer remembered; `again` asks it anew. The verbs raise
    `NotJudged` when the server cannot be reached and `Unexercised` when a cassette lacks the answer.
    """

    base_url: str
    transport: httpx.BaseTransport | None = None
    key: str | None = None
    auth: str = "x-api-key"
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = DEFAULT_TIMEOUT
    max_body: int = DEFAULT_MAX_BODY
    exchanges: list[Reply] = field(default_factory=list, repr=False)
    dead: str = ""
    readings: int = 0
    _memory: dict[Question, Reply | NotJudged | Unexercised] = field(
        default_factory=dict, repr=False
    )
    _stalls: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        url = httpx.URL(self.base_url)
        self._root = str(url.copy_with(query=None, fragment=None)).rstrip("/")
        self._base_query = tuple(parse_qsl(url.query.decode(), keep_blank_values=True))
        self.redactor = Redactor(
            [
                *([self.key] if self.key else []),
                *self.headers.values(),
                *([url.userinfo.decode()] if url.userinfo else []),
                *([url.password] if url.password else []),
                *(value for _, value in self._base_query),
            ]
        )
        self._client = httpx.Client(
            transport=self.transport or httpx.HTTPTransport(),
            timeout=self.timeout,
            follow_redirects=False,
            trust_env=False,
        )

    # --- the verbs -------------------------------------------------------------------------------

    def list(
        self,
        *,
        limit: int | str | None = None,
        after_id: str | None = None,
        before_id: str | None = None,
        variant: Variant = PLAIN,
        again: int = 0,
        extra: Sequence[tuple[str, str]] = (),
    ) -> Reply:
        """Ask for a page of the list; arguments that are None are not sent."""
        given = {"after_id": after_id, "before_id": before_id, "limit": limit}
        query = [(name, str(value)) for name, value in given.items() if value is not None]
        return self.ask(Question("/v1/models", (*query, *extra), variant, again))

    def retrieve(
        self,
        model: str,
        *,
        variant: Variant = PLAIN,
        again: int = 0,
        extra: Sequence[tuple[str, str]] = (),
    ) -> Reply:
        """Ask for one model by id or alias, percent-encoded as one path segment."""
        path = f"/v1/models/{quote(model, safe='', errors='replace')}"
        return self.ask(Question(path, tuple(extra), variant, again))

    def page(self, **arguments: Any) -> Page:
        """`list(...)` as a page. Raises `Unexercised` when the answer is none."""
        reply = self.list(**arguments)
        if page := page_of(reply):
            return page
        raise Unexercised(f"{reply.question} was not answered with a page but with {reply.status}")

    def walk(
        self,
        *,
        limit: int | None = None,
        start: str | None = None,
        backward: bool = False,
        most: int = 10_000,
    ) -> Iterator[Page]:
        """Follow the pages as a client does: while `has_more` says so and the cursor is new.

        Stops after `most` pages. Backward walks start before the model `start`.
        """
        cursor, used = start, {start}
        for _ in range(most):
            yield (page := self.page(limit=limit, **{_cursor_name(backward): cursor}))
            cursor = page.ids[0 if backward else -1] if page.data else None
            if not page.has_more or cursor is None or cursor in used:
                return
            used.add(cursor)

    # --- asking ----------------------------------------------------------------------------------

    def ask(self, question: Question) -> Reply:
        """Answer from memory, or send the question and remember what came of it."""
        if self.dead:
            raise NotJudged(self.dead)
        if question not in self._memory:
            self._memory[question] = self._outcome(question)
        outcome = self._memory[question]
        if isinstance(outcome, Reply):
            return outcome
        raise outcome

    def afresh(self, question: Question) -> Reply:
        """Send the question whatever is remembered, and remember nothing."""
        return self._persist(replace(question, again=-1))

    def _outcome(self, question: Question) -> Reply | NotJudged | Unexercised:
        try:
            return self._persist(question)
        except (NotJudged, Unexercised) as outcome:
            return outcome

    def forget(self) -> None:
        """Drop every remembered answer: the next reading asks afresh."""
        self._memory.clear()
        self.readings += 1

    def close(self) -> None:
        self._client.close()

    def curl(self, reply: Reply) -> str:
        """The command that asks the same again, the key left out."""
        shown = {
            "x-api-key": "$MODELS_CONTRACT_API_KEY",
            "authorization": "Bearer $MODELS_CONTRACT_API_KEY",
        }
        parts = ["curl -i", f"'{self.redactor.redact(visible(reply.url, 400))}'"]
        for name, value in reply.sent:
            secret = shown.get(name, "") if reply.question.variant.auth != "wrong" else ""
            text = f'"{name}: {secret}"' if secret else f"'{name}: {self.redactor.redact(value)}'"
            parts.append(f"-H {text}")
        return " ".join(parts)

    def _persist(self, question: Question) -> Reply:
        """Send, and send again while the failure looks transient: at most twice more."""
        for attempt in range(RETRIES + 1):
            try:
                reply = self._within_deadline(question, attempt)
            except _Broken as broken:
                if attempt == RETRIES:
                    raise self._lost(f"{question}: {broken}") from None
                time.sleep(_pause(None, attempt))
                continue
            pause = _pause(reply.header("retry-after"), attempt)
            if attempt == RETRIES or not _is_transient(reply) or pause > self.timeout:
                break
            time.sleep(pause)
        if reply.status in OVERLOADED:
            raise self._lost(
                f"{question}: the server kept answering {reply.status}; try again later"
            )
        with self._lock:
            self.exchanges.append(reply)
        return reply

    def _within_deadline(self, question: Question, attempt: int) -> Reply:
        """Run the exchange on a thread of its own, which is the only way to bound all of it."""
        outcome: Future[Reply] = Future()
        threading.Thread(
            target=self._settle, args=(outcome, question, attempt), name=THREAD_NAME, daemon=True
        ).start()
        try:
            reply = outcome.result(self.timeout)
        except (TimeoutError, httpx.TimeoutException):
            self._stalls += 1
            raise self._lost(
                f"{question}: no complete answer within {self.timeout:g} s (--models-timeout)",
                fatal=self._stalls >= MOST_STALLS,
            ) from None
        except (
            httpx.ConnectError,
            httpx.ProxyError,
            httpx.UnsupportedProtocol,
            httpx.InvalidURL,
        ) as error:
            raise self._lost(
                f"{question}: cannot connect to {self._root}: {error}", fatal=True
            ) from None
        except httpx.TransportError as error:
            raise _Broken(f"the connection broke: {error}") from None
        return reply

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
        query = urlencode((*self._base_query, *question.query))
        return self._client.build_request(
            "GET",
            f"{self._root}{question.path}{'?' + query if query else ''}",
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

    def _lost(self, reason: str, *, fatal: bool = False) -> NotJudged:
        """Nobody is accused; before the first answer, or when `fatal`, the run is over."""
        if fatal or not self.exchanges:
            self.dead = reason
        return NotJudged(reason)


class _Broken(Exception):
    """The connection broke before an answer began."""


def _cursor_name(backward: bool) -> str:
    return "before_id" if backward else "after_id"


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
