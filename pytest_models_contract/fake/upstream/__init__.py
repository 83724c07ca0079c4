"""The upstream: a conformant Models API behind a proxy, its failures and its log under control of a test."""

from pytest_models_contract.fake.upstream.catalogue import NEW_BETA
from pytest_models_contract.fake.upstream.exchange import Exchange, Keys, UpstreamRequest
from pytest_models_contract.fake.upstream.server import Upstream, upstream

__all__ = ["NEW_BETA", "Exchange", "Keys", "Upstream", "UpstreamRequest", "upstream"]
