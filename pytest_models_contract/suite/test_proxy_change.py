"""The one change of the upstream's catalogue, at the very end of a run."""

from __future__ import annotations

import pytest

from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.proxy import change as changes
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest

cites = pytest.mark.models_cites
upstream = pytest.mark.models_only_with("upstream")


@upstream
@cites("proxy#/$defs/change", level="should")
@pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])
def test_change_is_visible(
    models_endpoint: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A model that the upstream removes or adds is removed or added at the server too."""
    found = models_proxy.read(changes.change)
    lists = models_endpoint == "list"
    wrong = changes.old_list(found) if lists else changes.old_model(found)
    left = changes.allowed((found.lists if lists else found.models).response)
    if wrong and left > 0:
        raise Unexercised(f"its Cache-Control lets clients keep the old response for {left:.0f} s")
    models_check.conclude([wrong] if wrong else [], 1, what="change", if_none="")
