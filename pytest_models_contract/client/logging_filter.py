"""httpx logs URLs and httpcore logs headers, which may carry secrets: not from threads of ours."""

from __future__ import annotations

import logging

THREAD_NAME = "models-contract"
"""How the names of our threads begin."""


class _OursStaySilent(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.threadName or "").startswith(THREAD_NAME)


_SILENT = _OursStaySilent()
for _name in ("connection", "http11", "proxy", "http2"):
    logging.getLogger(f"httpcore.{_name}").addFilter(_SILENT)
for _name in ("httpx", "asyncio"):
    logging.getLogger(_name).addFilter(_SILENT)
