"""Proxies that report failures badly, make them dear, or never get over them."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from proxies.failure_faults import broken, is_useless, lenient
from proxies.kit import PATIENT, Registry, each, family, registered
from proxies.messages import Answer, Ask, Relay, error, said
from proxies.sending import hung_up, without_an_end
from proxies.server import Proxy

FAULTS: Registry = {}
fault = registered(FAULTS)


def _changed(change: Callable[[Answer], Answer]) -> Callable[[Ask, Answer], Answer]:
    return lambda ask, answer: change(answer) if answer.status >= 400 else answer


@family(
    FAULTS,
    {
        "text": lambda answer: Answer(answer.status, [("content-type", "text/plain")], b"failed"),
        "web-page": lambda answer: Answer(502, [("content-type", "text/html")], b"<h1>502</h1>"),
        "openai": lambda answer: said(
            answer.status, {"error": {"message": "failed", "code": None}}
        ),
        "500": lambda answer: error(500),
        "400": lambda answer: error(400, "invalid_request_error"),
        "another-type": lambda answer: error(answer.status, "proxy_error"),
    },
)
def errors_become(proxy: Proxy, change: Any) -> None:
    proxy.to_client.append(_changed(change))


@fault
def too_many_requests_become_500(proxy: Proxy) -> None:
    proxy.to_client.append(lambda ask, answer: error(500) if answer.status == 429 else answer)


@family(
    FAULTS,
    {
        "no-answer": lambda answer: answer.status >= 400 and answer.get("request-id") == "req_own",
        "any": is_useless,
    },
)
def connection_is_closed_for(proxy: Proxy, which: Any) -> None:
    """The client gets no answer for such a failure."""
    proxy.rewrites = True
    send = proxy.send

    def close(handler: Any, ask: Ask, answer: Answer) -> None:
        (hung_up if which(answer) else send)(handler, ask, answer)

    proxy.send = close


@fault
def cut_body_has_no_end(proxy: Proxy) -> None:
    """The client waits for the rest of what the upstream cut."""
    lenient(proxy, lambda body, answer: replace(answer, cut=True))
    proxy.send = without_an_end


@family(
    FAULTS,
    {
        "4xx": lambda answer: answer and 400 <= answer.status < 500,
        "5xx": lambda answer: answer and answer.status >= 500,
        "unreadable": lambda answer: answer is None or broken(answer),
    },
)
def failures_are_tried_again_fifty_times(proxy: Proxy, which: Any) -> None:
    """Such answers, None for one that is cut, are asked for again at once."""
    proxy.rewrites = True

    def again(relay: Relay, ask: Ask) -> Answer:
        answer: Answer | None = None
        for _ in range(50):
            try:
                answer = relay(ask)
            except http.client.IncompleteRead:
                answer = None
            if not which(answer):
                break
        return answer or error(502)

    proxy.fetching.append(again)


@fault
def failures_are_tried_again_for_ever(proxy: Proxy) -> None:
    def again(relay: Relay, ask: Ask) -> Answer:
        while not proxy.over.is_set():
            try:
                answer = relay(ask)
                if answer.status < 500:
                    return answer
            except OSError:
                pass
            time.sleep(0.02)
        return error(502)

    proxy.fetching.append(again)


@fault
def redirects_are_followed_for_ever(proxy: Proxy) -> None:
    def follow(relay: Relay, ask: Ask) -> Answer:
        answer = relay(ask)
        while answer.status in {301, 302, 303, 307, 308} and not proxy.over.is_set():
            url = urljoin(f"http://{proxy.upstream.netloc}{ask.target}", answer.get("location"))
            if not url.startswith(f"http://{proxy.upstream.netloc}"):
                return answer
            ask = replace(ask, target=url.removeprefix(f"http://{proxy.upstream.netloc}"))
            answer = relay(ask)
        return answer

    proxy.fetching.append(follow)


@family(FAULTS, each(["whatever", "by-count"]))
def endless_lists_are_read_for_ever(proxy: Proxy, how: str) -> None:
    """Pages are read while there are more, without a bound."""
    proxy.aggregates = True
    page_of_upstream = proxy.page

    def whole(ask: Ask) -> list[Any]:
        cursor, found = None, dict[str, Any]()
        while not proxy.over.is_set():
            page = page_of_upstream(ask.with_query(limit="100", after_id=cursor, before_id=None))
            known = len(found)
            found |= {model["id"]: model for model in page["data"]}
            if not page["has_more"] or (how == "by-count" and len(found) == known):
                break
            cursor = page["last_id"]
        return list(found.values())

    proxy.whole = whole  # type: ignore[method-assign]


@fault
def silent_upstream_is_waited_for(proxy: Proxy) -> None:
    proxy.timeout = None


@family(
    FAULTS,
    {
        "429": lambda code: code == 429,
        "4xx": lambda code: 400 <= code < 500,
        "5xx": lambda code: code >= 500,
    },
)
def one_failure_is_the_end(proxy: Proxy, which: Any) -> None:
    """After one such failure of the upstream's it is not asked any more."""
    dead: list[int] = []

    def once(relay: Relay, ask: Ask) -> Answer:
        with proxy.lock:
            if dead:
                return error(503)
            answer = relay(ask)
            if which(answer.status) and _is_of_the_moment(answer):
                dead.append(answer.status)
            return answer

    proxy.around.append(once)


def _is_of_the_moment(answer: Answer) -> bool:
    """Whether a request failed because the upstream fails, not for its key or its id."""
    return bool(answer.json) and answer.json["error"]["message"].startswith(str(answer.status))


@fault
def no_answer_is_the_end(proxy: Proxy) -> None:
    """After one connection that broke the upstream is not asked any more."""
    dead: list[int] = []
    proxy.timeout = PATIENT

    def once(relay: Relay, ask: Ask) -> Answer:
        if dead:
            return error(503)
        try:
            return relay(ask)
        except OSError:
            dead.append(1)
            raise

    proxy.fetching.append(once)
