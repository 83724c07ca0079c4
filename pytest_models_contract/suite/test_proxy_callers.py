"""Several clients of a proxy: each gets its own responses, one after the other and at once."""

from __future__ import annotations

from functools import partial

import pytest

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.verdict import Check
from pytest_models_contract.evidence.proxy import callers
from pytest_models_contract.evidence.proxy import whose_responses as whose
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed

cites = pytest.mark.models_cites
upstream = pytest.mark.models_only_with("upstream")
each_endpoint = pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])


@upstream
@cites("proxy#/$defs/callers")
@each_endpoint
def test_each_client_gets_its_own(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """Two clients that send the same request each get what the upstream has for them."""
    callers.require_two(models_proxy)
    found = models_proxy.read(callers.one_after_another, models_endpoint)
    requests = [asked.response.request for asked in found]

    def wrong(asked: Relayed) -> Finding | None:
        other = whose.another_answer(asked, requests, models_proxy)
        lost = whose.lost_answer(asked, found, models_proxy)
        # A failure may be of the moment: it is asked for once more.
        again = models_proxy.once(asked.response.request) if lost else asked
        return other or whose.lost_answer(again, found, models_proxy)

    models_check.judge(found, wrong, what="responses", if_none="")


@upstream
@cites("proxy#/$defs/refusals")
@each_endpoint
def test_refusal_is_nobody_elses(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A client with a right key does not get the refusal of a client with a wrong key or no key."""
    callers.require_own_answers(models_proxy)
    models_check.judge(
        models_proxy.read(callers.refused_in_between, models_endpoint),
        whose.refused_for_another,
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/wrong_key", level="should")
def test_wrong_key_stops_nobody_else(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """After a client with a wrong key, one with a right key is served as before."""
    callers.require_own_answers(models_proxy)
    found = models_proxy.read(callers.after_a_wrong_key)
    stopped = [own for asked in found if (own := whose.stopped_by_another(asked))]
    # One alone may be by chance: a server may limit its clients.
    each_time = stopped if len(stopped) == len(found) else []
    models_check.conclude(each_time, len(found), what="responses", if_none="")


@upstream
@cites("proxy#/$defs/refusals")
@each_endpoint
def test_response_is_for_its_key_alone(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A client with a wrong key or no key does not get the response to another client's key."""
    callers.require_own_answers(models_proxy)
    models_check.judge(
        models_proxy.read(callers.refused_in_between, models_endpoint),
        partial(whose.served_for_another, proxy=models_proxy),
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/at_once")
def test_requests_at_once_get_their_own_responses(
    models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """Requests at the same moment, of several clients and for several things, get their own responses."""
    asked = models_proxy.read(callers.together)
    requests = [each.response.request for each in asked]
    mixed = [
        found for each in asked if (found := whose.another_answer(each, requests, models_proxy))
    ]
    answered = sum(each.response.ok for each in asked)
    none = "no request of many at once got a good response"
    models_check.conclude(mixed, answered, what="responses", if_none=none)


@upstream
@cites("proxy#/$defs/at_once")
def test_who_goes_away_leaves_no_response_behind(
    models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """The response to a client that disconnected is not given to the next client."""
    gone, found = models_proxy.read(callers.after_one_went_away)
    models_check.judge(
        [asked for asked in found if asked.response.ok],
        lambda asked: whose.another_answer(asked, [gone], models_proxy),
        what="responses",
        if_none="no request after a client disconnected got a good response",
    )


@upstream
@cites("proxy#/$defs/unknown_beta")
def test_refused_beta_is_nobody_elses(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """The refusal of a beta that the upstream does not know is not given to a request without this beta."""
    models_check.judge(
        models_proxy.read(callers.beside_an_unknown_beta),
        whose.refused_without_betas,
        what="responses",
        if_none="",
    )
