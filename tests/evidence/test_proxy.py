"""A proxy seen from both sides: what is asked, what should come back, and what is remembered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from misbehaving import at, conformant, misbehaving, sends
from proxies.conformant import CONFORMANT
from proxies.judging import KEYS, client, running
from proxies.key_faults import FAULTS as KEY_FAULTS
from proxies.kit import Setup
from proxies.messages import Answer, Ask, Relay, error, page_of, said
from proxies.server import Proxy

from pytest_models_contract.client.variant import Variant
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.evidence.diagnoses.causes import Violated
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.proxy import keys
from pytest_models_contract.evidence.proxy.requests import SECOND, listing, plain, single, target_of
from pytest_models_contract.evidence.proxy.truth import Truth
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, walk
from pytest_models_contract.fake.upstream import Upstream
from pytest_models_contract.fake.upstream.catalogue import ODD_IDS
from pytest_models_contract.spec.revision import Revision


@contextmanager
def both_sides(
    setup: Setup | None = None, expect: str = "mirror"
) -> Iterator[tuple[ProxyUnderTest, Upstream]]:
    with running(setup) as (proxy, behind), closing(client(proxy.base_url, KEYS)) as api:
        yield ProxyUnderTest(api, Revision.load(), behind, expect, recovery=0.5), behind


# --- what is asked -------------------------------------------------------------------------------


def test_a_request_is_written_as_clients_write_it() -> None:
    assert target_of(listing()) == "/v1/models"
    assert target_of(listing(limit=5, after_id="a b/c+é")) == (
        "/v1/models?after_id=a+b%2Fc%2B%C3%A9&limit=5"
    )
    assert single("a/b:c@d%41").path == "/v1/models/a%2Fb%3Ac%40d%2541"


def test_no_request_to_a_proxy_is_recorded() -> None:
    assert all(request.again < 0 for request in (listing(), single("a")))  # as the recorder asks


def test_odd_ids_differ_from_all_others() -> None:
    assert plain(["a", *ODD_IDS.values(), "anthropic/b"]) == ["a", "anthropic/b"]


def test_what_is_asked_while_the_upstream_misbehaves_shows_nothing_of_the_server_alone() -> None:
    with both_sides(KEY_FAULTS["keys_follow_redirects"]) as (proxy, behind):
        name, *_ = (model["id"] for model in behind.models)
        assert proxy.once(single(name)).response.ok
        redirected = proxy.read(keys.redirected, "host")
        found = [asked.finding("", "") for asked, _ in redirected]
        violated = [Violated("proxy/no_key_follows_a_redirect[host]", "must", found)]
        seen = Observed(proxy.api.exchanges, proxy.revision, [], violated, proxy.apart)
    assert {asked.response.status for asked, _ in redirected} == {404}
    assert [(asked, own.status) for asked, own in seen.retrieved] == [(name, 200)]


# --- what should come back -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({}, ("abc", True)),
        ({"limit": 2}, ("ab", True)),
        ({"limit": 9}, ("abcde", False)),
        ({"limit": 5}, ("abcde", False)),
        ({"limit": 4}, ("abcd", True)),
        ({"after_id": "c"}, ("de", False)),
        ({"after_id": "e"}, ("", False)),
        ({"after_id": "b", "limit": 3}, ("cde", False)),
        ({"after_id": "a", "limit": 3}, ("bcd", True)),
        ({"before_id": "d"}, ("abc", False)),
        ({"before_id": "e"}, ("bcd", True)),
        ({"before_id": "e", "limit": 4}, ("abcd", False)),
        ({"before_id": "a"}, ("", False)),
        ({"after_id": "x"}, None),
        ({"before_id": "x"}, None),
    ],
)
def test_a_window_is_cut_from_the_whole(
    window: dict[str, Any], expected: tuple[str, bool] | None
) -> None:
    truth = Truth([{"id": found} for found in "abcde"], list("abcde"))
    found = truth.window(listing(**window), default=3)
    assert found == (expected and (list(expected[0]), expected[1]))


def test_the_whole_is_what_the_upstream_has_for_the_key_that_is_used() -> None:
    for name, who in (("plain", "client"), ("has_a_key_of_its_own", "server")):
        with both_sides(CONFORMANT[name]) as (proxy, behind):
            assert proxy.who == who
            assert proxy.truth.ids == [model["id"] for model in behind.models_of(who)]


def test_the_whole_of_a_catalogue_of_its_own_is_what_the_server_lists() -> None:
    def half(proxy: Proxy) -> None:
        proxy.aggregates = True
        whole = proxy.whole
        proxy.whole = lambda ask: whole(ask)[::2]  # type: ignore[method-assign]

    with both_sides(half, "own") as (proxy, behind):
        assert proxy.truth.ids == [model["id"] for model in behind.models][::2]
        assert proxy.true_model(proxy.truth.ids[3])["id"] == proxy.truth.ids[3]
        with pytest.raises(Unexercised, match="a catalogue of its own"):
            proxy.require_mirror()


@pytest.mark.parametrize(
    ("models", "more", "why"),
    [([], False, "lists no model"), ([{"id": "a"}], True, "could not be read to its end")],
)
def test_a_list_that_is_no_whole(models: list[Any], more: bool, why: str) -> None:
    def own(relay: Relay, ask: Ask) -> Answer:
        relay(ask)
        return said(200, page_of(models, more))

    with (
        both_sides(lambda proxy: proxy.around.append(own), "own") as (proxy, _),
        pytest.raises(Unexercised, match=why),
    ):
        _ = proxy.truth


# --- what reaches the upstream -------------------------------------------------------------------


def test_a_finding_shows_both_sides() -> None:
    with both_sides() as (proxy, _):
        asked = proxy.once(listing(limit=2, variant=SECOND))
    finding = asked.finding("a", "b")
    assert finding.upstream == ("GET /v1/models?limit=2 with the second's key: 200, 2 models",)
    assert finding.settled


def test_a_finding_says_that_nothing_reached_the_upstream() -> None:
    with both_sides(lambda proxy: proxy.around.append(lambda *_: error(401))) as (proxy, behind):
        behind.response_to("/v1/models")
        behind.count += 1  # an earlier request
        asked = proxy.once(single("a"))
    assert asked.finding("a", "b").upstream == ("nothing reached it",)


def test_requests_at_the_same_moment_are_distinguished() -> None:
    with both_sides() as (proxy, _):
        first, second, page = proxy.at_once([single("a"), single("b"), listing(limit=1)])
    assert {seen.path for seen in first.upstream} == {"/v1/models/a", "/v1/models"}
    assert {seen.path for seen in second.upstream} == {"/v1/models/b", "/v1/models"}
    assert [seen.target for seen in page.upstream] == ["/v1/models?limit=1"]
    assert [asked.response.request for asked in (first, page)] == [single("a"), listing(limit=1)]


# --- asking again --------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_fails_for_a_moment_is_asked_for_again() -> None:
    with both_sides() as (proxy, behind):
        behind.fail(503, times=1)
        assert proxy.ask(listing(limit=1)).response.status == 200
        behind.fail(500)
        assert proxy.ask(listing(limit=1)).response.status == 500
        behind.fail(404, times=1)
        before = behind.count
        assert proxy.ask(single("x")).response.status == 404
        assert behind.count == before + 1


def test_a_server_that_limits_its_clients_is_asked_when_it_says() -> None:
    until: list[float] = []

    def limit(relay: Relay, ask: Ask) -> Answer:
        until.append(time.monotonic() + 0.8)
        if time.monotonic() < until[0]:
            return error(429, "rate_limit_error").with_header("retry-after", "1")
        return relay(ask)

    with both_sides(lambda proxy: proxy.around.append(limit)) as (proxy, behind):
        behind.count = 1
        assert proxy.ask(listing(limit=1)).response.status == 200
    assert len(until) == 2


def test_a_server_that_is_gone_is_nobodys_fault() -> None:
    with both_sides() as (proxy, behind), closing(client("http://127.0.0.1:9", KEYS)) as api:
        gone = ProxyUnderTest(api, Revision.load(), behind)
        proxy.once(listing(limit=1))
        with pytest.raises(NotJudged, match="cannot connect"):
            gone.ask(listing())
        api.dead = "it is over"
        with pytest.raises(NotJudged, match="it is over"):
            gone.once(listing())


def test_a_server_that_hangs_up_at_one_request_is_at_fault() -> None:
    hang_up = at(lambda asked: "/b" in asked.target, sends(), conformant())
    with (
        running(None) as (_, behind),
        misbehaving(hang_up) as served,
        closing(client(served.url, KEYS)) as api,
    ):
        behind.count = 1
        asked = ProxyUnderTest(api, Revision.load(), behind).ask(single("b"))
    assert asked.response.status == 0
    assert asked.status_text.startswith("no response: the connection broke: ")
    assert not asked.response.stalled


# --- what is remembered --------------------------------------------------------------------------


def test_a_reading_is_read_once_whatever_comes_of_it() -> None:
    readings: list[str] = []

    def reading(_: ProxyUnderTest, name: str) -> str:
        readings.append(name)
        if name == "none":
            raise Unexercised("there is none")
        return name.upper()

    with both_sides() as (proxy, _):
        assert [proxy.read(reading, "a") for _ in range(2)] == ["A", "A"]
        for _ in range(2):
            with pytest.raises(Unexercised, match="there is none"):
                proxy.read(reading, "none")
    assert readings == ["a", "none"]


def test_nothing_is_asked_for_twice_while_there_is_something_else() -> None:
    with both_sides() as (proxy, _):
        proxy.once(listing(limit=21))
        assert [proxy.fresh_limit(21, 23) for _ in range(4)] == [22, 23, 21, 22]
        models = [proxy.fresh_model() for _ in range(3)]
        assert models == proxy.truth.plain[:-4:-1]
        proxy.once(single(proxy.truth.plain[-4]))
        assert proxy.fresh_model() == proxy.truth.plain[-5]


def test_a_walk_ends_where_a_client_would_stop() -> None:
    pages = {
        None: page_of([{"id": "a"}, {"id": "b"}], True),
        "b": page_of([{"id": "c"}], True),
        "c": page_of([{"id": "b"}], True),
    }

    def own(relay: Relay, ask: Ask) -> Answer:
        relay(ask)
        return said(200, pages[ask.query.get("after_id")])

    with both_sides(lambda proxy: proxy.around.append(own)) as (proxy, _):
        asked = list(walk(proxy.once, limit=2, variant=Variant()))
    assert [each.response.request for each in asked] == [
        listing(limit=2),
        listing(limit=2, after_id="b"),
        listing(limit=2, after_id="c"),
    ]
