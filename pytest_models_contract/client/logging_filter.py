"""Silences httpx and httpcore in our threads: they log URLs and headers, which may carry secrets."""

from __future__ import annotations

import logging

THREAD_NAME = "models-contract"
"""How the names of our threads begin."""


class _NotFromOurThreads(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.threadName or "").startswith(THREAD_NAME)


_FILTER = _NotFromOurThreads()
for _name in ("connection", "http11", "proxy", "http2"):
    logging.getLogger(f"httpcore.{_name}").addFilter(_FILTER)
for _name in ("httpx", "asyncio"):
    logging.getLogger(_name).addFilter(_FILTER)
