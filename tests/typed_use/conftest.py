"""A project that brings its server itself, fully typed."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from pytest_models_contract.fake import Fake


@pytest.fixture(scope="session")
def models_base_url() -> str:
    return "http://models.example"


@pytest.fixture(scope="session")
def models_transport() -> httpx.BaseTransport:
    return httpx.WSGITransport(Fake(25, key="secret"))


@pytest.fixture(scope="session")
def models_api_key() -> str | None:
    return "secret"


@pytest.fixture(scope="session")
def models_headers() -> Mapping[str, str]:
    return {"x-tenant": "typed"}
