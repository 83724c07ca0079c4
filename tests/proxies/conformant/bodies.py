"""Conformant proxies that send and write bodies in their own way."""

from __future__ import annotations

import gzip
import json
import re
import time
from contextlib import suppress
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

from proxies.kit import Registry, edit_models, family, registered
from proxies.messages import LIST, Answer, Ask, Relay, page_of, said
from proxies.sending import in_chunks, packed, to_the_end
from proxies.server import Proxy, received

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


@conformant
def closes_where_the_upstream_does(proxy: Proxy) -> None:
    """Sends `connection: close`, and uses a connection again where the upstream does not say it, too."""
    idle: list[HTTPConnection] = []
    proxy.to_upstream.append(lambda ask: ask.with_header("connection", "close"))

    def kept(_: Relay, ask: Ask) -> Answer:
        where = proxy.upstream
        with suppress(IndexError):
            return exchanged(idle.pop(), ask)
        connection = HTTPConnection(where.hostname or "", where.port, timeout=1)
        proxy.at_end.callback(connection.close)
        return exchanged(connection, ask)

    def exchanged(connection: HTTPConnection, ask: Ask) -> Answer:
        connection.request(ask.method, ask.target, headers=dict(ask.headers))
        with connection.getresponse() as response:
            answer = received(response)
            if not response.will_close:
                idle.append(connection)
        return answer

    proxy.fetching.append(kept)


@family(CONFORMANT, {"20": 20, "50": 50, "1000": 1000})
def reads_the_whole_list(proxy: Proxy, size: int) -> None:
    """In pages of its own size, and cuts windows from it."""
    proxy.aggregates, proxy.page_size, proxy.strict = True, size, True


@family(CONFORMANT, {"7": 7, "60": 60})
def asks_for_small_pages(proxy: Proxy, size: int) -> None:
    """A page of the client's is put together from smaller ones of the upstream's."""
    proxy.strict = True

    def put_together(relay: Relay, ask: Ask) -> Answer:
        wanted = ask.query.get("limit", "20")
        if not (ask.is_list and wanted.isdecimal() and size < int(wanted) <= 1000):
            return relay(ask)
        backward, data, left = "before_id" in ask.query, list[Any](), int(wanted)
        while True:
            answer = relay(ask.with_query(limit=str(min(size, left))))
            if answer.status != 200:
                return answer
            page = answer.json
            data = [*page["data"], *data] if backward else [*data, *page["data"]]
            left -= len(page["data"])
            if not (left and page["has_more"] and page["data"]) or len(data) > 1000:
                return said(200, page_of(data, page["has_more"]))
            cursor = {"before_id": page["first_id"]} if backward else {"after_id": page["last_id"]}
            ask = ask.with_query(**cursor)

    proxy.around.append(put_together)


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


@conformant
def undoes_the_coding(proxy: Proxy) -> None:
    """What the upstream compresses is passed on as it was before, a web page too."""
    proxy.to_upstream.append(lambda ask: ask.with_header("accept-encoding", "gzip"))

    def unpacked(ask: Ask, answer: Answer) -> Answer:
        if answer.get("content-encoding") != "gzip":
            return answer
        plain = replace(answer, body=gzip.decompress(answer.body))
        return plain.with_header("content-encoding", None)

    proxy.to_client.append(unpacked)


@conformant
def writes_urls_in_its_own_way(proxy: Proxy) -> None:
    """`:`, `@` and `+` are not encoded in a path, a space is `%20` in a query, and hex is lower case."""

    def rewritten(ask: Ask) -> Ask:
        path = f"{LIST}/{quote(ask.model, safe=':@+')}" if ask.is_model else ask.path
        query = urlencode(ask.query, quote_via=quote)
        target = path + (f"?{query}" if query else "")
        return replace(ask, target=re.sub("%..", lambda found: found[0].lower(), target))

    proxy.to_upstream.append(rewritten)
