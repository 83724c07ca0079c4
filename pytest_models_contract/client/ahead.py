"""Requests that are sent before a check asks for them: several at once, where the server is slow."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from pytest_models_contract.client.exchange import Request, Response
from pytest_models_contract.client.retries import is_transient, pause_before_retry
from pytest_models_contract.client.variant import PLAIN
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.client.wire import OVERLOADED, Wire

SLOW = 0.02
"""From this median of its response times on, in seconds, a server is slow."""
LONGER = 3.0
"""A response that takes more than so many times the longest of those sent alone shows an overload."""


class Ahead:
    """Responses that wait until a check asks for them.

    `most` is how many requests may be in flight at once; 1 sends nothing ahead. `trouble` says why no
    more is sent ahead: the server does not cope.
    """

    def __init__(self, wire: Wire) -> None:
        self.most = 1
        self.trouble = ""
        self._wire = wire
        self._pause = 0.0
        self._dropped = 0
        self._usual = 0.0
        self._waiting: dict[Request, Response] = {}

    @property
    def unused(self) -> int:
        """How many responses no check has asked for."""
        return self._dropped + len(self._waiting)

    def take(self, request: Request) -> Response | None:
        """The response that waits for this request, once."""
        return self._waiting.pop(request, None)

    def forget(self) -> None:
        """Drop the responses that wait, and send nothing ahead any more: the list is read again."""
        self._dropped = self.unused
        self._waiting.clear()
        self.most = 1

    def send(self, requests: Sequence[Request], before: Sequence[Response]) -> None:
        """Send these requests, each once, if the responses `before` show a slow server.

        A request with a failure for a response is sent again by the check that asks for it. At the
        first sign of an overload the rest is left to the checks.
        """
        alone = [each.seconds for each in before if each.request.variant == PLAIN]
        if self.most < 2 or self.trouble or not alone or median(alone) < SLOW:
            return
        self._usual = self._usual or max(alone)
        new = [each for each in dict.fromkeys(requests) if each not in self._waiting]
        with ThreadPoolExecutor(self.most) as threads:
            try:
                list(threads.map(self._send, new))
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise
        if self._pause <= self._wire.timeout:
            time.sleep(self._pause)

    def _send(self, request: Request) -> None:
        if self.trouble:
            return
        try:
            response = self._wire.once(request)
        except NotJudged as lost:
            # A missed deadline closes the connections of the other requests as well.
            if lost.stalled or not self.trouble:
                self.trouble = str(lost)
            return
        if is_transient(response):
            self._note_failure(response)
            return
        self._waiting[request] = response
        if response.seconds > LONGER * self._usual:
            seen, usual = f"{response.seconds:.1f} s", f"{self._usual:.1f} s"
            self.trouble = (
                f"{request.shortened} took {seen} together with others, at most {usual} alone"
            )

    def _note_failure(self, response: Response) -> None:
        """A busy server, or a body that was cut off, ends it; another failure may be that of the request."""
        if response.status not in OVERLOADED and not response.cut_off:
            return
        what = "the body was cut off" if response.cut_off else response.status_text
        self.trouble = f"{response.request.shortened}: {what}"
        if response.status in OVERLOADED:
            self._pause = max(self._pause, pause_before_retry(response, 0))
