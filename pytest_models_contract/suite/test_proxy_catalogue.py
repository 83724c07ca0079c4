"""A proxy's list beside its upstream's: every model, in order, in every window."""

from __future__ import annotations

from functools import partial

import pytest

from pytest_models_contract.client.verdict import Check
from pytest_models_contract.evidence.proxy import catalogue as lists
from pytest_models_contract.evidence.proxy.requests import listing
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest

cites = pytest.mark.models_cites
upstream = pytest.mark.models_only_with("upstream")
each_walk = pytest.mark.parametrize("models_walk", list(lists.WALKS))
each_odd_id = pytest.mark.parametrize("models_odd", lists.ODD)


@upstream
@cites("proxy#/$defs/every_model")
@each_walk
def test_every_model_is_listed(
    models_walk: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A walk through the list finds every model of the upstream, whatever the number of pages."""
    walk = models_proxy.read(lists.walked, models_walk)
    models_check.judge([walk], lists.incomplete, what="walk", if_none="")


@upstream
@cites("proxy#/$defs/no_other_model")
@each_walk
def test_no_other_model_is_listed(
    models_walk: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A walk through the list finds no model that the upstream does not have."""
    walk = models_proxy.read(lists.walked, models_walk)
    models_check.judge([walk], lists.added, what="walk", if_none="")


@upstream
@cites("proxy#/$defs/once")
@each_walk
def test_no_model_is_listed_twice(
    models_walk: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A walk through the list finds no model twice."""
    walk = models_proxy.read(lists.walked, models_walk)
    models_check.judge([walk], lists.repeated, what="walk", if_none="")


@upstream
@cites("proxy#/$defs/order")
@each_walk
def test_order_is_the_upstreams(
    models_walk: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A walk through the list finds the models in the upstream's order, also those of the same date."""
    walk = models_proxy.read(lists.walked, models_walk)
    models_check.judge([walk], lists.disordered, what="walk", if_none="")


@upstream
@cites("proxy#/$defs/windows")
@pytest.mark.parametrize("models_window", lists.WINDOWS)
def test_window_is_the_upstreams(
    models_window: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A page has the models that the upstream gives for the same `limit`, `after_id` and `before_id`."""
    models_check.judge(
        models_proxy.read(lists.windows, models_window),
        partial(lists.other_window, proxy=models_proxy),
        what="pages",
        if_none="the list is empty",
    )


@upstream
@cites("proxy#/$defs/has_more")
def test_has_more_is_true_of_the_page(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """`has_more` says whether the upstream has more models beyond the page of the client."""
    models_check.judge(
        lists.pages(models_proxy),
        partial(lists.wrong_has_more, proxy=models_proxy),
        what="pages",
        if_none="no page came",
    )


@upstream
@cites("proxy#/$defs/ends")
def test_first_and_last_id_are_those_of_the_page(
    models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """`first_id` and `last_id` are the ids of the first and the last model on the page of the client."""
    models_check.judge(
        lists.pages(models_proxy), lists.wrong_ends, what="pages", if_none="no page came"
    )


@upstream
@cites("proxy#/$defs/odd_ids")
@each_odd_id
def test_odd_id_is_listed(
    models_odd: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A model with an unusual id, such as one with a slash, is listed under exactly that id."""
    found = lists.odd_id(models_proxy, models_odd)
    walk = models_proxy.read(lists.walked, "1000")
    models_check.conclude(
        [] if found in walk.ids else [walk.last.finding("it is not listed", found, found)],
        1,
        what="model",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/odd_ids")
@each_odd_id
def test_odd_id_is_a_cursor(
    models_odd: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """An unusual id, such as one with a slash, works as `after_id` and as `before_id`."""
    windows = [
        lambda found: listing(after_id=found, limit=3),
        lambda found: listing(before_id=found, limit=3),
    ]
    models_check.judge(
        [lists.beside_the_other_case(models_proxy, models_odd, window) for window in windows],
        partial(lists.other_window, proxy=models_proxy),
        what="pages",
        if_none="",
    )
