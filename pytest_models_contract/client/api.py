"""The two endpoints as verbs; each request is sent once and every exchange is kept as evidence."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from pytest_models_contract.client import commands
from pytest_models_contract.client.ahead import Ahead
from pytest_models_contract.client.bounds import Bounds
from pytest_models_contract.client.credentials import other_way
from pytest_models_contract.client.exchange import (
    Page,
    Received,
    Request,
    Response,
    model_id,
    page_of,
)
from pytest_models_contract.client.pool import Pool
from pytest_models_contract.client.requests import model_request, page_request
from pytest_models_contract.client.variant import PLAIN, Variant
from pytest_models_contract.client.verdict import NotJudged, Unexercised, if_answered
from pytest_models_contract.client.wire import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT, Wire

if TYPE_CHECKING:
    from pytest_models_contract.client.sharing import Peers
    from pytest_models_contract.spec.models import ModelInfo

SHARED = range(5)
"""The numbers of a repeated request (`again`) whose responses workers share."""
HUNG_UP = Received(0, (), b"", "the server closed the connection without a response")


class ModelsAPI:
    """The Models API at `base_url`, over `transport` (default: the network).

    `auth` says how the key is sent, `x-api-key` or `bearer`; `headers` go with every request.
    `second_key` is another client's key, for the variant that sends it.
    `timeout` is the deadline of one request in seconds, from first byte sent to last byte read;
    `max_body` is the longest body that is read, in bytes. `secrets` are hidden in everything that is
    shown, as the key is; `second_key` is another client's. Each request is sent once and its response
    is remembered; `again` sends it another time. `peers`, if set, are the other workers of the run:
    all workers share their responses, and `progress` counts those that came from others. The verbs
    raise `NotJudged` when the server cannot be reached and `Unexercised` when a cassette lacks the
    response.

    The whole run has bounds as well (`bounds.py`). When it is over, `dead` says why and
    nothing more is sent.
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
        secrets: Sequence[str | None] = (),
        second_key: str | None = None,
    ) -> None:
        self.wire = Wire(
            *(base_url, transport, key, auth, headers or {}, timeout, max_body, secrets, second_key)
        )
        self.key, self.auth, self.redactor = key, auth, self.wire.redactor
        self.chosen_auth = auth
        self.exchanges: list[Response] = []
        self.unanswered: list[Response] = []
        self.peers: Peers | None = None
        self.app = ""
        self.progress = self.passed = self.readings = 0
        self.dead = ""
        self._memory: dict[Request, Response | NotJudged | Unexercised] = {}
        self._bounds = Bounds(self.wire)
        self.ahead = Ahead(self.wire)

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
        cursors = {"after_id": after_id, "before_id": before_id}
        return self.ask(
            page_request(limit=limit, **cursors, variant=variant, again=again, extra=extra)
        )

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
        """`list(...)` as a page. Raises `Unexercised` when the response is not a page."""
        response = self.list(**arguments)
        if page := page_of(response):
            return page
        why = f"the response to {response.request} is not a page: {response.status_text}"
        raise Unexercised(why)

    def model(self, model: str, **arguments: Any) -> ModelInfo:
        """`retrieve(...)` as a model. Raises `Unexercised` when the response is not a model."""
        response = self.retrieve(model, **arguments)
        if response.ok and model_id(response.json):
            return response.json  # type: ignore[no-any-return]
        why = f"the response to {response.request} is not a model: {response.status_text}"
        raise Unexercised(why)

    def walk(
        self,
        *,
        limit: int | None = None,
        start: str | None = None,
        backward: bool = False,
        most: int = 10_000,
    ) -> Iterator[Page]:
        """Follow the pages as a client does: while `has_more` is true and the cursor is new.

        Stops after `most` pages. A backward walk starts before the model `start`.
        """
        name = "before_id" if backward else "after_id"
        cursor, used = start, {start}
        for _ in range(most):
            yield (page := self.page(limit=limit, **{name: cursor}))
            cursor = model_id(page.data[0 if backward else -1]) if page.data else None
            if not page.has_more or cursor is None or cursor in used:
                return
            used.add(cursor)

    # --- sending ---------------------------------------------------------------------------------

    def ask(self, request: Request) -> Response:
        """Return the remembered response, or send the request and remember the outcome."""
        if self.dead:
            raise NotJudged(self.dead)
        if request not in self._memory:
            self._memory[request] = self._outcome(request)
        if isinstance(outcome := self._memory[request], Response):
            return outcome
        raise outcome.with_traceback(None)

    def send_ahead(self, requests: Sequence[Request]) -> None:
        """Send independent requests before checks ask for them: several at once, where the server is slow.

        Of several workers, each sends its part of them, one by one.
        """
        new = [each for each in requests if each not in self._memory]
        if self.peers:
            for request in self.peers.own(new):
                if_answered(partial(self.ask, request))
        elif not self.dead:
            self.ahead.send([each for each in new if not self._bounds.hangs(each)], self.exchanges)

    def send_again(self, request: Request) -> Response:
        """Send the request whatever is remembered, and remember nothing."""
        return self._sent(replace(request, again=-1))

    def once(self, request: Request) -> Response:
        """Send once and keep what comes of it; a response of status 0 says why there is no answer."""
        started = time.monotonic()
        try:
            return self._kept(self.wire.once(request))
        except NotJudged as lost:
            return self._kept(self._no_response(request, lost, time.monotonic() - started))

    def _no_response(self, request: Request, lost: NotJudged, seconds: float) -> Response:
        """A response of status 0 that says why there is none."""
        received = Received.nothing(str(lost), seconds, stalled=lost.stalled)
        return self.wire.response(request, received)

    def passing(self, request: Request, pool: Pool) -> Response:
        """Send the request for a caller that has bounds of its own: only the number of requests is kept.

        Raises `NotJudged` when there is no response.
        """
        if self.dead:
            raise NotJudged(self.dead)
        self.passed += 1
        try:
            return self.wire.send(request, pool)
        except NotJudged as lost:
            response = self._confirm_hang_up(request) if lost.hung_up else None
            if response is None:
                raise
            return response

    def _outcome(self, request: Request) -> Response | NotJudged | Unexercised:
        others = self.peers if request.again in SHARED else None
        received = others.take((self.auth, request)) if others else None
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
        """Send and keep the exchange, as long as the run has not reached one of its bounds."""
        self._require_alive(request)
        if received := self.ahead.take(request):
            self._bounds.note_time(received.seconds)
            return self._kept(received)
        started = time.monotonic()
        try:
            response = self.wire.send(request)
        except NotJudged as lost:
            confirmed = self._confirm_hang_up(request) if lost.hung_up else None
            if confirmed is None:
                self._note_lost(request, lost, time.monotonic() - started)
                why = self.dead or str(lost)
                raise NotJudged(why, busy=lost.busy, stalled=lost.stalled) from None
            response = confirmed
        self._bounds.note_time(time.monotonic() - started)
        return self._kept(response)

    def _kept(self, response: Response) -> Response:
        self._bounds.note_answered(response.request)
        self.exchanges.append(response)
        return response

    def _confirm_hang_up(self, request: Request) -> Response | None:
        """The response to a request at which the server hung up each time; None where it is unclear.

        Another request shows whether the server still responds. If it does, and hangs up at this one
        again, the hang-up counts as its response.
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

    def _require_alive(self, request: Request) -> None:
        """Raise `NotJudged` when sending is useless: this request, or any request."""
        self.dead = self.dead or self._bounds.exceeded(len(self.exchanges))
        if self.dead:
            raise NotJudged(self.dead)
        if lost := self._bounds.hangs(request):
            raise NotJudged(str(lost))

    def _note_lost(self, request: Request, lost: NotJudged, seconds: float) -> None:
        """Note a request without a response; the run is over after many, or where none came before."""
        with suppress(httpx.InvalidURL):  # too long a URL was never sent
            self.unanswered.append(self._no_response(request, lost, seconds))
        over = self._bounds.note_lost(request, lost, seconds)
        if over or lost.fatal or not self.exchanges:
            self.dead = self.dead or str(lost)

    def forget(self) -> None:
        """Drop every remembered response: the next reading sends its requests again."""
        self._memory.clear()
        self.ahead.forget()
        self.readings += 1
        self.peers = None

    def send_key_the_other_way(self) -> None:
        """Send the key in the other header from now on, and send every request again."""
        self.auth = self.wire.auth = other_way(self.auth)
        self._memory.clear()

    def close(self) -> None:
        self.wire.close()

    def curl(self, response: Response) -> str:
        """The command that sends the same request, without the key; a line of Python for an application."""
        if self.app:
            return commands.python(response, self.redactor, self.app)
        return commands.curl(response, self.redactor)
