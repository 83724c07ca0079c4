"""Proxies that pass on too little or too much: headers either way, bodies and their coding."""

from __future__ import annotations

import gzip
import http.client
from dataclasses import replace
from typing import Any

from proxies.kit import Registry, each, family, registered
from proxies.messages import Answer, Ask, Relay, error
from proxies.sending import head, with_length, write
from proxies.server import HOP_BY_HOP, Proxy
from pytest_models_contract.fake.serving import Handler
from pytest_models_contract.spec.revision import Revision

FAULTS: Registry = {}
fault = registered(FAULTS)
VERSION, BETA = "anthropic-version", "anthropic-beta"


# --- headers to the upstream ---------------------------------------------------------------------


@family(
    FAULTS,
    {
        "left-out": lambda ask: ask.with_header(VERSION, None),
        "its-own": lambda ask: ask.with_header(VERSION, "2023-06-01"),
        "the-newest": lambda ask: ask.with_header(VERSION, "2026-10-21"),
    },
)
def version_is(proxy: Proxy, change: Any) -> None:
    proxy.to_upstream.append(change)


@fault
def workspace_is_left_out(proxy: Proxy) -> None:
    """A header that is newer than the proxy's list of those to pass on."""
    proxy.to_upstream.append(lambda ask: ask.with_header("anthropic-workspace-id", None))


@fault
def beta_query_is_left_out(proxy: Proxy) -> None:
    """Of the query the documented parameters alone are passed on."""
    proxy.to_upstream.append(lambda ask: ask.with_query(beta=None))


def _filtered(ask: Ask) -> Ask:
    known = [beta for beta in ask.get(BETA).split(",") if beta in Revision.load().betas]
    return ask.with_header(BETA, ",".join(known) or None)


@family(
    FAULTS,
    {
        "left-out": lambda ask: ask.with_header(BETA, None),
        "its-own": lambda ask: ask.with_header(BETA, "files-api-2025-04-14"),
        "the-first": lambda ask: ask.with_header(BETA, ask.get(BETA).split(",")[0] or None),
        "the-known": _filtered,
    },
)
def betas_are(proxy: Proxy, change: Any) -> None:
    proxy.to_upstream.append(change)


@fault
def unknown_betas_are_refused_by_itself(proxy: Proxy) -> None:
    """Betas are checked against a list of its own, which is old."""

    def checked(relay: Relay, ask: Ask) -> Answer:
        betas = filter(None, ask.get(BETA).split(","))
        if all(beta in Revision.load().betas for beta in betas):
            return relay(ask)
        return error(400, "invalid_request_error", "unknown beta")

    proxy.around.append(checked)


@family(FAULTS, each(["all", "named"]))
def hop_by_hop_headers_reach_the_upstream(proxy: Proxy, which: str) -> None:
    """Nothing is taken off, or only what has a fixed name."""

    def outgoing(ask: Ask) -> Ask:
        gone = {"host", "connection", "transfer-encoding"} | (
            HOP_BY_HOP if which == "named" else set()
        )
        return replace(ask, headers=[pair for pair in ask.headers if pair[0] not in gone])

    proxy.outgoing = outgoing  # type: ignore[method-assign]


# --- headers to the client -----------------------------------------------------------------------


@family(FAULTS, {"request-id": "request-id", "retry-after": "retry-after"})
def header_is_dropped(proxy: Proxy, name: str) -> None:
    proxy.to_client.append(lambda ask, answer: answer.with_header(name, None))


@fault
def request_id_is_under_another_name(proxy: Proxy) -> None:
    def renamed(ask: Ask, answer: Answer) -> Answer:
        found = answer.get("request-id")
        return answer.with_header("request-id", None).with_header("x-request-id", found)

    proxy.to_client.append(renamed)


@fault
def errors_of_its_own_have_no_request_id(proxy: Proxy) -> None:
    def plain(ask: Ask, answer: Answer) -> Answer:
        return (
            answer.with_header("request-id", None)
            if answer.get("request-id") == "req_own"
            else answer
        )

    proxy.to_client.append(plain)


@family(
    FAULTS,
    {
        "text": b"Bad Gateway",
        "fastapi": b'{"detail": "Bad Gateway"}',
        "openai": b'{"error": {"message": "Bad Gateway", "type": "api_error"}}',
    },
)
def errors_of_its_own_are(proxy: Proxy, body: Any) -> None:
    proxy.to_client.append(
        lambda ask, answer: (
            replace(answer, body=body) if answer.get("request-id") == "req_own" else answer
        )
    )


def exchanged(proxy: Proxy, read: Any) -> None:
    """Have answers of the upstream read in another way."""

    def exchange(ask: Ask) -> Answer:
        connection = http.client.HTTPConnection(proxy.upstream.netloc, timeout=proxy.timeout)
        try:
            connection.putrequest(ask.method, ask.target, skip_accept_encoding=True)
            for name, value in ask.headers:
                connection.putheader(name, value)
            connection.endheaders()
            with connection.getresponse() as response:
                headers = [(name.lower(), value) for name, value in response.getheaders()]
                answer: Answer = read(response, headers)
                return answer
        finally:
            connection.close()

    proxy.exchange = exchange  # type: ignore[method-assign]


@fault
def hop_by_hop_headers_reach_the_client(proxy: Proxy) -> None:
    """As nginx does with what `Connection` names."""

    def read(response: http.client.HTTPResponse, headers: Any) -> Answer:
        gone = HOP_BY_HOP | {"content-length"}
        kept = [pair for pair in headers if pair[0] not in gone]
        return Answer(response.status, kept, response.read())

    exchanged(proxy, read)


# --- bodies --------------------------------------------------------------------------------------


@fault
def coding_is_not_named(proxy: Proxy) -> None:
    """A compressed body comes without its `content-encoding`."""
    proxy.to_client.append(lambda ask, answer: answer.with_header("content-encoding", None))


@fault
def coding_is_undone_and_named(proxy: Proxy) -> None:
    """A body that was unpacked comes with the `content-encoding` it had."""

    def unpacked(ask: Ask, answer: Answer) -> Answer:
        coded = answer.get("content-encoding") == "gzip"
        return replace(answer, body=gzip.decompress(answer.body)) if coded else answer

    proxy.to_client.append(unpacked)


@fault
def length_is_that_of_the_compressed_body(proxy: Proxy) -> None:
    """A body that was unpacked comes with the `content-length` it had."""
    packed: list[int] = []

    def unpacked(ask: Ask, answer: Answer) -> Answer:
        packed.clear()
        if answer.get("content-encoding") != "gzip":
            return answer
        packed.append(len(answer.body))
        plain = replace(answer, body=gzip.decompress(answer.body))
        return plain.with_header("content-encoding", None)

    def send(handler: Handler, ask: Ask, answer: Answer) -> None:
        if not packed:
            with_length(handler, ask, answer)
            return
        head(handler, answer, [("content-length", str(packed[0]))])
        write(handler, answer.body[: packed[0]])

    proxy.to_client.append(unpacked)
    proxy.send = send


@fault
def compressed_errors_become_500(proxy: Proxy) -> None:
    """Errors are read as JSON, and come compressed."""

    def read(ask: Ask, answer: Answer) -> Answer:
        failed = answer.status >= 400 and answer.json is None and answer.get("content-encoding")
        return error(500) if failed else answer

    proxy.to_client.append(read)


@fault
def compressed_errors_are_passed_on_without_coding(proxy: Proxy) -> None:
    def uncoded(ask: Ask, answer: Answer) -> Answer:
        return answer.with_header("content-encoding", None) if answer.status >= 400 else answer

    proxy.to_client.append(uncoded)


@fault
def compressed_for_everybody(proxy: Proxy) -> None:
    """The upstream is asked for compressed bodies, and clients that take none get them too."""
    proxy.to_upstream.append(lambda ask: ask.with_header("accept-encoding", "gzip"))


@fault
def cache_forgets_the_coding(proxy: Proxy) -> None:
    """Bodies are kept compressed by key and URL, whatever the next client takes."""
    kept: dict[Any, Answer] = {}

    def look(relay: Relay, ask: Ask) -> Answer:
        known = (ask.target, ask.key)
        if known not in kept:
            answer = relay(ask)
            if answer.status != 200 or answer.get("content-encoding") != "gzip":
                return answer
            kept[known] = answer
        return kept[known]

    proxy.around.append(look)


def kept(headers: Any) -> Any:
    """The headers that are not for one hop alone."""
    named = [value.lower() for name, value in headers if name == "connection"]
    gone = {*HOP_BY_HOP, "content-length", *named}
    return [pair for pair in headers if pair[0] not in gone]


@fault
def chunks_are_taken_for_the_body(proxy: Proxy) -> None:
    """The sizes of the chunks stay in the body."""

    def read(response: http.client.HTTPResponse, headers: Any) -> Answer:
        chunked = any(name == "transfer-encoding" for name, _ in headers)
        body = response.fp.read() if chunked and response.fp else response.read()
        return Answer(response.status, kept(headers), body)

    exchanged(proxy, read)
    proxy.to_upstream.append(lambda ask: ask.with_header("connection", "close"))


@fault
def no_length_is_no_body(proxy: Proxy) -> None:
    """A body without `content-length` is taken for an empty one."""

    def read(response: http.client.HTTPResponse, headers: Any) -> Answer:
        sized = any(name == "content-length" for name, _ in headers)
        return Answer(response.status, kept(headers), response.read() if sized else b"")

    exchanged(proxy, read)


@fault
def length_counts_characters(proxy: Proxy) -> None:
    """A model alone is cut where its characters, not its bytes, are counted."""

    def send(handler: Handler, ask: Ask, answer: Answer) -> None:
        if answer.get("content-encoding") or ask.is_list:
            with_length(handler, ask, answer)
            return
        size = len(answer.body.decode(errors="replace"))
        head(handler, answer, [("content-length", str(size))])
        write(handler, answer.body[:size])

    proxy.send = send
