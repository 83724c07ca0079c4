"""A proxy's models beside its upstream's: every value as the upstream gave it."""

from __future__ import annotations

import pytest

from pytest_models_contract.client.verdict import Check
from pytest_models_contract.evidence.proxy import models
from pytest_models_contract.evidence.proxy.models import Pair
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest

cites = pytest.mark.models_cites
upstream = pytest.mark.models_only_with("upstream")
each_endpoint = pytest.mark.parametrize("models_endpoint", models.ENDPOINTS)
NONE = "no model of the upstream was served"


@upstream
@cites("proxy#/$defs/nulls")
@each_endpoint
def test_null_stays_null(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A property that is null at the upstream is present and null."""
    _judge("null", models_endpoint, models_proxy, models_check)


@upstream
@cites("proxy#/$defs/dates")
@each_endpoint
def test_dates_name_the_same_moment(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A date names the same moment as the upstream's, to the millisecond, in any notation."""
    _judge("date", models_endpoint, models_proxy, models_check)


@upstream
@cites("proxy#/$defs/integers")
@each_endpoint
def test_integers_are_exact(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """An integer up to 2^53 - 1 is the upstream's integer."""
    _judge("integer", models_endpoint, models_proxy, models_check)


@upstream
@cites("proxy#/$defs/text")
@each_endpoint
def test_text_is_intact(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A text is exactly the upstream's text, also beyond ASCII."""
    _judge("text", models_endpoint, models_proxy, models_check)


@upstream
@cites("proxy#/$defs/properties")
@each_endpoint
def test_other_values_are_kept(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """Every other property that the revision knows is present, as the upstream gave it."""
    _judge("other", models_endpoint, models_proxy, models_check)


@upstream
@cites("proxy#/$defs/fine_dates", level="should")
@each_endpoint
def test_fractions_of_dates_are_whole(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A date keeps its fraction beyond the millisecond."""
    found = models_proxy.read(models.pairs, models_endpoint)
    cut = [each for pair in found for each in models.coarser(pair, models_proxy.revision)]
    models_check.conclude(cut, len(found), what="models", if_none=NONE)


@upstream
@cites("proxy#/$defs/large_integers", level="should")
@each_endpoint
def test_large_integers_are_exact(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """An integer above 2^53 - 1 is the upstream's integer."""
    _judge("large", models_endpoint, models_proxy, models_check)


@upstream
@cites("proxy#/$defs/unknown_properties", level="should")
@pytest.mark.parametrize("models_unknown", list(models.UNKNOWN))
def test_what_no_revision_knows_is_passed_on(
    models_unknown: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A property or capability that no revision knows yet is passed on, in the list and in a single model."""
    holder = models.UNKNOWN[models_unknown]
    found = [
        pair
        for endpoint in models.ENDPOINTS
        for pair in models_proxy.read(models.pairs, endpoint)
        if models.has_unknown(pair, holder)
    ]
    lost = [each for pair in found for each in models.dropped(pair, holder)]
    models_check.conclude(lost, len(found), what="models", if_none=NONE)


@upstream
@cites("proxy#/$defs/beta_query", level="should")
@each_endpoint
def test_what_the_beta_query_adds_is_passed_on(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """What the upstream adds to a model under `?beta=true` is there for a client that asks so."""
    found = models.of_beta(models_proxy, models_endpoint)
    lost = [each for pair in found for each in models.without_beta(pair, models_proxy.revision)]
    models_check.conclude(lost, len(found), what="models", if_none=NONE)


def _judge(kind: str, endpoint: str, proxy: ProxyUnderTest, check: Check) -> None:
    found: list[Pair] = proxy.read(models.pairs, endpoint)
    wrong = [each for pair in found for each in models.changed(kind, pair, proxy.revision)]
    check.conclude(wrong, len(found), what="models", if_none=NONE)
