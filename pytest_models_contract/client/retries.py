"""When a request is sent again, and how long the client waits before."""

from __future__ import annotations

import time
from contextlib import suppress
from email.utils import parsedate_to_datetime

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.verdict import NotJudged

TRANSIENT = {408, 409, 429}


def pause_before_retry(outcome: Response | NotJudged, attempt: int) -> float:
    """Seconds to wait before the next try; infinite when there should be none."""
    if isinstance(outcome, NotJudged):
        return _backoff(attempt)
    if not is_transient(outcome):
        return float("inf")
    wanted = _retry_after(outcome.header("retry-after") or "")
    return _backoff(attempt) if wanted is None else wanted


def _backoff(attempt: int) -> float:
    return 0.1 * (attempt + 1)


def is_transient(response: Response) -> bool:
    """Whether the SDKs would retry; the server may say so itself (`x-should-retry`)."""
    should_retry = response.header("x-should-retry")
    if should_retry in {"true", "false"} and response.status >= 400:
        return should_retry == "true"
    return response.cut_off or response.status in TRANSIENT or response.status >= 500


def _retry_after(value: str) -> float | None:
    """Seconds from now, by a header with seconds or a date; None when it has neither."""
    with suppress(ValueError):
        return max(0.0, float(value))
    with suppress(ValueError, TypeError, LookupError, ArithmeticError, OSError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None
