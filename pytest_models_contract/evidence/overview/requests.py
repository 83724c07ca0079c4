"""The requests of a run over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.evidence.overview.texts import Clean

MOST = 2_000
"""So many requests are listed."""


class RequestRow(NamedTuple):
    """A request: when it was sent, in seconds since 1970, what it was, and its response.

    `seconds` is how long the response took, `size` its length in bytes, `problem` why it is broken.
    """

    started: float
    asked: str
    status: int
    seconds: float
    size: int
    retries: int
    problem: str


def rows(responses: Iterable[Response], clean: Clean) -> list[RequestRow]:
    """A row for each response."""
    return [
        RequestRow(
            started=round(each.started, 4),
            asked=clean(str(each.request)),
            status=each.status,
            seconds=round(each.seconds, 4),
            size=len(each.body),
            retries=each.retries,
            problem=clean(each.broken),
        )
        for each in responses
    ]


def merged(parts: Iterable[Sequence[Sequence[Any]]]) -> list[RequestRow]:
    """The rows of all workers by time. What workers shared is in several parts, and listed once."""
    known = {RequestRow(*row) for part in parts for row in part}
    return sorted(known)
