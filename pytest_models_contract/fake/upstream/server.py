"""The upstream: a conformant Models API whose catalogues, failures and log a test controls."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pytest_models_contract.fake.application import Fake, error
from pytest_models_contract.fake.catalogue import DEFAULT_REVISION, Model
from pytest_models_contract.fake.exchange import LIST, Request, Response, error_headers
from pytest_models_contract.fake.serving import Handler
from pytest_models_contract.fake.upstream import behaviour, catalogue
from pytest_models_contract.fake.upstream.behaviour import Act, When
from pytest_models_contract.fake.upstream.exchange import (
    ANYONE,
    CLIENT,
    NOBODY,
    SECOND,
    SERVER,
    UNKNOWN,
    Exchange,
    Keys,
    UpstreamRequest,
    request_of,
)
from pytest_models_contract.fake.upstream.listener import Listener

MOST_KEPT = 20_000
"""So many requests are kept, the last ones."""


@dataclass
class _Rule:
    """What is done with which requests, for so many of them or (None) for all."""

    act: Act
    when: When
    left: int | None = None


class Upstream:
    """A conformant Models API behind the proxy under test, until a test says otherwise.

    `base_url` is where it is, as an SDK's base URL; `keys` are those it knows. What a test sets is in
    force from the next request on; of several rules for one request the last one set counts.
    """

    def __init__(self, host: str, port: int, keys: Keys, revision: str) -> None:
        self.keys = keys
        self.revision = revision
        self.count = 0
        self._host = host
        self._catalogues: dict[str, Fake] = {}
        self._kept: deque[UpstreamRequest] = deque(maxlen=MOST_KEPT)
        self._rules: list[_Rule] = []
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._listener = Listener(host, port, self._deal_with)

    @property
    def base_url(self) -> str:
        """Where the upstream is, without /v1; the loopback address where it listens everywhere."""
        return self._listener.base_url

    @property
    def port(self) -> int:
        return self._listener.port

    # --- what reached it -------------------------------------------------------------------------

    @property
    def requests(self) -> Sequence[UpstreamRequest]:
        """The requests that reached the upstream, oldest first; the last twenty thousand of them."""
        with self._lock:
            return tuple(self._kept)

    def since(self, number: int) -> list[UpstreamRequest]:
        """The requests that came after so many; `count` is how many there were so far."""
        with self._lock:
            found = []
            for request in reversed(self._kept):
                if request.number <= number:
                    break
                found.append(request)
        return found[::-1]

    # --- what it serves --------------------------------------------------------------------------

    def serve(
        self,
        models: int | Sequence[Mapping[str, Any]],
        *,
        key: str | None = None,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        """Serve another catalogue, to the client with this `key`, or to all (None): a number of models, or
        models of your own, which need only an `id`.

        aliases: alias -> id of a model. ValueError: a key that the upstream does not know, a number of
        models out of range, an alias of an unknown model.
        """
        if key is not None and key not in self.keys.known:
            raise ValueError("serve(key=...): the upstream does not know this key")
        for who in _MODELS if key is None else [self.keys.known[key]]:
            self._serve(models, who, aliases or {})

    @property
    def models(self) -> Sequence[Model]:
        """The models that the client's key lists, newest first."""
        return self.models_of(CLIENT)

    def models_of(self, who: str) -> Sequence[Model]:
        """The models that the `client`, the `second` client or the `server` gets, newest first."""
        return self._catalogue(who).models

    def response_to(self, target: str, who: str = CLIENT) -> Response:
        """What a conformant server answers to a GET of this path and query; nothing is logged."""
        return self._conformant(request_of("GET", target, {}), who)

    def _catalogue(self, who: str) -> Fake:
        """The catalogue of one key, made when it is first asked for."""
        if who not in self._catalogues:
            models = _MODELS[who](self.revision)
            self._serve(models, who, catalogue.aliases(models))
        return self._catalogues[who]

    def _serve(
        self, models: int | Sequence[Mapping[str, Any]], who: str, aliases: Mapping[str, str]
    ) -> None:
        self._catalogues[who] = catalogue.Models(models, self.revision, aliases=aliases)

    # --- what it does ----------------------------------------------------------------------------

    def fail(
        self, status: int, *, times: int | None = None, retry_after: float | None = None
    ) -> None:
        """Respond to the next `times` requests (None: all) with an error status, such as 429 or 500.

        retry_after: seconds, sent as that header. ValueError: the status is not that of an error.
        """
        self._add(behaviour.failing(status, error_headers(status, retry_after)), times)

    def delay(self, seconds: float, *, times: int | None = None) -> None:
        """Delay the next `times` responses (None: all) by so many seconds.

        ValueError: the number is negative.
        """
        if seconds < 0:
            raise ValueError(f"delay({seconds}): a response waits for 0 seconds or more")

        def late(exchange: Exchange) -> None:
            exchange.wait(seconds)
            exchange.send(exchange.conformant())

        self._add(late, times)

    def cut(self, *, times: int | None = None) -> None:
        """Cut off the next `times` responses (None: all) in the middle of the body."""
        self._add(behaviour.cut_short, times)

    def drop(self, *, times: int | None = None) -> None:
        """Close the connection of the next `times` requests (None: all) without a response."""
        self._add(behaviour.dropping, times)

    def behave(self) -> None:
        """End all failures and delays, and send the responses that are held back."""
        with self._lock:
            self._rules.clear()
        self.release()

    @contextmanager
    def acting(self, act: Act, when: When = behaviour.every) -> Iterator[None]:
        """Deal with such requests by `act` while the block runs; then let go of what it holds back."""
        rule = self._add(act, None, when)
        try:
            yield
        finally:
            with self._lock:
                self._rules.remove(rule)
            self.release()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Refuse every connection, and break those there are, while the block runs."""
        self._listener.close()
        try:
            yield
        finally:
            self._listener.open()

    @contextmanager
    def elsewhere(self) -> Iterator[Upstream]:
        """Another server on the same host and another port, which no client knows."""
        other = Upstream(self._host, 0, self.keys, self.revision)
        with other.open(), other.acting(behaviour.failing(401)):
            yield other

    @contextmanager
    def open(self) -> Iterator[Upstream]:
        """Close the upstream when the block ends."""
        try:
            yield self
        finally:
            self.behave()
            self._listener.close()

    def release(self) -> None:
        """Let go of every response that is held back."""
        self._over.set()
        self._over = threading.Event()

    def _add(self, act: Act, times: int | None, when: When = behaviour.every) -> _Rule:
        rule = _Rule(act, when, times)
        with self._lock:
            self._rules.append(rule)
        return rule

    # --- one request -----------------------------------------------------------------------------

    def _deal_with(self, handler: Handler) -> None:
        """Log a request and respond to it, by the last rule for it or as a server should."""
        headers = tuple((name.lower(), value) for name, value in handler.headers.items())
        joined = {name: ",".join(handler.headers.get_all(name, [])) for name, _ in headers}
        request = request_of(handler.command, handler.path, joined)
        who = self.keys.whose(request.keys)
        with self._lock:
            self.count += 1
            seen = UpstreamRequest(
                self.count, handler.command, handler.path, headers, who, self.keys
            )
            self._kept.append(seen)
            act = self._act(request)

        def conformant(request: Request) -> Response:
            return _numbered(self._conformant(request, who), seen.number)

        act(Exchange(handler, request, seen, conformant, self._over))

    def _act(self, request: Request) -> Act:
        if request.path != LIST and not request.path.startswith(f"{LIST}/"):
            return _conformant
        for rule in reversed(self._rules):
            if rule.left != 0 and rule.when(request):
                rule.left = None if rule.left is None else rule.left - 1
                return rule.act
        return _conformant

    def _conformant(self, request: Request, who: str) -> Response:
        if who in _REFUSALS:
            headers = {"content-type": "application/json", "request-id": ""}
            return Response(401, headers, error(401, _REFUSALS[who], None))
        if request.path.count("/") > _DEPTH:  # an id has its slashes encoded
            request = replace(request, path="/not-found")
        return self._catalogue(who).respond(request)


@contextmanager
def upstream(
    host: str = "127.0.0.1",
    port: int = 0,
    keys: Keys | None = None,
    revision: str = DEFAULT_REVISION,
) -> Iterator[Upstream]:
    """A conformant Models API while the block runs; port 0 takes a free one.

    keys: those it knows; without any it takes every key. OSError: the port is taken.
    """
    with Upstream(host, port, keys or Keys(), revision).open() as found:
        yield found


_MODELS: Mapping[str, Callable[[str], Sequence[Model]]] = {
    ANYONE: catalogue.clients,
    CLIENT: catalogue.clients,
    SECOND: catalogue.seconds,
    SERVER: catalogue.servers,
}
_DEPTH = f"{LIST}/id".count("/")
_REFUSALS = {
    UNKNOWN: "this key is not known",
    NOBODY: "a key is needed: send x-api-key, or Authorization: Bearer",
}


def _conformant(exchange: Exchange) -> None:
    exchange.send(exchange.conformant())


def _numbered(answer: Response, number: int) -> Response:
    """The response with a request id that no other one of this upstream has."""
    request_id = f"req_{number:024d}"
    body = answer.body
    if isinstance(body, dict) and "request_id" in body:
        body = {**body, "request_id": request_id}
    return replace(answer, headers={**answer.headers, "request-id": request_id}, body=body)
