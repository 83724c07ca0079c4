"""What is asked while the upstream misbehaves: it shows nothing of the server by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest

P = ParamSpec("P")
T = TypeVar("T")
Reading = Callable[Concatenate[ProxyUnderTest, P], T]


def set_apart(reading: Reading[P, T]) -> Reading[P, T]:
    """The same reading; what it asks is set apart from the other requests of the run."""

    @wraps(reading)
    def read(proxy: ProxyUnderTest, /, *arguments: P.args, **named: P.kwargs) -> T:
        before = len(proxy.api.exchanges)
        try:
            return reading(proxy, *arguments, **named)
        finally:
            proxy.apart.update(own.started for own in proxy.api.exchanges[before:])

    return read
