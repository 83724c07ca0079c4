"""Fixtures of the tests of the fake and the upstream."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from upstreams import KEYS

from pytest_models_contract.fake.upstream import Upstream, upstream


@pytest.fixture(scope="module")
def shared() -> Iterator[Upstream]:
    with upstream(keys=KEYS) as served:
        yield served


@pytest.fixture
def up(shared: Upstream) -> Iterator[Upstream]:
    yield shared
    shared.behave()
