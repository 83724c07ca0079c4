"""The bounds of a whole run: what it waits, sends and keeps, and how many requests get no response."""

from __future__ import annotations

import threading

from pytest_models_contract.client import pool
from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.variant import PLAIN
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.client.wire import Wire

MOST_STALLS = 3
"""After this many missed deadlines the run is over."""
MOST_LOST = 5
"""After this many requests in a row without a response the run is over."""
PATIENCE = 100
"""How many deadlines all requests of a run may take together."""
MOST_REQUESTS = 3_000
RequestKind = frozenset[str]


class Bounds:
    """What the requests of a run over this wire have taken; `waited` is in seconds."""

    def __init__(self, wire: Wire) -> None:
        self.waited = 0.0
        self._wire = wire
        self._stalls = 0
        self._lost_in_a_row = 0
        self._answered: set[RequestKind] = set()
        self._hung: dict[RequestKind, NotJudged] = {}
        self._lock = threading.Lock()

    def exceeded(self, requests: int) -> str:
        """Which bound of the run has been reached after so many requests, if any."""
        if self.waited > PATIENCE * self._wire.timeout:
            return (
                f"the responses took {self.waited:.0f} s in all, more than {PATIENCE} times the deadline"
                " of one request: if the server may be this slow, give a longer --models-timeout"
            )
        read = f"after {requests:,} responses"
        if requests >= MOST_REQUESTS:
            return (
                f"no end {read}: the list never ends, or each response contradicts the one before"
            )
        if self._wire.pool.full:
            size = f"{pool.MOST >> 20} MiB"
            return f"the responses take more than {size} of memory, {read}: the list is too long or endless"
        return ""

    def hangs(self, request: Request) -> NotJudged | None:
        """Why there will be no response to the request, where a simpler one had none in time."""
        kind = _kind(request)
        if kind in self._answered:
            return None
        return next((lost for hung, lost in self._hung.items() if hung <= kind), None)

    def note_answered(self, request: Request) -> None:
        """Note that such a request has a response."""
        self._answered.add(_kind(request))

    def note_time(self, seconds: float) -> None:
        """Note how long a response took."""
        with self._lock:
            self.waited += seconds
            self._lost_in_a_row = 0

    def note_lost(self, request: Request, lost: NotJudged, seconds: float) -> bool:
        """Note a request without a response, and say whether these are too many."""
        with self._lock:
            self.waited += seconds
            self._stalls += lost.stalled
            self._lost_in_a_row += 1
            if lost.stalled and _kind(request) not in self._answered:
                self._hung[_kind(request)] = lost
            return self._stalls >= MOST_STALLS or self._lost_in_a_row >= MOST_LOST


def _kind(request: Request) -> RequestKind:
    """The endpoint, variant and parameters of a request.

    Where a request with fewer of them hangs, this one would hang as well.
    """
    endpoint = f"{request.method} {request.path}"
    if request.method == "GET" and request.path.startswith(f"{LIST}/"):
        endpoint = "model"
    variants = [str(request.variant)] if request.variant != PLAIN else []
    return frozenset([endpoint, *variants, *(f"{name}=" for name, _ in request.query)])
