"""The area `proxy/` where a proxy is not restarted, takes any key, is never asked, or runs in process."""

from __future__ import annotations

import socketserver
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from typing import Any

import pytest
from judging import Verdict, not_holding
from proxies import cache_faults, outage_faults
from proxies.conformant import CONFORMANT
from proxies.judging import (
    KEYS,
    REST,
    checks_in,
    client,
    judged,
    judged_at,
    running,
    serve_few,
)
from proxies.messages import LIST, Answer, Ask, Relay, error, said, segment
from proxies.own_catalogues import shows
from proxies.rows import every
from proxies.server import Proxy

from pytest_models_contract.evidence.proxy.failures import outage
from pytest_models_contract.evidence.proxy.outages import FAILURES, MOST_RESTARTS
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest
from pytest_models_contract.fake.upstream import Keys, upstream
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import (
    test_proxy_catalogue,
    test_proxy_failures,
    test_proxy_passed_on,
)
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

NO_LIST = ["proxy/failure_is_no_list[500]"]
HEADERS = every(test_proxy_passed_on.test_version_reaches_the_upstream)
CATALOGUE = every(test_proxy_catalogue.test_every_model_is_listed)
BACK = every(test_proxy_failures.test_server_is_back_after)


def reasons(found: dict[str, Verdict]) -> Counter[str]:
    """Why checks were not tested, each reason with how many."""
    return Counter(seen.why for seen in found.values() if seen.verdict == "unexercised")


def verdicts(found: dict[str, Verdict]) -> set[str]:
    return {seen.verdict for seen in found.values()}


# --- a catalogue of its own ----------------------------------------------------------------------


def test_a_list_without_any_model_is_no_catalogue() -> None:
    def lists_nothing(proxy: Proxy) -> None:
        shows(proxy, lambda _: [])

    found = judged(lists_nothing, expect="own", only=CATALOGUE)
    wrong = {check for check, seen in found.items() if seen.verdict == "violated"}
    assert wrong == {f"proxy/every_model_is_listed[{walk}]" for walk in ("default", "100", "1000")}
    shown = found["proxy/every_model_is_listed[1000]"].findings[0]
    assert shown.seen.startswith("0 of 128 models, without claude-")


# --- restarts ------------------------------------------------------------------------------------


def test_a_cache_hides_a_failure_where_nothing_restarts_the_server() -> None:
    found = judged(CONFORMANT["keeps_the_whole_list[for-long]"], restarts=False, only=NO_LIST)
    hidden = found["proxy/failure_is_no_list[500]"]
    assert hidden.verdict == "unexercised"
    assert hidden.why.startswith("a cache answered; a server that --models-start started")


@pytest.mark.parametrize(("restarts", "verdict"), [(True, "violated"), (False, "unexercised")])
def test_a_restart_shows_what_a_cache_hides(restarts: bool, verdict: str) -> None:
    found = judged(
        cache_faults.FAULTS["whole_list_is_kept_for_good"], restarts=restarts, only=NO_LIST
    )
    assert found["proxy/failure_is_no_list[500]"].verdict == verdict


@pytest.mark.slow
def test_a_server_is_restarted_a_dozen_times_at_most() -> None:
    starts = Counter[str]()

    def dies(proxy: Proxy) -> None:
        starts["starts"] += 1
        outage_faults.FAULTS["one_failure_is_the_end[4xx]"](proxy)
        outage_faults.FAULTS["one_failure_is_the_end[5xx]"](proxy)

    found = judged(dies, only=BACK)
    assert starts["starts"] == 1 + MOST_RESTARTS
    assert any(why.startswith("the server did not serve again") for why in reasons(found))


@pytest.mark.slow
def test_a_server_that_never_serves_again_ends_the_failures() -> None:
    found = judged(
        outage_faults.FAULTS["one_failure_is_the_end[429]"],
        restarts=False,
        only=["proxy/failure_is_no_list[429]", *NO_LIST, *BACK],
    )
    assert found["proxy/server_is_back_after[429]"].verdict == "violated"
    assert found["proxy/failure_is_no_list[500]"].why.startswith("the server did not serve again")


# --- keys, and an upstream that is never asked ---------------------------------------------------


@contextmanager
def proxy_of(base_url: str, keys: Keys = KEYS) -> Iterator[Proxy]:
    with closing(Proxy(base_url, keys)) as proxy:
        yield proxy


@pytest.mark.slow
def test_keys_are_not_tested_where_the_upstream_takes_any() -> None:
    with upstream() as behind, proxy_of(behind.base_url, Keys()) as proxy:
        behind.serve(150)
        found = judged_at(proxy.base_url, behind, only=REST)
    assert verdicts(found) == {"holds", "unexercised"}
    keys = {why for why in reasons(found) if "any key" in why}
    assert keys
    assert found["proxy/no_key_follows_a_redirect[port]"].why in keys
    assert found["proxy/every_model_is_listed[1000]"].verdict == "holds"


def test_an_upstream_that_is_never_asked_is_an_error() -> None:
    page = {"data": [], "has_more": False, "first_id": None, "last_id": None}
    found = judged(lambda proxy: proxy.around.append(lambda *_: said(200, page)))
    assert verdicts(found) == {"error"}
    (why,) = {seen.why for seen in found.values()}
    assert why.startswith("no request reached the upstream at http://127.0.0.1:")
    assert "--models-upstream" in why


def test_a_proxy_that_relays_the_list_alone_does_ask_its_upstream() -> None:
    def list_alone(proxy: Proxy) -> None:
        missing = said(404, {"error": "no route"})
        proxy.around.append(lambda relay, ask: relay(ask) if ask.is_list else missing)

    alone = "proxy/models_of_every_page_are_found"
    assert judged(list_alone, only={alone})[alone].verdict == "violated"


def test_health_checks_do_not_show_with_whose_key_a_server_asks() -> None:
    with (
        running(CONFORMANT["looks_after_its_upstream"]) as (proxy, behind),
        closing(client(proxy.base_url, KEYS)) as api,
    ):
        while not behind.count:
            time.sleep(0.01)
        assert {seen.who for seen in behind.requests} == {"server"}
        assert ProxyUnderTest(api, Revision.load(), behind).who == "client"


def test_a_busy_server_is_not_said_to_lose_headers() -> None:
    turns = count()

    def busy(relay: Relay, ask: Ask) -> Answer:
        return error(429, "rate_limit_error") if next(turns) % 2 else relay(ask)

    found = judged(lambda proxy: proxy.around.append(busy), only=HEADERS)
    assert verdicts(found) == {"holds"}


# --- in process, and one connection at a time ----------------------------------------------------


@pytest.mark.slow
def test_an_application_in_process_is_a_proxy_too() -> None:
    with upstream(keys=KEYS) as behind, proxy_of(behind.base_url) as proxy:
        serve_few(behind)
        found = judged_at(IN_PROCESS, behind, Wsgi(application(proxy)))
    assert {check: seen for check, seen in found.items() if seen.verdict == "violated"} == {}
    assert "error" not in verdicts(found)
    assert found["proxy/failure_is_no_list[500]"].verdict == "holds"


def application(proxy: Proxy) -> Any:
    """The proxy as a WSGI application."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        answer = proxy.respond(Ask(target_of(environ), headers_of(environ)))
        start_response(f"{answer.status} Said", answer.headers)
        return [answer.body]

    return app


def target_of(environ: dict[str, Any]) -> str:
    """Path and query; WSGI has the path decoded, so a slash in an id cannot be distinguished from others."""
    path = environ["PATH_INFO"].encode("latin-1").decode()
    target = segment(path.removeprefix(f"{LIST}/")) if path.startswith(f"{LIST}/") else path
    query = environ.get("QUERY_STRING", "")
    return f"{target}?{query}" if query else target


def headers_of(environ: dict[str, Any]) -> list[tuple[str, str]]:
    named = ((name[5:], value) for name, value in environ.items() if name.startswith("HTTP_"))
    return [(name.replace("_", "-").lower(), value) for name, value in named]


@pytest.mark.slow
def test_a_server_of_one_connection_at_a_time_is_conformant() -> None:
    with upstream(keys=KEYS) as behind, proxy_of(behind.base_url) as proxy:
        serve_few(behind)
        server = proxy.listener._server
        server.process_request = lambda *given: one_at_a_time(server, *given)  # type: ignore[method-assign]
        try:
            found = judged_at(proxy.base_url, behind)
        finally:
            server.hang_up()
    assert {check: seen for check, seen in found.items() if seen.verdict == "violated"} == {}
    assert "error" not in verdicts(found)


def one_at_a_time(server: Any, request: Any, address: Any) -> None:
    server._open.add(request)
    socketserver.BaseServer.process_request(server, request, address)


# --- failures ------------------------------------------------------------------------------------


def test_a_failure_is_looked_at_once() -> None:
    with running(None) as (proxy, behind), closing(client(proxy.base_url, KEYS)) as api:
        both = ProxyUnderTest(api, Revision.load(), behind)
        first = both.read(outage, "500")
        before = behind.count
        assert both.read(outage, "500") is first
        assert behind.count == before


def test_each_failure_is_named_once() -> None:
    assert len(set(FAILURES)) == len(FAILURES) == 17


@pytest.mark.slow
def test_what_is_never_served_is_not_lost_when_the_upstream_fails() -> None:
    def no_route(proxy: Proxy) -> None:
        proxy.around.append(
            lambda relay, ask: said(404, {"detail": "Not Found"}) if ask.is_model else relay(ask)
        )

    assert not_holding(judged(no_route, only=checks_in(test_proxy_failures))) == {}
