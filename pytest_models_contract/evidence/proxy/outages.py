"""An upstream that fails in each way there is, and the proxy brought back after each.

A cache hides a failure, and so does a proxy that protects itself: what is asked is then asked again
of a proxy that was restarted or has recovered.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.evidence.proxy.apart import set_apart
from pytest_models_contract.evidence.proxy.callers import overlaps
from pytest_models_contract.evidence.proxy.requests import listing, single
from pytest_models_contract.evidence.proxy.served import (
    as_without,
    half,
    healthy,
    is_whole,
    looks_like,
    of_served,
    require_whole,
    serves_models,
)
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed, walk
from pytest_models_contract.fake.upstream import behaviour

STATUSES = ("400", "401", "403", "404", "429", "500", "502", "503", "529")
SILENT = "silent"
_WAIT = {"429": {"retry-after": "1"}}
_ACTS: Mapping[str, behaviour.Act | None] = {
    **{name: behaviour.failing(int(name), _WAIT.get(name)) for name in STATUSES},
    "cut-length": behaviour.cut_short,
    "cut-chunks": behaviour.cut_before_the_last_chunk,
    "web-page": behaviour.saying(behaviour.WEB_PAGE, "text/html"),
    "broken-json": behaviour.saying(behaviour.BROKEN_JSON, "application/json"),
    "circle": behaviour.circling,
    "reset": behaviour.resetting,
    "refused": None,  # on the way to the port
    SILENT: behaviour.hanging,
}
FAILURES = tuple(_ACTS)
LATER_FAILURES = tuple(name for name in FAILURES if name != "refused")
SENT = {"web-page": behaviour.WEB_PAGE, "broken-json": behaviour.BROKEN_JSON}
"""What the upstream sends with 200 in place of its response."""
MOST_RESTARTS = 12
_AGAIN = 0.2
"""How often a proxy is asked whether it serves again, in seconds."""
NEVER = float("inf")


@dataclass(frozen=True)
class Outage:
    """What clients got while the upstream failed in one way.

    `back` is how many seconds the proxy took to serve again, `NEVER` where it did not in time, None
    where nobody looked: a cache would have been filled again. `last` is the last look.
    """

    kind: str
    asked: Sequence[Relayed]
    back: float | None
    last: Relayed | None = None


class Proxy:
    """The state of the proxy between the failures: what it keeps, and whether it serves."""

    def __init__(self, proxy: ProxyUnderTest) -> None:
        self.proxy = proxy
        self.caches = False
        self.gone = ""
        self.last: Relayed | None = None
        self._restarts = 0
        self._fetches_at_start = False
        self._never_cold = False
        self._slow = False
        self._serving = True

    # --- one failure -----------------------------------------------------------------------------

    def outage(self, kind: str, *, later: bool) -> Outage:
        """Let the upstream fail, ask, and bring the proxy back. Raises `Unexercised` when it is gone."""
        self.proxy.read(healthy)
        self.proxy.read(serves_models)
        if self.gone:
            raise Unexercised(self.gone)
        asked = self._asked(kind, later)
        if self._shut(asked, kind) and self._serves_again():
            asked = self._asked(kind, later)
        if self._hidden(asked):
            self.caches = True
            asked = self._asked_cold(kind, later) or asked
        back = None if self.caches else self.back(asked, whole=later)
        return Outage(kind, asked, back, self.last)

    def _asked(self, kind: str, later: bool) -> list[Relayed]:
        with self._failing(kind, later):
            return self._ask(kind, later)

    def _asked_cold(self, kind: str, later: bool) -> list[Relayed]:
        """The same of a proxy that was just restarted; empty where that makes no difference."""
        if self._never_cold:
            return []
        if not self._fetches_at_start:
            asked = self._asked(kind, later) if self._restarted() else []
            if not self._hidden(asked):
                return asked
        # Started while its upstream fails, it has nothing yet.
        with self._failing(kind, later):
            asked = self._ask(kind, later) if self._restarted() else []
        self._fetches_at_start = bool(asked) and not self._hidden(asked)
        self._never_cold = not self._fetches_at_start
        if self.gone:
            self._restarted()
        return asked

    def _ask(self, kind: str, later: bool) -> list[Relayed]:
        if later:
            return list(walk(self.proxy.once, limit=half(self.proxy)))
        return self._list_and_model(kind)

    def _failing(self, kind: str, later: bool) -> AbstractContextManager[None]:
        act = _ACTS[kind]
        if act is None:
            return self.proxy.upstream.refusing()
        when = behaviour.later_pages if later else behaviour.every
        return self.proxy.upstream.acting(act, when)

    def _list_and_model(self, kind: str) -> list[Relayed]:
        asks = [listing(limit=self.proxy.fresh_limit()), single(self.proxy.fresh_model())]
        if kind != SILENT or self.proxy.read(overlaps):
            return self.proxy.at_once(asks)
        first = self.proxy.once(asks[0])
        # One request at a time: the second would only wait for the first.
        return [first] if first.response.stalled else [first, self.proxy.once(asks[1])]

    # --- what hides a failure --------------------------------------------------------------------

    def _hidden(self, asked: Sequence[Relayed]) -> bool:
        """Whether a cache answered, the list or the model, as if nothing had failed."""
        lists = [each for each in asked if each.response.request.path == LIST]
        models = [each for each in asked if each not in lists]
        return any(
            part and all(as_without(each, self.proxy) for each in part) for part in (lists, models)
        )

    def _shut(self, asked: Sequence[Relayed], kind: str) -> bool:
        """Whether the proxy refused without asking the upstream."""
        return kind != "refused" and any(
            not each.response.ok and not each.upstream for each in asked
        )

    def _restarted(self) -> bool:
        """Restart the proxy; False where it does not come back, as it may without its upstream."""
        if self.proxy.restart is None or self._restarts >= MOST_RESTARTS:
            return False
        self._restarts += 1
        try:
            self.proxy.restart()
        except NotJudged as why:
            self.gone = str(why)
            return False
        self.gone = ""
        return True

    # --- whether it serves again -----------------------------------------------------------------

    def back(self, asked: Sequence[Relayed] = (), *, whole: bool = False) -> float:
        """How long the proxy takes to serve again, in seconds; where it does not, it is restarted.

        One that keeps a failure alone is not: it serves what was not asked yet.
        """
        waited = self.waited(asked, whole=whole)
        if waited == NEVER and not (self._serving or self._restarted()):
            self.gone = self.gone or "the server did not serve again, and cannot be restarted"
        return waited

    def _serves_again(self) -> bool:
        self.back()
        return not self.gone

    def waited(self, asked: Sequence[Relayed] = (), *, whole: bool = False) -> float:
        """How long the proxy takes to serve again, in seconds.

        asked: what failed, and may not be kept. whole: the list has to be whole again, one page is
        not enough.
        """
        started, most = time.monotonic(), 0 if self._slow else self.proxy.recovery
        while True:
            self._serving = self._serves_whole() if whole else self._serves()
            passed = time.monotonic() - started
            if self._serving and not self._keeps_a_failure(asked):
                return passed
            if passed >= most:
                self._slow = True
                return NEVER
            time.sleep(_AGAIN)

    def _serves(self) -> bool:
        self.last = self.proxy.once(listing(limit=self.proxy.fresh_limit()))
        return looks_like(self.last, self.proxy.read(healthy))

    def _keeps_a_failure(self, asked: Sequence[Relayed]) -> bool:
        """Whether the same request fails again although nothing reaches the upstream."""
        for failed in of_served(asked, self.proxy):
            again = self.proxy.once(failed.response.request)
            if not (again.upstream or as_without(again, self.proxy)):
                self.last = again
                return True
        return False

    def _serves_whole(self) -> bool:
        asked = list(walk(self.proxy.once, limit=half(self.proxy)))
        self.last = asked[-1]
        return is_whole(asked, self.proxy)


@set_apart
def outage(proxy: ProxyUnderTest, kind: str) -> Outage:
    """A list and a model asked for while every response of the upstream fails."""
    return proxy.read(Proxy).outage(kind, later=False)


@set_apart
def later_outage(proxy: ProxyUnderTest, kind: str) -> Outage:
    """A walk over the list while the upstream fails at every page but the first."""
    if kind == SILENT and any(asked.response.stalled for asked in proxy.read(outage, SILENT).asked):
        raise Unexercised(
            "the server waits for a silent upstream longer than the time-out of the run"
        )
    proxy.read(require_whole)
    return proxy.read(Proxy).outage(kind, later=True)
