"""Proxies that make something else of their upstream's failures, or never get over them."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from proxies.kit import Registry, each, family, registered
from proxies.messages import JSON, Answer, Ask, Relay, error, page_of, said
from proxies.server import Failed, Proxy

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
        cursor, found = None, list[Any]()
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

    proxy.pages = pages  # type: ignore[method-assign]


@fault
def failed_page_is_passed_over(proxy: Proxy) -> None:
    """A page that fails is an empty one, and the client learns that this was all."""
    instead(
        proxy,
        lambda answer: answer is None or is_useless(answer),
        lambda ask: said(200, EMPTY) if "after_id" in ask.query else error(502),
    )
