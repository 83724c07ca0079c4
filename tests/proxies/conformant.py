"""Proxies that are right, each of another kind: no check that is a must may be violated by any."""

from __future__ import annotations

import http.client
import json
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from proxies.key_faults import followed, with_own_key
from proxies.kit import Registry, edit_models, family, registered
from proxies.server import (
    HOP_BY_HOP,
    LIST,
    Answer,
    Ask,
    Proxy,
    Relay,
    error,
    head,
    in_chunks,
    packed,
    said,
    to_the_end,
    with_length,
    write,
)
from pytest_models_contract.fake.serving import Handler

CONFORMANT: Registry = {}
conformant = registered(CONFORMANT)


@conformant
def plain(proxy: Proxy) -> None:
    """Looks at no body."""


@family(CONFORMANT, {"chunks": in_chunks, "http-1.0": to_the_end, "compressed": packed})
def sends_in(proxy: Proxy, send: Any) -> None:
    proxy.send = send
    if send is packed:
        proxy.rewrites = True


@family(CONFORMANT, {"20": 20, "50": 50, "1000": 1000})
def reads_the_whole_list(proxy: Proxy, size: int) -> None:
    """In pages of its own size, and cuts windows from it."""
    proxy.aggregates, proxy.page_size, proxy.strict = True, size, True


# --- keys ----------------------------------------------------------------------------------------


@conformant
def has_a_key_of_its_own(proxy: Proxy) -> None:
    """And lets any client in."""
    with_own_key(proxy)


@conformant
def has_a_key_and_knows_its_clients(proxy: Proxy) -> None:
    with_own_key(proxy)
    proxy.around.append(_known(proxy, proxy.keys.client))


@conformant
def knows_its_clients(proxy: Proxy) -> None:
    """And passes on the key of the one it knows."""
    proxy.around.append(_known(proxy, proxy.keys.client))


def _known(proxy: Proxy, *keys: str) -> Any:
    def check(relay: Relay, ask: Ask) -> Answer:
        return relay(ask) if ask.key in keys else error(401, "authentication_error", "who are you?")

    return check


@conformant
def falls_back_to_a_key_of_its_own(proxy: Proxy) -> None:
    """Where a client brings none."""

    def own(ask: Ask) -> Ask:
        return ask if ask.key else ask.with_header("x-api-key", proxy.keys.server)

    proxy.to_upstream.append(own)
    proxy.around.append(_hides_refusals_of_its_own_key)


def _hides_refusals_of_its_own_key(relay: Relay, ask: Ask) -> Answer:
    answer = relay(ask)
    return answer if ask.key or answer.status not in {401, 403} else error(502)


@conformant
def looks_after_its_upstream(proxy: Proxy) -> None:
    """With a key of its own and all the time, while clients' requests go out with theirs."""

    def look() -> None:
        while not proxy.over.wait(0.05):
            ask = Ask(f"{LIST}?limit=1", [("x-api-key", proxy.keys.server)])
            try:
                proxy.exchange(ask)
            except (OSError, http.client.HTTPException):
                continue

    proxy.start.append(lambda: threading.Thread(target=look, daemon=True).start())


# --- caches --------------------------------------------------------------------------------------


def kept(
    proxy: Proxy, seconds: float, *, stale: bool = False, announced: bool = False, errors: float = 0
) -> None:
    """Keep answers by key, URL, betas and coding; `stale`: during a failure the old one, too."""
    known: dict[Any, tuple[float, Answer]] = {}

    def look(relay: Relay, ask: Ask) -> Answer:
        varying = (
            ask.get(name) for name in ("anthropic-beta", "anthropic-version", "accept-encoding")
        )
        name = (ask.target, ask.key, *varying)
        at, answer = known.get(name, (0.0, error(500)))
        fresh = seconds if answer.status == 200 else errors
        if name in known and time.monotonic() - at < fresh:
            return _aged(answer, at, seconds) if announced else answer
        try:
            newer = relay(ask)
        except Exception:
            newer = error(502)
        useful = newer.status < 500 and newer.status != 429
        if stale and not useful and answer.status == 200:
            return answer
        if newer.status == 200 or errors:
            known[name] = (time.monotonic(), newer)
        return _aged(newer, time.monotonic(), seconds) if announced else newer

    proxy.around.append(look)


def _aged(answer: Answer, at: float, seconds: float) -> Answer:
    age = int(time.monotonic() - at)
    return answer.with_header("cache-control", f"max-age={seconds:.0f}").with_header(
        "age", str(age)
    )


@conformant
def keeps_answers_for_a_moment(proxy: Proxy) -> None:
    kept(proxy, 0.5)


@conformant
def keeps_answers_for_long(proxy: Proxy) -> None:
    kept(proxy, 3600)


@conformant
def keeps_answers_and_says_so(proxy: Proxy) -> None:
    kept(proxy, 3600, announced=True)


@conformant
def serves_old_answers_during_failures(proxy: Proxy) -> None:
    kept(proxy, 0, stale=True)


@conformant
def keeps_failures_for_a_moment(proxy: Proxy) -> None:
    kept(proxy, 0.5, errors=0.5)


def whole_list_kept(proxy: Proxy, *, stale: bool) -> None:
    """Keep each key's whole list; a failure keeps nothing."""
    proxy.aggregates = proxy.strict = True
    lists: dict[str, list[Any]] = {}
    whole = proxy.whole

    def once(ask: Ask) -> list[Any]:
        if ask.key not in lists or stale:
            try:
                lists[ask.key] = whole(ask)
            except Exception:
                if ask.key not in lists:
                    raise
        return lists[ask.key]

    proxy.whole = once  # type: ignore[method-assign]


@family(CONFORMANT, {"for-long": False, "for-failures": True})
def keeps_the_whole_list(proxy: Proxy, stale: bool) -> None:
    whole_list_kept(proxy, stale=stale)


class _Prefetched:
    """The whole list, read with the server's own key before anybody asks."""

    def __init__(self, proxy: Proxy) -> None:
        self.key = with_own_key(proxy)
        proxy.aggregates = proxy.strict = True
        proxy.page_size = 500
        self.over = proxy.over
        self.read = proxy.whole
        self.models: list[Any] = []
        proxy.whole = self.whole  # type: ignore[method-assign]

    def fetch(self) -> None:
        headers = [("x-api-key", self.key), ("anthropic-version", "2023-06-01")]
        self.models = self.read(Ask(LIST, headers))

    def try_to_fetch(self) -> None:
        with suppress(Exception):
            self.fetch()

    def go_on(self) -> None:
        while not self.over.wait(0.2):
            self.try_to_fetch()

    def whole(self, ask: Ask) -> list[Any]:
        if not self.models:
            self.fetch()
        return self.models


@conformant
def fetches_at_start(proxy: Proxy) -> None:
    """And later only if that failed."""
    proxy.start.append(_Prefetched(proxy).try_to_fetch)


@conformant
def fetches_again_and_again(proxy: Proxy) -> None:
    found = _Prefetched(proxy)
    proxy.start.append(found.try_to_fetch)
    proxy.start.append(lambda: threading.Thread(target=found.go_on, daemon=True).start())


@conformant
def does_not_start_without_its_upstream(proxy: Proxy) -> None:
    proxy.start.append(_Prefetched(proxy).fetch)


@conformant
def same_request_of_one_client_is_asked_once(proxy: Proxy) -> None:
    """Where it is under way already."""
    flying: dict[Any, tuple[threading.Event, list[Answer]]] = {}

    def share(relay: Relay, ask: Ask) -> Answer:
        name = (ask.target, tuple(sorted(ask.headers)))
        with proxy.lock:
            known = flying.get(name)
            if known is None:
                flying[name] = (threading.Event(), [])
        if known:
            known[0].wait(5)
            return known[1][0] if known[1] else error(502)
        try:
            flying[name][1].append(relay(ask))
            return flying[name][1][0]
        finally:
            flying[name][0].set()
            with proxy.lock:
                del flying[name]

    proxy.around.append(share)


# --- failures ------------------------------------------------------------------------------------


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


# --- bodies --------------------------------------------------------------------------------------


@conformant
def writes_json_in_its_own_way(proxy: Proxy) -> None:
    """Keys in another order, blanks, escapes; own ids of requests; more headers and properties."""
    proxy.rewrites = True

    def own(ask: Ask, answer: Answer) -> Answer:
        body = answer.json
        if body is None:
            return answer
        text = json.dumps(_more(body), sort_keys=True, indent=2, ensure_ascii=True)
        headers = [("x-gateway", "1"), ("request-id", f"own-{time.monotonic_ns()}")]
        kept = [pair for pair in answer.headers if pair[0] != "request-id"]
        return replace(answer, headers=[*kept, *headers], body=text.encode())

    proxy.to_client.append(own)


def _more(body: Any) -> Any:
    if isinstance(body, dict) and "data" in body:
        return {
            **body,
            "object": "list",
            "data": [{**model, "owned_by": "us"} for model in body["data"]],
        }
    return body


@conformant
def writes_dates_in_its_own_way(proxy: Proxy) -> None:
    """To the millisecond, in UTC."""
    from pytest_models_contract.spec import rfc3339

    def edit(model: dict[str, Any]) -> dict[str, Any]:
        moment = rfc3339.instant(model["created_at"])
        assert moment is not None
        text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment.second))
        return {**model, "created_at": f"{text}.{moment.fraction[:3].ljust(3, '0')}+00:00"}

    edit_models(proxy, edit)


@conformant
def rounds_large_integers(proxy: Proxy) -> None:
    """As JavaScript does: advice."""

    def edit(model: dict[str, Any]) -> dict[str, Any]:
        tokens = model["max_tokens"]
        return {**model, "max_tokens": int(float(tokens)) if tokens else tokens}

    edit_models(proxy, edit)


__all__ = ["CONFORMANT", "Handler", "head", "said", "write"]
