"""The bare crawl: every model, `limit=1000`, with httpx and `json.loads`. Arguments: base URL and key."""

from __future__ import annotations

import json
import sys
from typing import Any

import httpx


def crawl(base_url: str, key: str) -> list[Any]:
    """Every model of the server."""
    models: list[Any] = []
    window: dict[str, Any] = {"limit": 1000}
    with httpx.Client(base_url=base_url, headers={"x-api-key": key}, trust_env=False) as client:
        while True:
            page = json.loads(client.get("/v1/models", params=window).content)
            models += page["data"]
            if not page["has_more"]:
                return models
            window["after_id"] = page["last_id"]


print(len(crawl(*sys.argv[1:])))
