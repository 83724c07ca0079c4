"""The fake for tests of clients: on a loopback port, with a catalogue and faults that the test sets."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from itertools import repeat
from typing import TYPE_CHECKING, Any

from pytest_models_contract.fake.application import Fake, with_fault
from pytest_models_contract.fake.catalogue import DEFAULT_REVISION, Model
from pytest_models_contract.fake.exchange import Ask, Fault, Request, Response, error_headers
from pytest_models_contract.fake.serving import serve
from pytest_models_contract.spec.revision import Revision

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DEFAULT_ERROR_TYPE = "api_error"


class FakeServer:
    """A conformant Models API at `base_url`, until the test injects faults.

    What the test sets applies from the next request on. Faults add up, the last one gets the response
    last. Delays, failures and dropped connections come after them.
    """

    def __init__(self, base_url: str = "") -> None:
        self.base_url = base_url
        self._faults: list[Fault] = []
        self._failures: list[Fault] = []
        self._ended = threading.Event()
        self.serve()

    def serve(
        self,
        models: int | Sequence[Mapping[str, Any]] = 27,
        *,
        revision: str = DEFAULT_REVISION,
        key: str | None = None,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        """Serve another catalogue: a number of models, or models of your own, which need only an `id`. If a
        `key` is given, each request needs it.

        revision: the one to follow. aliases: alias -> id of a model. The requests so far are forgotten;
        what the other methods set stays. ValueError: an unknown revision, a number of models out of
        range, an alias of an unknown model.
        """
        self._fake = Fake(models, revision, key, [self._misbehave], aliases)

    @property
    def models(self) -> Sequence[Model]:
        """The catalogue, newest first."""
        return self._fake.models

    @property
    def requests(self) -> Sequence[Request]:
        """The requests since the catalogue was set, oldest first; the last ten thousand of them."""
        return tuple(self._fake.requests)

    def inject(self, *names: str) -> None:
        """Inject these faults, by name.

        names: keys of `pytest_models_contract.fake.faults.FAULTS`. ValueError: there is no such fault; the
        text lists similar names.
        """
        from pytest_models_contract.fake.faults import fault_named

        self._faults += [fault_named(name) for name in names]

    def delay(self, seconds: float) -> None:
        """Delay every response by so many seconds.

        ValueError: the number is negative.
        """
        if seconds < 0:
            raise ValueError(f"delay({seconds}): give 0 seconds or more")

        def late(ask: Ask, request: Request) -> Response:
            self._ended.wait(seconds)
            return ask(request)

        self._failures.append(late)

    def fail(
        self, status: int, *, times: int | None = None, retry_after: float | None = None
    ) -> None:
        """Respond to the next `times` requests (None: all) with an error status, such as 429 or 500.

        retry_after: seconds, sent as that header. ValueError: the status is not that of an error.
        """
        wait = error_headers(status, retry_after)

        def failed(_: Ask, request: Request) -> Response:
            return _failure(status, wait, request, self._fake.revision)

        self._failures.append(_at_first(times, failed))

    def drop(self, *, times: int | None = None) -> None:
        """Close the connection of the next `times` requests (None: all) without a response."""
        self._failures.append(_at_first(times, _hung_up))

    def reset(self) -> None:
        """Remove all faults, delays, failures and dropped connections."""
        self._faults.clear()
        self._failures.clear()

    # Older names, which keep working.
    asked = requests
    lie = inject
    behave = reset

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The server as a WSGI application."""
        return self._fake(environ, start_response)

    def _misbehave(self, ask: Ask, request: Request) -> Response:
        return reduce(with_fault, [*self._faults, *self._failures], ask)(request)

    def _end(self) -> None:
        self._ended.set()


@contextmanager
def fake_server() -> Iterator[FakeServer]:
    """A `FakeServer` on a free loopback port while the block runs; its end cancels all delays."""
    server = FakeServer()
    with serve(server) as server.base_url:
        try:
            yield server
        finally:
            server._end()


def _at_first(times: int | None, fault: Fault) -> Fault:
    """The fault for the first `times` requests, or for all."""
    turns = repeat(True) if times is None else repeat(True, times)
    return lambda ask, request: (fault if next(turns, False) else _conformant)(ask, request)


def _conformant(ask: Ask, request: Request) -> Response:
    return ask(request)


def _hung_up(_: Ask, __: Request) -> Response:
    raise ConnectionAbortedError("the fake drops the connection, as the test demands")


def _failure(status: int, wait: Mapping[str, str], request: Request, revision: str) -> Response:
    request_id = f"req_{request.number:024d}"
    headers = {"content-type": "application/json", "request-id": request_id, **wait}
    kind = Revision.load(revision).error_types.get(status, DEFAULT_ERROR_TYPE)
    problem = {"type": kind, "message": f"{status}, as the test demands"}
    return Response(status, headers, {"type": "error", "error": problem, "request_id": request_id})
