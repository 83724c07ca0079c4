"""Keys at a proxy: the server's own and its clients', in responses, at the upstream and behind redirects."""

from __future__ import annotations

from functools import partial

import pytest

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.proxy import keys
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.fake.upstream import UpstreamRequest

cites = pytest.mark.models_cites
upstream = pytest.mark.models_only_with("upstream")


@upstream
@cites("proxy#/$defs/server_key")
def test_no_response_shows_the_servers_key(
    models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """No response of the run, body or header, shows the key with which the server asks its upstream."""
    key = keys.require_own_key(models_proxy)
    responses = models_proxy.responses
    found = keys.with_key(responses, key, "the server's own") or keys.with_a_part(models_proxy, key)
    models_check.conclude(
        found, len(responses), what="responses", if_none="no request got a response"
    )


@upstream
@cites("proxy#/$defs/server_key")
def test_no_refusal_of_the_upstream_shows_the_servers_key(
    models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """If a refusal of the upstream quotes the server's key, the client does not get the key."""
    key = keys.require_own_key(models_proxy)

    models_check.judge(
        models_proxy.read(keys.quoted),
        partial(keys.showing, key=key, whose="the server's"),
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/client_key")
@pytest.mark.parametrize("models_caller", ["client", "second"])
def test_no_response_shows_a_clients_key(
    models_caller: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """No response that the server writes itself contains a client's key, not even to that client."""
    key = getattr(models_proxy.upstream.keys, models_caller)
    if not key:
        raise Unexercised("the upstream takes any key, and this client has none")
    models_proxy.read(keys.answered, models_caller)  # so that it asked, too
    responses = models_proxy.responses
    found = keys.with_key(responses, key, f"the {models_caller}'s")
    models_check.conclude(
        found, len(responses), what="responses", if_none="no request got a response"
    )


@upstream
@cites("proxy#/$defs/client_key_upstream")
def test_no_clients_key_reaches_the_upstream(
    models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """The upstream of a server with a key of its own never gets a client's key."""
    keys.require_own_key(models_proxy)
    models_proxy.read(keys.quoted)  # a refusal may bring the server to try a client's key
    models_proxy.read(keys.in_the_other_header)
    keys.judge_brought(models_proxy, models_check)


@upstream
@cites("proxy#/$defs/redirected_keys")
@pytest.mark.parametrize("models_redirect", keys.REDIRECTS)
def test_no_key_follows_a_redirect(
    models_redirect: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """No key is sent to another port or another host that the upstream redirects to."""
    if models_proxy.who == "anyone":
        raise Unexercised("the upstream takes any key: set MODELS_CONTRACT_API_KEY")

    def followed(pair: tuple[Relayed, list[UpstreamRequest]]) -> Finding | None:
        asked, arrived = pair
        seen = keys.with_a_key(arrived)
        if seen is None:
            return None
        return asked.finding(f"the {seen.who}'s key at {seen.header('host')}", "no key there")

    models_check.judge(
        models_proxy.read(keys.redirected, models_redirect),
        followed,
        what="redirects",
        if_none="",
    )
