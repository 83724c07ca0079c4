"""A proxy of a few lines, right in every respect, over whose steps faults and variants are put.

A request of a client goes through `around`, then either `fetch` asks the upstream for the same, or,
where the proxy `aggregates`, the whole list is read first and the window is cut from it.
"""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from pytest_models_contract.fake.serving import Handler
from pytest_models_contract.fake.upstream.listener import Listener

LIST = "/v1/models"
HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"} | {
    "proxy-connection",
    "proxy-authorization",
    "proxy-authenticate",
}
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Ask:
    """A request: of a client to the proxy, or of the proxy to its upstream."""

    target: str
    headers: Headers = field(default_factory=list)
    method: str = "GET"
    connection: Any = None

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @property
    def is_list(self) -> bool:
        return self.path == LIST

    @property
    def is_model(self) -> bool:
        return self.path.startswith(f"{LIST}/")

    @property
    def model(self) -> str:
        return unquote(self.path.removeprefix(f"{LIST}/"))

    @property
    def key(self) -> str:
        return self.get("x-api-key") or self.get("authorization").removeprefix("Bearer ")

    def get(self, name: str) -> str:
        return ",".join(value for key, value in self.headers if key == name)

    def with_query(self, **changed: str | None) -> Ask:
        """The same with other parameters; those that are None are left out."""
        query = {
            name: value for name, value in {**self.query, **changed}.items() if value is not None
        }
        return replace(self, target=self.path + (f"?{urlencode(query)}" if query else ""))

    def with_header(self, name: str, value: str | None) -> Ask:
        kept = [pair for pair in self.headers if pair[0] != name]
        return replace(self, headers=kept if value is None else [*kept, (name, value)])


@dataclass(frozen=True)
class Answer:
    """A response; `cut` says that the body is not whole, and that clients shall see it."""

    status: int
    headers: Headers
    body: bytes
    cut: bool = False

    @property
    def json(self) -> Any:
        with suppress(ValueError):
            return json.loads(self.body)
        return None

    def get(self, name: str) -> str:
        return ",".join(value for key, value in self.headers if key == name)

    def with_json(self, body: Any, **options: Any) -> Answer:
        return replace(self, body=json.dumps(body, ensure_ascii=False, **options).encode())

    def with_header(self, name: str, value: str | None) -> Answer:
        kept = [pair for pair in self.headers if pair[0] != name]
        return replace(self, headers=kept if value is None else [*kept, (name, value)])


Relay = Callable[[Ask], Answer]
JSON: Headers = [("content-type", "application/json"), ("request-id", "req_own")]


class Failed(Exception):
    """The upstream's answer cannot be used; `answer` is what it was, if there was one."""

    def __init__(self, answer: Answer | None = None) -> None:
        super().__init__("the upstream failed")
        self.answer = answer


def said(status: int, body: Any, headers: Headers = JSON) -> Answer:
    return Answer(status, headers, json.dumps(body, ensure_ascii=False).encode())


def error(status: int, kind: str = "api_error", message: str = "the upstream failed") -> Answer:
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_own"}
    return said(status, body)


class Proxy:
    """A proxy on a loopback port. `setup` puts faults or variants over it, at each start again.

    `own_key`: what the upstream is asked with, the client's key where None. `timeout`: how long the
    upstream is waited for, in seconds. `aggregates`: whether the list is read whole, in pages of
    `page_size`, and windows are cut from it. `rewrites`: whether bodies are changed on their way.
    """

    def __init__(
        self, upstream: str, keys: Any, setup: Callable[[Proxy], object] | None = None
    ) -> None:
        self.upstream = urlsplit(upstream)
        self.keys = keys
        self.setup = setup
        self._reset()
        self.listener = Listener("127.0.0.1", 0, self.deal_with)
        self.base_url = self.listener.base_url
        self._started()

    def _reset(self) -> None:
        for replaced in ("window", "whole", "pages", "page", "exchange", "outgoing"):
            vars(self).pop(replaced, None)
        self.own_key: str | None = None
        self.timeout: float | None = 0.7
        self.aggregates = False
        self.page_size = 100
        self.follows = False
        self.strict = False
        self.rewrites = False
        self.start: list[Callable[[], object]] = []
        self.around: list[Callable[[Relay, Ask], Answer]] = []
        self.to_upstream: list[Callable[[Ask], Ask]] = []
        self.to_client: list[Callable[[Ask, Answer], Answer]] = []
        self.fetching: list[Callable[[Relay, Ask], Answer]] = []
        self.send: Callable[[Handler, Ask, Answer], None] = with_length
        self.lock: Any = threading.Lock()
        self.over = threading.Event()
        if self.setup:
            self.setup(self)

    def _started(self) -> None:
        for begin in self.start:
            begin()

    def restart(self) -> None:
        if not self.over.is_set():
            self.close()
        self._reset()
        self.listener.open()
        try:
            self._started()
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        if not self.over.is_set():
            self.over.set()
            self.listener.close()

    # --- a request -------------------------------------------------------------------------------

    def deal_with(self, handler: Handler) -> None:
        headers = [(name.lower(), value) for name, value in handler.headers.items()]
        ask = Ask(handler.path, headers, handler.command, handler)
        self.send(handler, ask, self.respond(ask))

    def respond(self, ask: Ask) -> Answer:
        relay: Relay = self.relay
        for step in self.around:
            relay = _over(step, relay)
        try:
            answer = relay(ask)
        except Exception:  # whatever it is, the client gets an answer
            answer = error(502)
        for change in self.to_client:
            answer = change(ask, answer)
        return answer

    def relay(self, ask: Ask) -> Answer:
        if self.aggregates and ask.is_list:
            return self.window(ask)
        return self.fetch(ask)

    def fetch(self, ask: Ask) -> Answer:
        """Ask the upstream for the same. Raises what http.client raises."""
        fetch: Relay = self.exchange
        for step in self.fetching:
            fetch = _over(step, fetch)
        answer = fetch(self.outgoing(ask))
        if self.strict and answer.status == 200 and answer.json is None:
            raise Failed(answer)
        return answer

    def outgoing(self, ask: Ask) -> Ask:
        """The request as the upstream gets it."""
        named = {name.strip().lower() for name in ask.get("connection").split(",")}
        gone = HOP_BY_HOP | named | {"host"}
        ask = replace(ask, headers=[pair for pair in ask.headers if pair[0] not in gone])
        if self.own_key:
            ask = ask.with_header("authorization", None).with_header("x-api-key", self.own_key)
        if self.aggregates or self.strict or self.rewrites:
            ask = ask.with_header("accept-encoding", "identity")  # what is read is not compressed
        for change in self.to_upstream:
            ask = change(ask)
        return ask

    def exchange(self, ask: Ask) -> Answer:
        """One exchange with the upstream, on a connection of its own."""
        where = urlsplit(ask.target)
        host, port = where.hostname or self.upstream.hostname, where.port or self.upstream.port
        connection = http.client.HTTPConnection(host or "", port, timeout=self.timeout)
        try:
            connection.putrequest(ask.method, _bare(ask.target), skip_accept_encoding=True)
            for name, value in ask.headers:
                connection.putheader(name, value)
            connection.endheaders()
            return received(connection.getresponse())
        finally:
            connection.close()

    # --- the whole list --------------------------------------------------------------------------

    def window(self, ask: Ask) -> Answer:
        """The page that was asked for, cut from the whole list; the upstream's failure where it fails."""
        try:
            models = self.whole(ask)
        except Failed as failed:
            if failed.answer and failed.answer.status >= 400:
                return failed.answer
            return error(502)
        return cut_from(models, ask)

    def whole(self, ask: Ask) -> list[Any]:
        """All models of the upstream. Raises `Failed`."""
        return [model for page in self.pages(ask) for model in page["data"]]

    def pages(self, ask: Ask) -> Iterator[Any]:
        cursor = None
        for _ in range(max(2, 4000 // self.page_size)):
            page = self.page(
                ask.with_query(limit=str(self.page_size), after_id=cursor, before_id=None)
            )
            yield page
            if not page["has_more"]:
                return
            cursor = page["last_id"]
        raise Failed

    def page(self, ask: Ask) -> Any:
        answer = self.fetch(ask)
        page = answer.json
        if answer.status != 200 or not isinstance(page, dict) or "data" not in page:
            raise Failed(answer)
        return page


def _over(step: Callable[[Relay, Ask], Answer], relay: Relay) -> Relay:
    return lambda ask: step(relay, ask)


def _bare(target: str) -> str:
    """Path and query of a target that may be a whole URL."""
    if "://" not in target.partition("?")[0]:
        return target
    where = urlsplit(target)
    return where.path + (f"?{where.query}" if where.query else "")


def received(response: http.client.HTTPResponse) -> Answer:
    """An answer of the upstream without what is for one hop alone. Raises `IncompleteRead`."""
    body = response.read()
    headers = [(name.lower(), value) for name, value in response.getheaders()]
    named = {name.strip().lower() for name in (response.getheader("connection") or "").split(",")}
    gone = HOP_BY_HOP | named | {"content-length"}
    return Answer(response.status, [pair for pair in headers if pair[0] not in gone], body)


def cut_from(models: list[Any], ask: Ask) -> Answer:
    """A page of the Models API."""
    ids = [model["id"] for model in models]
    query = ask.query
    limit = query.get("limit", "20")
    if not limit.isdecimal() or not 1 <= int(limit) <= 1000:
        return error(400, "invalid_request_error", "limit: 1 to 1000")
    size, cursor = int(limit), query.get("after_id", query.get("before_id"))
    if (cursor is not None and cursor not in ids) or {"after_id", "before_id"} <= query.keys():
        return error(400, "invalid_request_error", "the cursor names no model")
    if "before_id" in query:
        end = ids.index(query["before_id"])
        data, more = models[max(0, end - size) : end], end > size
    else:
        first = ids.index(query["after_id"]) + 1 if "after_id" in query else 0
        data, more = models[first : first + size], first + size < len(models)
    return said(200, page_of(data, more))


def page_of(data: list[Any], more: bool) -> dict[str, Any]:
    ends = [data[0]["id"], data[-1]["id"]] if data else [None, None]
    return {"data": data, "has_more": more, "first_id": ends[0], "last_id": ends[1]}


def segment(model: str) -> str:
    return f"{LIST}/{quote(model, safe='')}"


# --- how answers are sent ------------------------------------------------------------------------


def with_length(handler: Handler, ask: Ask, answer: Answer) -> None:
    """With a length; what is cut ends before it."""
    head(handler, answer, [("content-length", str(len(answer.body) * (2 if answer.cut else 1)))])
    write(handler, answer.body)
    if answer.cut:
        handler.close_connection = True


def in_chunks(handler: Handler, ask: Ask, answer: Answer) -> None:
    head(handler, answer, [("transfer-encoding", "chunked")])
    write(handler, b"%x\r\n%s\r\n" % (len(answer.body), answer.body) if answer.body else b"")
    if answer.cut:
        handler.close_connection = True
    else:
        write(handler, b"0\r\n\r\n")


def to_the_end(handler: Handler, ask: Ask, answer: Answer) -> None:
    """As HTTP/1.0: the end of the connection is the end of the body."""
    handler.protocol_version = "HTTP/1.0"
    head(handler, answer, [])
    write(handler, answer.body)
    handler.close_connection = True


def packed(handler: Handler, ask: Ask, answer: Answer) -> None:
    if answer.get("content-encoding") or "gzip" not in ask.get("accept-encoding"):
        with_length(handler, ask, answer)
        return
    coded = replace(answer, body=gzip.compress(answer.body, 1))
    with_length(handler, ask, coded.with_header("content-encoding", "gzip"))


def hung_up(handler: Handler, ask: Ask, answer: Answer) -> None:
    handler.close_connection = True
    with suppress(OSError):
        handler.connection.shutdown(socket.SHUT_RDWR)


def head(handler: Handler, answer: Answer, more: Headers) -> None:
    handler.send_response_only(answer.status)
    for name, value in [*answer.headers, *more]:
        handler.send_header(name, value)
    handler.end_headers()


def write(handler: Handler, body: bytes) -> None:
    with suppress(OSError):
        handler.wfile.write(body)
        handler.wfile.flush()
