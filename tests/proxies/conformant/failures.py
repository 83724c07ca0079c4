"""Conformant proxies whose upstream fails: what they answer, and what they do meanwhile."""

from __future__ import annotations

import http.client
import threading
import time
from typing import Any

from proxies.key_faults import followed
from proxies.kit import Registry, family, registered
from proxies.messages import Answer, Ask, Relay, error
from proxies.sending import in_chunks, to_the_end, with_length
from proxies.server import HOP_BY_HOP, Proxy

CONFORMANT: Registry = {}
conformant = registered(CONFORMANT)


@family(CONFORMANT, {"502": 502, "503": 503})
def answers_any_failure_with(proxy: Proxy, status: int) -> None:
    """Even a refusal of the key, or an unknown id."""
    proxy.strict = True

    def own(relay: Relay, ask: Ask) -> Answer:
        try:
            answer = relay(ask)
        except Exception:
            return error(status)
        return answer if answer.status == 200 else error(status)

    proxy.around.append(own)


@conformant
def answers_with_a_page_of_its_own(proxy: Proxy) -> None:
    """As nginx does where its upstream does not answer: advice."""

    def page(relay: Relay, ask: Ask) -> Answer:
        try:
            return relay(ask)
        except Exception:
            return Answer(502, [("content-type", "text/html")], b"<h1>502 Bad Gateway</h1>")

    proxy.around.append(page)


@family(CONFORMANT, {"twice": 3, "four-times": 5})
def tries_again(proxy: Proxy, most: int) -> None:
    def again(relay: Relay, ask: Ask) -> Answer:
        for turn in range(most):
            try:
                answer = relay(ask)
            except (OSError, http.client.HTTPException):
                if turn == most - 1:
                    raise
                continue
            if answer.status < 500 and answer.status != 429:
                return answer
        return answer

    proxy.fetching.append(again)


@family(CONFORMANT, {"503": 503, "429": 429})
def rests_after_failures(proxy: Proxy, status: int) -> None:
    """Does not ask for a while after three failures in a row."""
    failed: list[float] = []

    def rest(relay: Relay, ask: Ask) -> Answer:
        if len(failed) >= 3 and time.monotonic() - failed[-1] < 0.4:
            busy = error(status, "overloaded_error" if status == 503 else "rate_limit_error")
            return busy.with_header("retry-after", "1")
        try:
            answer = relay(ask)
        except Exception:
            failed.append(time.monotonic())
            raise
        if answer.status >= 500 or answer.status == 429:
            failed.append(time.monotonic())
        else:
            failed.clear()
        return answer

    proxy.around.append(rest)


@conformant
def passes_on_what_it_gets(proxy: Proxy) -> None:
    """While it comes: a body that is cut is cut for the client, too."""
    _streams(proxy, with_length)


@conformant
def passes_on_what_it_gets_in_chunks(proxy: Proxy) -> None:
    """A body that is cut has no last chunk."""
    _streams(proxy, in_chunks)


@conformant
def passes_on_what_it_gets_to_the_end(proxy: Proxy) -> None:
    """As HTTP/1.0: nothing but the JSON says that a body is cut."""
    _streams(proxy, to_the_end)


def _streams(proxy: Proxy, send: Any) -> None:
    def read(relay: Relay, ask: Ask) -> Answer:
        try:
            return relay(ask)
        except http.client.IncompleteRead as cut:
            return Answer(200, [("content-type", "application/json")], cut.partial, cut=True)

    proxy.fetching.append(read)
    proxy.send = send


@conformant
def follows_redirects_with_keys_at_home(proxy: Proxy) -> None:
    """Redirects to the same host and port are followed with the key, others without."""
    followed(proxy, ())


@conformant
def answers_some_with_503_when_many_ask(proxy: Proxy) -> None:
    busy = threading.Semaphore(3)

    def limited(relay: Relay, ask: Ask) -> Answer:
        if not busy.acquire(blocking=False):
            return error(503, "overloaded_error")
        try:
            return relay(ask)
        finally:
            busy.release()

    proxy.around.append(limited)


@conformant
def answers_one_request_at_a_time(proxy: Proxy) -> None:
    one = threading.Lock()

    def in_turn(relay: Relay, ask: Ask) -> Answer:
        with one:
            return relay(ask)

    proxy.around.append(in_turn)


@conformant
def asks_its_upstream_on_one_connection(proxy: Proxy) -> None:
    """Which is closed whenever an answer does not come whole."""
    held: list[http.client.HTTPConnection] = []

    def exchange(ask: Ask) -> Answer:
        with proxy.lock:
            if not held:
                held.append(
                    http.client.HTTPConnection(proxy.upstream.netloc, timeout=proxy.timeout)
                )
                proxy.at_end.callback(held[0].close)
            try:
                return _on(held[0], ask)
            except http.client.RemoteDisconnected:
                held[0].close()
                return _on(held[0], ask)
            except Exception:
                held.pop().close()
                raise

    proxy.exchange = exchange  # type: ignore[method-assign]


def _on(connection: http.client.HTTPConnection, ask: Ask) -> Answer:
    connection.putrequest(ask.method, ask.target, skip_accept_encoding=True)
    for name, value in ask.headers:
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    headers = [(name.lower(), value) for name, value in response.getheaders()]
    named = [value.lower() for name, value in headers if name == "connection"]
    gone = {*HOP_BY_HOP, "content-length", *named}
    return Answer(
        response.status, [pair for pair in headers if pair[0] not in gone], response.read()
    )


@conformant
def limits_its_clients(proxy: Proxy) -> None:
    """To sixty requests in a second."""
    came: list[float] = []

    def limit(relay: Relay, ask: Ask) -> Answer:
        with proxy.lock:
            came.append(time.monotonic())
            came[:] = [at for at in came if came[-1] - at < 1]
            full = len(came) > 60
        if full:
            return error(429, "rate_limit_error").with_header("retry-after", "1")
        return relay(ask)

    proxy.around.append(limit)


@conformant
def refusals_become_403(proxy: Proxy) -> None:
    """Advice: the type of the error is another one."""
    proxy.to_client.append(
        lambda ask, answer: error(403, "permission_error") if answer.status == 401 else answer
    )


@conformant
def says_504_when_it_gives_up(proxy: Proxy) -> None:
    def late(relay: Relay, ask: Ask) -> Answer:
        try:
            return relay(ask)
        except TimeoutError:
            return error(504)

    proxy.fetching.append(late)
