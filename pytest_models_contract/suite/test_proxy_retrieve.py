"""Single models through a proxy: by their ids, by an alias, and by a name that no model has."""

from __future__ import annotations

import pytest

from pytest_models_contract.client.exchange import Finding, shown
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.plan import NO_MODEL
from pytest_models_contract.evidence.proxy import catalogue as lists
from pytest_models_contract.evidence.proxy.failures import OWN_FAILURES, error_type
from pytest_models_contract.evidence.proxy.requests import single
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.fake.upstream.catalogue import ALIAS

cites = pytest.mark.models_cites
upstream = pytest.mark.models_only_with("upstream")


@upstream
@cites("proxy#/$defs/retrieve")
def test_models_of_every_page_are_found(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """A model is found by its id, whatever page of the upstream lists it."""
    models_check.judge(
        models_proxy.read(lists.retrieved),
        lambda pair: lists.not_found(*pair),
        what="models",
        if_none="the list has no plain id",
    )


@upstream
@cites("proxy#/$defs/odd_ids")
@pytest.mark.parametrize("models_odd", lists.ODD)
def test_odd_id_is_found(
    models_odd: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A model with an unusual id, such as one with a slash, is found by its id."""
    found = lists.odd_id(models_proxy, models_odd)
    asked = lists.beside_the_other_case(models_proxy, models_odd, single)
    models_check.judge(
        [asked], lambda asked: lists.not_found(found, asked), what="model", if_none=""
    )


@upstream
@cites("proxy#/$defs/alias")
def test_alias_of_the_upstream_resolves(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """An alias that only the upstream knows gets the upstream's model."""
    models_proxy.require_mirror()
    expected = models_proxy.true_model(ALIAS)
    if "id" not in expected:
        raise Unexercised("the upstream has no alias")
    models_check.judge(
        [models_proxy.ask(single(ALIAS))],
        lambda asked: lists.not_found(expected["id"], asked),
        what="response",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/unknown_model")
def test_unknown_id_stays_unknown(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """An id that the upstream does not know is refused with a 4xx."""

    def served(asked: Relayed) -> Finding | None:
        if 400 <= asked.response.status < 500:
            return None
        seen = shown(asked.response.json) if asked.response.ok else asked.status_text
        own = asked.response.status in OWN_FAILURES and error_type(asked.response.json)
        expected = "a 4xx, as the upstream's 404 not_found_error"
        return asked.finding(seen, expected, level="should" if own else None)

    models_check.judge(
        [models_proxy.once(single(f"{NO_MODEL}-here"))], served, what="response", if_none=""
    )
