"""What a proxy passes on: headers either way, and bodies whatever their frame and coding."""

from __future__ import annotations

from functools import partial

import pytest

from pytest_models_contract.client.variant import Variant
from pytest_models_contract.client.verdict import Check
from pytest_models_contract.evidence.proxy import bodies, callers, headers
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest
from pytest_models_contract.evidence.unusual import WORKSPACE

cites = pytest.mark.models_cites
upstream = pytest.mark.models_only_with("upstream")
NOT_ASKED = "the upstream was not asked: a cache answered, or the server was busy"


@upstream
@cites("proxy#/$defs/version", level="should")
@pytest.mark.parametrize("models_version", headers.VERSIONS)
def test_version_reaches_the_upstream(
    models_version: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """The client's `anthropic-version` reaches the upstream as it came."""
    variant = Variant(version=models_version)
    models_check.judge(
        headers.with_variant(models_proxy, variant),
        partial(
            headers.lost_upstream,
            name="anthropic-version",
            values=[models_version],
            who=models_proxy.who,
        ),
        what="requests",
        if_none=NOT_ASKED,
    )


@upstream
@cites("proxy#/$defs/betas", level="should")
@pytest.mark.parametrize("models_betas", headers.BETAS)
def test_betas_reach_the_upstream(
    models_betas: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """The client's values of `anthropic-beta` reach the upstream, also unknown ones."""
    betas = headers.betas_of(models_betas, models_proxy.revision)
    models_check.judge(
        headers.with_variant(models_proxy, Variant(betas=betas)),
        partial(headers.lost_upstream, name="anthropic-beta", values=betas, who=models_proxy.who),
        what="requests",
        if_none=NOT_ASKED,
    )


@upstream
@cites("proxy#/$defs/workspace", level="should")
def test_workspace_reaches_the_upstream(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """The client's `anthropic-workspace-id` reaches the upstream, where it is asked with the client's key."""
    callers.require_own_answers(models_proxy)
    workspace = Variant(headers=((WORKSPACE, "wrkspc_of_the_client"),))
    models_check.judge(
        headers.with_variant(models_proxy, workspace),
        partial(
            headers.lost_upstream,
            name=WORKSPACE,
            values=["wrkspc_of_the_client"],
            who=models_proxy.who,
        ),
        what="requests",
        if_none=NOT_ASKED,
    )


@upstream
@cites("proxy#/$defs/request_id", level="should")
def test_request_id_is_there(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """Each response carries a `request-id`, the upstream's or one of the server's own."""
    models_check.judge(
        headers.of_every_kind(models_proxy), headers.nameless, what="responses", if_none=""
    )


@upstream
@cites("proxy#/$defs/hop_by_hop", level="should")
@pytest.mark.parametrize("models_way", ["request", "response"])
def test_hop_by_hop_headers_go_one_hop(
    models_way: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """Headers that `Connection` names, or that are for one hop only, are not passed on."""
    models_check.judge(
        headers.hop_by_hop(models_proxy, models_way),
        partial(headers.hopped, way=models_way),
        what="requests",
        if_none=NOT_ASKED,
    )


@upstream
@cites("proxy#/$defs/cookies", level="should")
def test_cookies_are_not_shared(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """A cookie that the upstream sets for one client is not sent with another client's request."""
    asked, cookie = headers.shared_cookies(models_proxy)
    models_check.judge(
        asked, partial(headers.has_cookie, cookie=cookie), what="requests", if_none=""
    )


@upstream
@cites("proxy#/$defs/bodies", level="should")
@pytest.mark.parametrize("models_frame", list(bodies.FRAMES))
def test_body_is_whole_however_it_is_framed(
    models_frame: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A body arrives whole and readable, whatever framing and content coding the upstream uses."""
    models_check.judge(
        bodies.framed(models_proxy, models_frame),
        bodies.unreadable,
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/bodies", level="should")
def test_body_is_plain_for_those_who_ask_so(
    models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A client that accepts no compressed body gets none, also after one that accepts it."""
    models_check.judge(
        bodies.for_those_who_take_it_plain(models_proxy),
        bodies.not_asked_for,
        what="responses",
        if_none="",
    )
