"""A hub and workers of it, without pytest-xdist."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from pytest_models_contract.client.sharing import Hub, Peers, peers


class Controller:
    """A hub and workers of it, as pytest-xdist would make them."""

    def __init__(self, workers: int = 2) -> None:
        self.hub = Hub()
        self._count = workers

    def worker(self) -> Peers:
        node = SimpleNamespace(workerinput={"workercount": self._count})
        self.hub.pytest_configure_node(node)
        found = peers(cast(Any, node))
        assert found
        return found
