"""Commands that serve, as scripts, and what a start command is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.wire import Wire
from pytest_models_contract.target.process import NotReady, Process

KEY = "sk-s3cret-0123456789"


SERVES = "serve(sys.argv[1], lambda path, head: (200, '{}'))"


Make = Callable[..., Process]


def asking(where: str) -> Callable[[str, float], Any]:
    """A probe of the server there."""

    def probe(path: str, seconds: float) -> Any:
        wire = Wire(where, key=KEY, timeout=min(seconds, 10))
        try:
            return wire.once(Request(path))
        finally:
            wire.close()

    return probe


def refusal(server: Process) -> str:
    with pytest.raises(NotReady) as refused:
        server.start()
    assert server._child is None
    return str(refused.value)
