"""The requests of the two endpoints: a page of the list, and one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.variant import PLAIN, Variant

LIST = "/v1/models"


def page_request(
    *,
    limit: int | str | None = None,
    after_id: str | None = None,
    before_id: str | None = None,
    variant: Variant = PLAIN,
    again: int = 0,
    extra: Sequence[tuple[str, str]] = (),
) -> Request:
    """The request for a page; parameters that are None are not sent."""
    given = {"after_id": after_id, "before_id": before_id, "limit": limit}
    return list_request(given, variant, again, extra)


def list_request(
    given: Mapping[str, object],
    variant: Variant = PLAIN,
    again: int = 0,
    extra: Sequence[tuple[str, str]] = (),
) -> Request:
    """The request for a page, with the parameters in the given order; those that are None are not sent."""
    query = [(name, str(value)) for name, value in given.items() if value is not None]
    return Request(LIST, (*query, *extra), variant, again)


def model_request(
    model: str, variant: Variant = PLAIN, again: int = 0, extra: Sequence[tuple[str, str]] = ()
) -> Request:
    """The request for one model by id or alias, percent-encoded as one path segment."""
    name = quote(model, safe="", errors="replace")
    if not name.strip("."):
        name = name.replace(".", "%2E")  # else it is a step in the path
    return Request(f"{LIST}/{name}", tuple(extra), variant, again)
