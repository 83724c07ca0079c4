"""A proxy of a few lines, right in every respect, over whose steps faults and variants are put.

A request of a client goes through `around`, then either `fetch` asks the upstream for the same, or,
where the proxy `aggregates`, the whole list is read first and the window is cut from it.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from proxies.messages import Answer, Ask, Relay, cut_from, error
from proxies.sending import with_length
from pytest_models_contract.fake.serving import Handler
from pytest_models_contract.fake.upstream.listener import Listener

HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"} | {
    "proxy-connection",
    "proxy-authorization",
    "proxy-authenticate",
}


class Failed(Exception):
    """The upstream's answer cannot be used; `answer` is what it was, if there was one."""

    def __init__(self, answer: Answer | None = None) -> None:
        super().__init__("the upstream failed")
        self.answer = answer


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
        self.timeout: float | None = 1.0
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
        self.lock: Any = threading.RLock()
        self.over = threading.Event()
        self.at_end = ExitStack()
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
            self.at_end.close()

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
            with connection.getresponse() as response:
                return received(response)
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
