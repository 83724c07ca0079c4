"""What the list of a proxy should be, and which part of it answers a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pytest_models_contract.client.exchange import Request
from pytest_models_contract.evidence.proxy.requests import plain


@dataclass(frozen=True, eq=False)
class Truth:
    """The whole list: its models in order."""

    models: Sequence[Any]
    ids: Sequence[str]

    @cached_property
    def position(self) -> dict[str, int]:
        return {found: place for place, found in enumerate(self.ids)}

    @cached_property
    def plain(self) -> list[str]:
        """The ids without the odd ones of the upstream."""
        return plain(self.ids)

    def window(self, request: Request, default: int) -> tuple[Sequence[str], bool] | None:
        """The ids that the response should have, and whether there are more; None for an unknown cursor."""
        ids, size = self.beyond(request), int(request.value("limit") or default)
        if ids is None:
            return None
        backward = request.value("before_id") is not None
        window = ids[max(0, len(ids) - size) :] if backward else ids[:size]
        return window, len(window) < len(ids)

    def beyond(self, request: Request) -> Sequence[str] | None:
        """The ids in the direction of the request, all of them; None for an unknown cursor."""
        after, before = request.value("after_id"), request.value("before_id")
        cursor = after if after is not None else before
        if cursor is not None and cursor not in self.position:
            return None
        if before is not None:
            return self.ids[: self.position[before]]
        return self.ids if after is None else self.ids[self.position[after] + 1 :]
