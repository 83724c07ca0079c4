"""The two endpoints as verbs; each question is asked once and every exchange is kept as evidence."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx

from pytest_models_contract.exchange import PLAIN, Page, Question, Reply, Variant, page_of
from pytest_models_contract.redact import Redactor, visible
from pytest_models_contract.verdict import NotJudged, Unexercised
from pytest_models_contract.wire import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT, Wire

MOST_STALLS = 3
_KEY_SHOWN = {
    "x-api-key": "$MODELS_CONTRACT_API_KEY",
    "authorization": "Bearer $MODELS_CONTRACT_API_KEY",
}


class ModelsAPI:
    """The Models API at `base_url`, over `transport` (default: the network).

    `auth` says how the key is sent, `x-api-key` or `bearer`; `headers` go with every request.
    `timeout` is the deadline of one request in seconds, from first byte sent to last byte read;
    `max_body` the longest body that is read, in bytes. Each question is asked once and its answer
    remembered; `again` asks it anew. The verbs raise `NotJudged` when the server cannot be reached
    and `Unexercised` when a cassette lacks the answer.
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
        self.exchanges: list[Reply] = []
        self.dead = ""
        self.readings = 0
        self._memory: dict[Question, Reply | NotJudged | Unexercised] = {}
        self._stalls = 0
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
        return self._sent(replace(question, again=-1))

    def _outcome(self, question: Question) -> Reply | NotJudged | Unexercised:
        try:
            return self._sent(question)
        except (NotJudged, Unexercised) as outcome:
            return outcome

    def _sent(self, question: Question) -> Reply:
        """Send and keep the exchange; before the first answer, or after stalls, the run is over."""
        try:
            reply = self.wire.send(question)
        except NotJudged as lost:
            with self._lock:
                self._stalls += lost.stalled
                if lost.fatal or not self.exchanges or self._stalls >= MOST_STALLS:
                    self.dead = str(lost)
            raise
        with self._lock:
            self.exchanges.append(reply)
        return reply

    def forget(self) -> None:
        """Drop every remembered answer: the next reading asks afresh."""
        self._memory.clear()
        self.readings += 1

    def close(self) -> None:
        self.wire.close()

    def curl(self, reply: Reply) -> str:
        """The command that asks the same again, the key left out."""
        wrong = reply.question.variant.auth == "wrong"
        headers = (
            f'-H "{name}: {_KEY_SHOWN[name]}"'
            if name in _KEY_SHOWN and not wrong
            else f"-H '{name}: {self.redactor.redact(value)}'"
            for name, value in reply.sent
        )
        return " ".join(["curl -i", f"'{self.redactor.redact(visible(reply.url, 400))}'", *headers])


def _cursor_name(backward: bool) -> str:
    return "before_id" if backward else "after_id"
