"""An upstream of the tests and requests to it."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

from pytest_models_contract.fake.upstream import Keys, Upstream

KEYS = Keys("sk-client-0123456789", "sk-second-0123456789", "sk-server-0123456789")


OURS: Any = {"trust_env": False, "verify": ssl.create_default_context()}


def get(
    up: Upstream, target: str = "/v1/models", key: str | None = KEYS.client, **headers: str
) -> httpx.Response:
    sent = {"x-api-key": key, **headers} if key else headers
    url = f"{up.base_url}{target}"
    return httpx.get(url, headers=sent, timeout=5, **OURS)
