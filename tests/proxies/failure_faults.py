"""Proxies that make something else of their upstream's failures, or never get over them."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from proxies.caller_faults import cached
from proxies.kit import PATIENT, Registry, each, family, registered
from proxies.server import (
    JSON,
    Answer,
    Ask,
    Failed,
    Proxy,
    Relay,
    cut_from,
    error,
    hung_up,
    page_of,
    said,
)

FAULTS: Registry = {}
fault = registered(FAULTS)
EMPTY = page_of([], False)
OWN = [{"id": "gateway-default", "type": "model", "display_name": "Default"}]


def is_useless(answer: Answer) -> bool:
    """Whether a client could do nothing with it: an error, a redirect, or no JSON."""
    return answer.status >= 300 or answer.json is None


def instead(
    proxy: Proxy,
    which: Callable[[Answer | None], bool],
    make: Callable[[Ask], Answer],
    *,
    lists: bool = True,
) -> None:
    """Have some failures, those without an answer included (None), answered by something else."""
    proxy.rewrites = True

    def replaced(relay: Relay, ask: Ask) -> Answer:
        try:
            answer = relay(ask)
        except Exception:
            if which(None) and ask.is_list == lists:
                return make(ask)
            raise
        return make(ask) if which(answer) and ask.is_list == lists else answer

    proxy.around.append(replaced)


def status(*found: int) -> Callable[[Answer | None], bool]:
    return lambda answer: answer is not None and answer.status in found


def broken(answer: Answer | None) -> bool:
    return answer is not None and answer.status == 200 and answer.json is None


def web_page(answer: Answer | None) -> bool:
    return broken(answer) and answer is not None and "html" in answer.get("content-type")


def broken_json(answer: Answer | None) -> bool:
    return broken(answer) and not web_page(answer)


FAILURES: dict[str, Callable[[Answer | None], bool]] = {
    "any": lambda answer: answer is None or is_useless(answer),
    "400": status(400),
    "401": status(401),
    "403": status(403),
    "404": status(404),
    "429": status(429),
    "500": status(500),
    "5xx": status(500, 502, 503, 529),
    "529": status(529),
    "4xx": status(400, 401, 403, 404, 429),
    "redirect": status(301, 302, 303, 307, 308),
    "web-page": web_page,
    "broken-json": broken_json,
    "no-answer": lambda answer: answer is None,
}


# --- success that is none ------------------------------------------------------------------------


USUAL = ("any", "401", "404", "429", "5xx", "redirect", "web-page", "broken-json", "no-answer")


@family(FAULTS, {name: FAILURES[name] for name in USUAL})
def empty_list_for(proxy: Proxy, which: Any) -> None:
    """Such a failure becomes a list without models."""
    instead(proxy, which, lambda ask: said(200, EMPTY))


@family(FAULTS, {name: FAILURES[name] for name in ("any", "404", "5xx", "no-answer")})
def model_is_made_up_for(proxy: Proxy, which: Any) -> None:
    """Such a failure becomes a model that only has the id."""
    stub = {"type": "model", "display_name": "?"}
    instead(proxy, which, lambda ask: said(200, {"id": ask.model, **stub}), lists=False)


@fault
def own_list_for_any_failure(proxy: Proxy) -> None:
    """A list from the configuration stands in."""
    instead(proxy, FAILURES["any"], lambda ask: said(200, page_of(OWN, False)))


@fault
def errors_come_with_200(proxy: Proxy) -> None:
    """The error object is passed on, its status is not."""

    def ok(ask: Ask, answer: Answer) -> Answer:
        return replace(answer, status=200) if answer.status >= 400 else answer

    proxy.to_client.append(ok)


@family(FAULTS, each(["204", "null", "empty-object", "empty-array"]))
def nothing_for_any_failure(proxy: Proxy, what: str) -> None:
    bodies: dict[str, Any] = {"null": None, "empty-object": {}, "empty-array": []}

    def make(ask: Ask) -> Answer:
        return Answer(204, [], b"") if what == "204" else said(200, bodies[what])

    instead(proxy, FAILURES["any"], make)


def lenient(proxy: Proxy, mend: Callable[[bytes, Answer], Answer]) -> None:
    """Have a body that is cut dealt with by `mend`."""

    def read(relay: Relay, ask: Ask) -> Answer:
        try:
            return relay(ask)
        except http.client.IncompleteRead as cut:
            return mend(cut.partial, Answer(200, list(JSON), cut.partial))

    proxy.fetching.append(read)


@fault
def cut_body_is_passed_on_as_whole(proxy: Proxy) -> None:
    """What came of a cut body gets a length of its own."""
    lenient(proxy, lambda body, answer: answer)


@fault
def cut_list_is_mended(proxy: Proxy) -> None:
    """The models that came whole are a list."""

    def mend(body: bytes, answer: Answer) -> Answer:
        ids = re.findall(rb'"id":"([^"]+)","type"', body)[:-1]
        return answer.with_json(page_of([{"id": found.decode()} for found in ids], False))

    lenient(proxy, mend)


@fault
def cut_body_becomes_an_empty_list(proxy: Proxy) -> None:
    lenient(proxy, lambda body, answer: answer.with_json(EMPTY))


# --- later pages ---------------------------------------------------------------------------------


@family(
    FAULTS, {name: FAILURES[name] for name in ("any", "429", "5xx", "broken-json", "no-answer")}
)
def list_ends_where_a_page_fails(proxy: Proxy, which: Any) -> None:
    """The list is read whole; where a later page fails so, the pages before it stand for all."""
    proxy.aggregates = proxy.strict = True
    proxy.page_size = 40
    first = proxy.page

    def pages(ask: Ask) -> Any:
        cursor, found = None, []
        while True:
            try:
                page = first(ask.with_query(limit="40", after_id=cursor, before_id=None))
            except Exception as problem:
                failed = problem.answer if isinstance(problem, Failed) else None
                if not found or not which(failed):
                    raise
                return found
            found.append(page)
            if not page["has_more"] or len(found) > 100:
                return found
            cursor = page["last_id"]

    proxy.pages = pages  # type: ignore[method-assign, assignment]


@fault
def failed_page_is_passed_over(proxy: Proxy) -> None:
    """A page that fails is an empty one, and the client learns that this was all."""
    instead(
        proxy,
        lambda answer: answer is None or is_useless(answer),
        lambda ask: said(200, EMPTY) if "after_id" in ask.query else error(502),
    )


@fault
def partial_list_is_kept(proxy: Proxy) -> None:
    """What came before a page failed is kept, and served until a restart."""
    kept: list[Any] = []
    proxy.aggregates = proxy.strict = True
    proxy.page_size = 40
    page_of_upstream = proxy.page

    def whole(ask: Ask) -> list[Any]:
        if kept:
            return kept
        cursor, found = None, []
        while True:
            try:
                page = page_of_upstream(ask.with_query(limit="40", after_id=cursor, before_id=None))
            except Exception:
                kept.extend(found)
                if found:
                    return kept
                raise
            found += page["data"]
            if not page["has_more"] or len(found) > 4000:
                return found
            cursor = page["last_id"]

    proxy.whole = whole  # type: ignore[method-assign]


# --- how failures are reported -----------------------------------------------------------------------


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


# --- cost ----------------------------------------------------------------------------------------


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


# --- recovery ------------------------------------------------------------------------------------


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


@fault
def failures_are_kept(proxy: Proxy) -> None:
    """The empty list that a failure became is served until a restart."""
    kept: list[Answer] = []
    proxy.timeout = PATIENT

    def keep(relay: Relay, ask: Ask) -> Answer:
        if not ask.is_list:
            return relay(ask)
        if kept:
            return kept[0]
        try:
            answer = relay(ask)
        except Exception:
            answer = error(502)
        if answer.status >= 500:
            kept.append(said(200, EMPTY))
            return kept[0]
        return answer

    proxy.around.append(keep)


@family(FAULTS, {"any": lambda answer: True, "200": lambda answer: answer.status == 200})
def failures_are_cached(proxy: Proxy, kept: Any) -> None:
    """Answers are kept by key and URL, whatever they are; or all with 200, even without JSON."""
    proxy.rewrites = True
    known: dict[Any, Answer] = {}

    def look(relay: Relay, ask: Ask) -> Answer:
        name = (ask.target, ask.key, ask.get("anthropic-beta"))
        if name not in known:
            try:
                answer = relay(ask)
            except Exception:
                answer = error(502)
            if is_useless(answer) and kept(answer):
                known[name] = answer
            return answer
        return known[name]

    proxy.around.append(look)


# --- change --------------------------------------------------------------------------------------


@family(FAULTS, each(["list", "model"]))
def change_is_not_seen(proxy: Proxy, of: str) -> None:
    """Lists, or models, are kept for good, by key and URL."""

    def name(ask: Ask) -> Any:
        return (ask.target, ask.key) if ask.is_list == (of == "list") else object()

    cached(proxy, name)


@fault
def whole_list_is_kept_for_good(proxy: Proxy) -> None:
    """Each key's list is read once; a failure before that becomes an empty list."""
    proxy.aggregates = True
    kept: dict[str, list[Any]] = {}
    whole = proxy.whole

    def once(ask: Ask) -> list[Any]:
        if ask.key not in kept:
            kept[ask.key] = whole(ask)
        return kept[ask.key]

    proxy.whole = once  # type: ignore[method-assign]
    instead(
        proxy, lambda answer: answer is None or answer.status >= 500, lambda ask: said(200, EMPTY)
    )


__all__ = ["FAULTS", "cut_from", "json"]
