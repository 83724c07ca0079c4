"""The two endpoints as verbs; each question is asked once and every exchange is kept as evidence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from pytest_models_contract.client import pool
from pytest_models_contract.client.exchange import (
    PLAIN,
    Page,
    Received,
    Request,
    Response,
    Variant,
    page_of,
)
from pytest_models_contract.client.pool import Pool
from pytest_models_contract.client.redact import Redactor, visible
from pytest_models_contract.client.requests import LIST, list_request, model_request
from pytest_models_contract.client.verdict import NotJudged, Unexercised, if_answered
from pytest_models_contract.client.wire import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT, Wire

if TYPE_CHECKING:
    from pytest_models_contract.client.sharing import Peers

T = TypeVar("T")
MOST_STALLS = 3
"""After so many deadlines waited for in vain the run is over."""
MOST_LOST = 5
"""After so many questions in a row without an answer the run is over."""
PATIENCE = 100
"""How many deadlines all questions of a run may take together."""
MOST_REQUESTS = 3_000
HUNG_UP = Received(0, (), b"", "the server closed the connection without an answer")
ResponseFormat = frozenset[str]
_KEY_SHOWN = {
    "x-api-key": "$MODELS_CONTRACT_API_KEY",
    "authorization": "Bearer $MODELS_CONTRACT_API_KEY",
}


class ModelsAPI:
    """The Models API at `base_url`, over `transport` (default: the network).

    `auth` says how the key is sent, `x-api-key` or `bearer`; `headers` go with every request.
    `timeout` is the deadline of one request in seconds, from first byte sent to last byte read;
    `max_body` the longest body that is read, in bytes. Each question is asked once and its answer
    remembered; `again` asks it anew. `peers`, if set, are the other workers of the run, which hear of
    each answer as this one does of theirs; `heard` counts those. The verbs raise `NotJudged` when the
    server cannot be reached and `Unexercised` when a cassette lacks the answer.

    The whole run is bounded as well, by `PATIENCE` deadlines, `MOST_QUESTIONS` and the memory of
    the pool; when it is over, `dead` says why and nothing more is asked.
    """

    def __init__(
        self,
        base_url: str,
        transport: httpx.BaseTransport | None = None,
        *,
        key: str | None = None,
        auth: str = "x-api-key",
        headers: Mapping[str, str] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_body: int = DEFAULT_MAX_BODY,
    ) -> None:
        self.wire = Wire(base_url, transport, key, auth, headers or {}, timeout, max_body)
        self.exchanges: list[Response] = []
        self.peers: Peers | None = None
        self.progress = 0
        self.passed = 0
        self.dead = ""
        self.readings = 0
        self._memory: dict[Request, Response | NotJudged | Unexercised] = {}
        self._stalls = 0
        self._lost_in_a_row = 0
        self._waited = 0.0
        self._answered: set[ResponseFormat] = set()
        self._hung: dict[ResponseFormat, NotJudged] = {}
        self._lock = threading.Lock()

    @property
    def key(self) -> str | None:
        return self.wire.key

    @property
    def auth(self) -> str:
        return self.wire.auth

    @property
    def redactor(self) -> Redactor:
        """What hides the key, the extra headers and the secrets of the base URL."""
        return self.wire.redactor

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
    ) -> Response:
        """Ask for a page of the list; arguments that are None are not sent."""
        given = {"after_id": after_id, "before_id": before_id, "limit": limit}
        return self.ask(list_request(given, variant, again, extra))

    def retrieve(
        self,
        model: str,
        *,
        variant: Variant = PLAIN,
        again: int = 0,
        extra: Sequence[tuple[str, str]] = (),
    ) -> Response:
        """Ask for one model by id or alias, percent-encoded as one path segment."""
        return self.ask(model_request(model, variant, again, extra))

    def page(self, **arguments: Any) -> Page:
        """`list(...)` as a page. Raises `Unexercised` when the answer is none."""
        response = self.list(**arguments)
        if page := page_of(response):
            return page
        raise Unexercised(
            f"{response.request} was not answered with a page but with {response.status}"
        )

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

    def ask(self, request: Request) -> Response:
        """Answer from memory, or send the question and remember what came of it."""
        if self.dead:
            raise NotJudged(self.dead)
        if request not in self._memory:
            self._memory[request] = self._outcome(request)
        outcome = self._memory[request]
        if isinstance(outcome, Response):
            return outcome
        raise outcome.with_traceback(None)

    def ahead(self, asks: Sequence[Callable[[], T]]) -> Sequence[Callable[[], T]]:
        """The same independent questions, after this worker has asked its part and others theirs."""
        for ask in self.peers.own(asks) if self.peers else ():
            if_answered(ask)
        return asks

    def send_again(self, request: Request) -> Response:
        """Send the question whatever is remembered, and remember nothing."""
        return self._sent(replace(request, again=-1))

    def passing(self, request: Request, pool: Pool) -> Response:
        """Send the request for those that have bounds of their own: kept is only how many there were.

        Raises `NotJudged` when there is no response.
        """
        if self.dead:
            raise NotJudged(self.dead)
        self.passed += 1
        try:
            return self.wire.send(request, pool)
        except NotJudged as lost:
            response = self._once_more(request) if lost.hung_up else None
            if response is None:
                raise
            return response

    def _outcome(self, request: Request) -> Response | NotJudged | Unexercised:
        others = self.peers if request.again == 0 else None
        received = others.take(request) if others else None
        if received:
            self.progress += 1
            return self._kept(self.wire.response(request, received))
        response = None
        try:
            response = self._sent(request)
        except (NotJudged, Unexercised) as outcome:
            return outcome
        finally:
            if others:
                others.give(response.received if response else None)
        return response

    def _sent(self, request: Request) -> Response:
        """Send and keep the exchange, as long as the run has not come to one of its bounds."""
        self._go_on(request)
        started = time.monotonic()
        try:
            response = self.wire.send(request)
        except NotJudged as lost:
            after_all = self._once_more(request) if lost.hung_up else None
            if after_all is None:
                self._lose(request, lost, time.monotonic() - started)
                why = self.dead or str(lost)
                raise NotJudged(why, busy=lost.busy, stalled=lost.stalled) from None
            response = after_all
        with self._lock:
            self._waited += time.monotonic() - started
            self._lost_in_a_row = 0
        return self._kept(response)

    def _kept(self, response: Response) -> Response:
        with self._lock:
            self._answered.add(_shape(response.request))
            self.exchanges.append(response)
        return response

    def _once_more(self, request: Request) -> Response | None:
        """What comes of a question at which the server hung up each time, where it answers another one.

        To hang up again is its answer then; None where nobody can tell.
        """
        if request.again > 0 or not self.exchanges:
            return None
        with suppress(NotJudged):
            self._kept(self.wire.send(replace(self.exchanges[0].request, again=-1)))
            try:
                return self.wire.send(request)
            except NotJudged as lost:
                return self.wire.response(request, HUNG_UP) if lost.hung_up else None
        return None

    def _go_on(self, request: Request) -> None:
        """Raise `NotJudged` when asking on is useless: about this question, or about anything."""
        self.dead = self.dead or self._exceeded()
        if self.dead:
            raise NotJudged(self.dead)
        shape = _shape(request)
        if shape not in self._answered:
            for hung, lost in self._hung.items():
                if hung <= shape:
                    raise NotJudged(str(lost))

    def _exceeded(self) -> str:
        """Which bound of the run has been reached, if any."""
        if self._waited > PATIENCE * self.wire.timeout:
            return (
                f"the answers took {self._waited:.0f} s in all, more than {PATIENCE} times the deadline"
                " of one: where the server may be so slow, give it a longer --models-timeout"
            )
        read = f"after {len(self.exchanges):,} answers"
        if len(self.exchanges) >= MOST_REQUESTS:
            return f"no end {read}: the list never ends, or each answer contradicts the last"
        if self.wire.pool.full:
            size = f"{pool.MOST >> 20} MiB"
            return f"the answers take more than {size} of memory, {read}: the list is too long or endless"
        return ""

    def _lose(self, request: Request, lost: NotJudged, seconds: float) -> None:
        """Note a question without an answer; without any answer yet, or after many, the run is over."""
        with self._lock:
            self._waited += seconds
            self._stalls += lost.stalled
            self._lost_in_a_row += 1
            if lost.stalled and _shape(request) not in self._answered:
                self._hung[_shape(request)] = lost
            over = self._stalls >= MOST_STALLS or self._lost_in_a_row >= MOST_LOST
            if lost.fatal or over or not self.exchanges:
                self.dead = self.dead or str(lost)

    def forget(self) -> None:
        """Drop every remembered answer: the next reading asks afresh."""
        self._memory.clear()
        self.readings += 1
        self.peers = None

    def close(self) -> None:
        self.wire.close()

    def curl(self, response: Response) -> str:
        """The command that asks the same again, the key left out."""
        wrong = response.request.variant.wrong
        headers = (
            f'-H "{name}: {_KEY_SHOWN[name]}"'
            if name in _KEY_SHOWN and not wrong
            else f"-H '{name}: {self.redactor.redact(value)}'"
            for name, value in response.sent
        )
        return " ".join(
            ["curl -i", f"'{self.redactor.redact(visible(response.url, 400))}'", *headers]
        )


def _shape(request: Request) -> ResponseFormat:
    """What a question has in common with others: where one without more hangs, so would they."""
    kind = "list" if request.path == LIST else "model"
    variants = [str(request.variant)] if request.variant != PLAIN else []
    return frozenset([kind, *variants, *(f"{name}=" for name, _ in request.query)])


def _cursor_name(backward: bool) -> str:
    return "before_id" if backward else "after_id"
