"""Proxies that mix up their callers: caches, shared state, connections taken over, betas that stick."""

from __future__ import annotations

import http.client
import select
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from proxies.kit import PATIENT, Registry, each, family, registered
from proxies.messages import Answer, Ask, Relay, error
from proxies.server import Proxy, received

FAULTS: Registry = {}
fault = registered(FAULTS)


@fault
def first_key_is_used_for_all(proxy: Proxy) -> None:
    """The key is kept in the session with the upstream."""
    first: list[str] = []

    def same(ask: Ask) -> Ask:
        if ask.key:
            first.append(ask.key)
        if not first:
            return ask
        return ask.with_header("authorization", None).with_header("x-api-key", first[0])

    proxy.to_upstream.append(same)


@fault
def key_belongs_to_the_connection(proxy: Proxy) -> None:
    """The first key on a connection is used for all that comes on it."""

    def same(relay: Relay, ask: Ask) -> Answer:
        handler = ask.connection
        handler.key = getattr(handler, "key", ask.key)
        return relay(ask.with_header("authorization", None).with_header("x-api-key", handler.key))

    proxy.around.append(same)


@fault
def same_url_in_flight_is_asked_once(proxy: Proxy) -> None:
    """Requests for one URL at the same moment share an answer, whoever asks."""
    _share(proxy, lambda _: True)


@fault
def same_model_in_flight_is_asked_once(proxy: Proxy) -> None:
    """Who asks for a model that is being fetched gets the answer to the one who asked first."""
    _share(proxy, lambda ask: ask.is_model)


def _share(proxy: Proxy, applies: Callable[[Ask], bool]) -> None:
    flying: dict[str, tuple[threading.Event, list[Answer]]] = {}

    def share(relay: Relay, ask: Ask) -> Answer:
        if not applies(ask):
            return relay(ask)
        with proxy.lock:
            known = flying.get(ask.target)
            if known is None:
                flying[ask.target] = (threading.Event(), [])
        if known:
            known[0].wait(5)
            return known[1][0] if known[1] else error(502)
        done, answers = flying[ask.target]
        try:
            answers.append(relay(ask))
            return answers[0]
        finally:
            done.set()
            with proxy.lock:
                del flying[ask.target]

    proxy.around.append(share)


@fault
def key_is_kept_in_a_global(proxy: Proxy) -> None:
    """The key of the newest request is used for all that are under way."""
    newest = [""]

    def keep(relay: Relay, ask: Ask) -> Answer:
        newest[0] = ask.key
        time.sleep(0.03)
        return relay(ask)

    proxy.around.append(keep)
    proxy.to_upstream.append(
        lambda ask: ask.with_header("authorization", None).with_header(
            "x-api-key", newest[0] or None
        )
    )


@fault
def answer_is_kept_in_a_global(proxy: Proxy) -> None:
    """The newest good answer goes to all that wait for one, where more than two do."""
    newest: list[Answer] = []
    waiting: set[object] = set()

    def keep(relay: Relay, ask: Ask) -> Answer:
        own = object()
        waiting.add(own)
        try:
            answer = relay(ask)
            if answer.status != 200 or len(waiting) < 3:
                return answer
            newest[:] = [answer]
            time.sleep(0.03)
            return newest[0]
        finally:
            waiting.discard(own)

    proxy.around.append(keep)


@fault
def refusal_is_kept_in_a_global(proxy: Proxy) -> None:
    """A refusal goes to all that wait at the same moment."""
    refused: dict[object, Answer] = {}
    waiting: set[object] = set()

    def keep(relay: Relay, ask: Ask) -> Answer:
        own = object()
        waiting.add(own)
        answer = relay(ask)
        if answer.status == 400:
            refused.update(dict.fromkeys(waiting, answer))
        if len(waiting) > 1:
            time.sleep(0.1)
        waiting.discard(own)
        return refused.pop(own, answer)

    proxy.around.append(keep)


@fault
def answers_go_to_the_next_one_who_waits(proxy: Proxy) -> None:
    """Of those who wait at the same moment each gets the answer of another one."""
    waiting: list[list[Answer]] = []
    answered: list[tuple[list[Answer], Answer]] = []
    proxy.timeout = PATIENT

    def hand_out() -> None:
        slots = [slot for slot, _ in answered]
        for slot, (_, answer) in zip([*slots[1:], *slots[:1]], answered, strict=True):
            slot.append(answer)
        waiting.clear()
        answered.clear()

    def next_one(relay: Relay, ask: Ask) -> Answer:
        slot: list[Answer] = []
        with proxy.lock:
            waiting.append(slot)
        try:
            answer = relay(ask)
        except Exception:
            answer = error(502)
        with proxy.lock:
            answered.append((slot, answer))
            if len(answered) == len(waiting):
                hand_out()
        deadline = time.monotonic() + 3
        while not slot and time.monotonic() < deadline:
            time.sleep(0.002)
        return slot[0] if slot else error(502)

    proxy.around.append(next_one)


@fault
def connection_is_taken_over(proxy: Proxy) -> None:
    """A connection is used once more after a client went away, with its answer still to come."""
    held: list[http.client.HTTPConnection] = []
    late: list[Ask] = []

    def exchange(ask: Ask) -> Answer:
        client = ask.connection.connection
        with proxy.lock:
            if not held:
                held.append(
                    http.client.HTTPConnection(proxy.upstream.netloc, timeout=proxy.timeout)
                )
                proxy.at_end.callback(held[0].close)
            connection = held[0]
            try:
                _send(connection, ask)
                ready, _, _ = select.select([connection.sock, client], [], [], proxy.timeout)
                if not ready:
                    raise TimeoutError
                if ready == [client]:
                    late.append(ask)  # nobody waits; the connection is kept
                    return error(502)
                response = connection.response_class(connection.sock, method="GET")
                response.begin()
                answer = received(response)
            except Exception:
                held.clear()
                connection.close()
                raise
            if response.will_close or late:
                held.clear()
                late.clear()
                connection.close()
            return answer

    proxy.exchange = exchange  # type: ignore[method-assign]


def _send(connection: http.client.HTTPConnection, ask: Ask) -> None:
    if connection.sock is None:
        connection.connect()
    lines = [f"GET {ask.target} HTTP/1.1", f"host: {urlsplit('//' + connection.host).hostname}"]
    lines += [f"{name}: {value}" for name, value in ask.headers]
    connection.sock.sendall("\r\n".join([*lines, "", ""]).encode())


@fault
def wrong_key_stops_everybody(proxy: Proxy) -> None:
    """A key that the upstream refuses opens a breaker, which is for all clients."""
    until = [0.0]

    def breaker(relay: Relay, ask: Ask) -> Answer:
        if time.monotonic() < until[0]:
            return error(503)
        answer = relay(ask)
        if answer.status == 401 and "know" in str(answer.json):
            until[0] = time.monotonic() + 0.2
        return answer

    proxy.around.append(breaker)


# --- betas ---------------------------------------------------------------------------------------


@fault
def betas_add_up(proxy: Proxy) -> None:
    """Each beta that any client ever sent goes along with every request."""
    known: list[str] = []

    def all_of_them(ask: Ask) -> Ask:
        known.extend(filter(None, ask.get("anthropic-beta").split(",")))
        return ask.with_header("anthropic-beta", ",".join(dict.fromkeys(known)) or None)

    proxy.to_upstream.append(all_of_them)


@fault
def betas_in_flight_are_merged(proxy: Proxy) -> None:
    """Betas of requests that are under way go along with one another."""
    flying: list[str] = []

    def merge(relay: Relay, ask: Ask) -> Answer:
        betas = list(filter(None, ask.get("anthropic-beta").split(",")))
        flying.extend(betas)
        time.sleep(0.02)
        try:
            return relay(ask.with_header("anthropic-beta", ",".join(dict.fromkeys(flying)) or None))
        finally:
            for beta in betas:
                flying.remove(beta)

    proxy.around.append(merge)


@family(FAULTS, each(["jar", "kept-headers"]))
def cookies_are_shared(proxy: Proxy, how: str) -> None:
    """One jar for all clients, or a cache that keeps `set-cookie`."""
    if how == "jar":
        jar: dict[str, str] = {}

        def keep(relay: Relay, ask: Ask) -> Answer:
            cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
            answer = relay(ask.with_header("cookie", cookies or None))
            name, _, rest = answer.get("set-cookie").partition("=")
            if rest:
                jar[name] = rest.partition(";")[0]
            return answer

        proxy.fetching.append(keep)
        return
    newest: list[tuple[str, str]] = []

    def remember(ask: Ask, answer: Answer) -> Answer:
        newest.extend(pair for pair in answer.headers if pair[0] == "set-cookie")
        return replace(answer, headers=[*answer.headers, *newest[-1:]]) if newest else answer

    proxy.to_client.append(remember)
