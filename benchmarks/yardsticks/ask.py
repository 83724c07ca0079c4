"""The same requests with bare httpx. Arguments: base URL, file of requests, how many at once."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx


def ask(base_url: str, requests: str, at_once: str) -> None:
    """Send all requests over `at_once` connections."""
    sent = json.loads(Path(requests).read_text("utf-8"))
    with (
        httpx.Client(base_url=base_url, trust_env=False) as client,
        ThreadPoolExecutor(int(at_once)) as workers,
    ):
        list(workers.map(lambda request: client.get(request[0], headers=request[1]), sent))


ask(*sys.argv[1:])
