"""What passes for success while the upstream fails, and what is seen of a change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest
from proxies.judging import KEYS, client, running
from proxies.kit import Setup
from proxies.messages import Answer, page_of
from proxies.sending import to_the_end
from proxies.server import Proxy

from pytest_models_contract.client.exchange import Request, Response
from pytest_models_contract.client.pool import Pool
from pytest_models_contract.evidence.diagnoses.causes import Violated, diagnoses
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.proxies.rules import RULES
from pytest_models_contract.evidence.proxy import change as proxy_change
from pytest_models_contract.evidence.proxy import failures as proxy_failures
from pytest_models_contract.evidence.proxy import outages as proxy_outages
from pytest_models_contract.evidence.proxy import served as proxy_served
from pytest_models_contract.evidence.proxy.requests import listing, single
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.fake.upstream import behaviour
from pytest_models_contract.spec.revision import Revision

JSON = (("content-type", "application/json"), ("content-length", "1"))


def response(
    request: Request,
    body: Any,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = JSON,
    broken: str = "",
    *,
    stalled: bool = False,
) -> Relayed:
    pool = Pool()
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    packed = pool.pack(text)
    received = Response(request, "", (), status, headers, packed, pool, broken, stalled=stalled)
    return Relayed(received, ())


@pytest.fixture(scope="module")
def proxy() -> Any:
    with running(None) as (served, behind), closing(client(served.base_url, KEYS)) as api:
        yield ProxyUnderTest(api, Revision.load(), behind)


def page(proxy: ProxyUnderTest, first: int, last: int, more: bool) -> Mapping[str, Any]:
    return page_of(list(proxy.truth.models[first:last]), more)


@pytest.mark.parametrize(
    ("window", "first", "last", "more", "true"),
    [
        ({"limit": 10}, 0, 10, True, True),
        ({"limit": 10}, 0, 4, True, True),  # shorter, and it says that more follow
        ({"limit": 10}, 0, 4, False, False),
        ({"limit": 10}, 0, 10, False, False),
        ({"limit": 10}, 1, 11, True, False),
        ({"limit": 10}, 0, 0, True, False),
        ({"limit": 1000}, 0, 136, False, True),
        ({"limit": 1000}, 0, 135, False, False),
        ({"after_id": "claude-opus-0000", "limit": 3}, 1, 4, True, True),
        ({"before_id": "claude-opus-0000"}, 0, 0, False, True),
        ({"before_id": "claude-haiku-1154", "limit": 9}, 1, 2, True, True),
        ({"before_id": "claude-haiku-1154", "limit": 9}, 0, 1, True, False),
        ({"after_id": "no-such-model"}, 0, 1, True, False),
    ],
)
def test_a_page_during_a_failure_is_true_or_not(
    proxy: ProxyUnderTest, window: dict[str, Any], first: int, last: int, more: bool, true: bool
) -> None:
    asked = response(listing(**window), page(proxy, first, last, more))
    assert proxy_served.is_true(asked, proxy) is true


def test_a_model_during_a_failure_is_true_or_not(proxy: ProxyUnderTest) -> None:
    model = proxy.truth.models[5]
    asked = single(model["id"])
    assert proxy_served.is_true(response(asked, model), proxy)
    assert not proxy_served.is_true(response(asked, {"id": model["id"]}), proxy)
    assert not proxy_served.is_true(response(asked, None), proxy)
    assert not proxy_served.is_true(response(asked, model, 500), proxy)


@pytest.mark.parametrize(
    ("body", "headers", "broken", "found"),
    [
        ({"data": []}, JSON, "", True),
        (b'{"data": [', JSON, "", True),
        (b'{"data": [', JSON, "it broke off", False),
        (b'{"data": [', JSON[:1], "", False),  # without a frame, the JSON shows it
        (b"{}", JSON[:1], "", True),
        (behaviour.WEB_PAGE, JSON, "", False),  # what the upstream sent
        (behaviour.BROKEN_JSON, JSON, "", True),
    ],
)
def test_success_is_what_looks_whole_and_is_not(
    proxy: ProxyUnderTest, body: Any, headers: Any, broken: str, found: bool
) -> None:
    asked = response(listing(limit=5), body, 200, headers, broken)
    finding = proxy_failures.success(asked, "web-page", proxy)
    assert (finding is not None) is found


@pytest.mark.parametrize(
    ("expect", "sign", "level"),
    [
        ("own", {"partial": True}, "should"),
        ("own", {"warnings": ["a provider is down"]}, "should"),
        ("own", {"partial": False, "warnings": []}, None),
        ("own", {}, None),
        ("mirror", {"partial": True}, None),
    ],
)
def test_a_list_that_says_it_is_partial_is_advice_in_a_catalogue_of_its_own(
    proxy: ProxyUnderTest, expect: str, sign: dict[str, Any], level: str | None
) -> None:
    known = ProxyUnderTest(proxy.api, proxy.revision, proxy.upstream, expect)
    body = {**page(proxy, 0, 3, False), **sign}
    finding = proxy_failures.success(response(listing(limit=5), body), "500", known)
    assert finding is not None
    assert finding.level == level
    assert finding.seen == "status 200 with 3 of 136 models and has_more false"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"type": "error", "error": {"type": "api_error", "message": "x"}}, "api_error"),
        ({"type": "error", "error": {"type": 5}}, None),
        ({"type": "error", "error": "x"}, None),
        ({"error": {"type": "api_error"}}, None),
        (None, None),
    ],
)
def test_the_type_of_an_error_object(body: Any, found: str | None) -> None:
    assert proxy_failures.error_type(body) == found


@pytest.mark.parametrize(
    ("status", "body", "fine"),
    [
        (429, ("rate_limit_error",), True),
        (429, ("api_error",), False),
        (400, ("rate_limit_error",), True),
        (500, ("rate_limit_error",), False),
        (502, ("api_error",), True),
        (503, ("whatever",), True),
        (502, (), False),
        (200, (), True),  # another check says so
        (0, (), True),
    ],
)
def test_which_errors_say_what_the_upstreams_said(
    status: int, body: tuple[str, ...], fine: bool
) -> None:
    error = {"type": "error", "error": {"type": body[0], "message": "x"}} if body else {}
    asked = response(single("a"), error, status)
    assert (proxy_failures.other_error(asked, 429, Revision.load()) is None) is fine


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "public, max-age=60"}, 60),
        ({"cache-control": "max-age=60", "age": "20"}, 40),
        ({"cache-control": "max-age=60", "age": "soon"}, 60),
        ({"cache-control": "max-age=60", "age": "70"}, -10),
    ],
)
def test_how_long_clients_may_keep_a_response(headers: dict[str, str], seconds: int) -> None:
    asked = response(listing(), {}, 200, tuple(headers.items()))
    assert proxy_change.allowed(asked.response) == seconds


def test_a_server_is_back_when_it_serves_as_before(proxy: ProxyUnderTest) -> None:
    before = response(listing(limit=1000), page(proxy, 0, 136, False))
    for first, last, limit, back in [(0, 30, 30, True), (0, 16, 30, True), (0, 15, 30, False)]:
        now = response(listing(limit=limit), page(proxy, first, last, True))
        assert proxy_served.looks_like(now, before) is back
    other = response(listing(limit=1), page_of([{"id": "another"}], False))
    assert not proxy_served.looks_like(other, before)
    assert not proxy_served.looks_like(response(listing(limit=1), {}, 503), before)


# --- whole runs through one failure --------------------------------------------------------------


def outage(setup: Setup | None, kind: str, *, later: bool = False) -> proxy_outages.Outage:
    with running(setup) as (served, behind), closing(client(served.base_url, KEYS)) as api:
        known = ProxyUnderTest(api, Revision.load(), behind, recovery=0.5)
        return known.read(proxy_outages.later_outage if later else proxy_outages.outage, kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", proxy_outages.FAILURES)
def test_every_failure_reaches_a_plain_proxy(kind: str) -> None:
    found = outage(None, kind)
    assert len(found.asked) == 2
    assert not any(proxy_failures.costly(each) for each in [found])
    assert found.back is not None
    assert found.back < 0.5
    if kind in {"web-page", "broken-json"}:
        assert {each.response.body for each in found.asked} == {proxy_outages.SENT[kind]}
    elif kind == "circle":
        assert {each.response.status for each in found.asked} == {302}
    else:
        expected = int(kind) if kind in proxy_outages.STATUSES else 502
        assert {each.response.status for each in found.asked} == {expected}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["500", "cut-length", "silent"])
def test_a_failure_of_a_later_page_leaves_the_first(kind: str) -> None:
    found = outage(None, kind, later=True)
    first, second = found.asked
    assert first.page
    assert 2 * len(first.page) >= 136
    assert second.response.status >= 500


def test_a_body_that_is_cut_is_seen_as_such() -> None:
    def streams(proxy: Proxy) -> None:
        def read(relay: Any, ask: Any) -> Answer:
            try:
                answer: Answer = relay(ask)
            except Exception as cut:
                partial = getattr(cut, "partial", b"")
                return Answer(200, list(JSON[:1]), partial, cut=True)
            return answer

        proxy.fetching.append(read)

    def without_a_frame(proxy: Proxy) -> None:
        streams(proxy)
        proxy.send = to_the_end

    for setup in (streams, without_a_frame):
        for each in outage(setup, "cut-chunks").asked:
            assert each.response.status == 200
            assert each.response.json_problem


def test_a_connection_that_ends_when_a_silent_upstream_lets_go_has_no_cause_of_its_own() -> None:
    asked = [response(listing(limit=30), b"", 0, stalled=late) for late in (True, False)]
    silent = "proxy/silent_upstream_is_given_up"
    violated = [Violated(silent, "should", [each.finding("no response", "") for each in asked])]
    seen = Observed([], Revision.load(), [], violated)
    [found] = diagnoses([cause for rule in RULES for cause in rule(seen)], violated)
    assert found.title == "the server waits as long as the upstream when the upstream fails: silent"
