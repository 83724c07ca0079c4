"""Faults of the order of the list, and models that are not in it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    backwards,
    cut_from,
    edited,
    everything,
    family,
    fault,
    is_page,
    lists,
    put,
    with_data,
)


def _late_pair_swapped(models: list[Model]) -> list[Model]:
    """The models with the last two neighbours of different dates, neither an epoch, swapped."""
    for place in range(len(models) - 1, 0, -1):
        dates = [models[place]["created_at"], models[place - 1]["created_at"]]
        if dates[0] != dates[1] and not any(day.startswith("1970") for day in dates):
            swapped = [models[place], models[place - 1]]
            return [*models[: place - 1], *swapped, *models[place + 1 :]]
    return models


def _oldest_of_page_two_first(models: list[Model]) -> list[Model]:
    return [*models[:20], *reversed(models[20:])]


@family(
    {
        "oldest-first": lambda models: models[::-1],
        "by-id": lambda models: sorted(models, key=lambda model: str(model["id"])),
        "by-name": lambda models: sorted(models, key=lambda model: str(model["display_name"])),
        "by-name-length": lambda models: sorted(models, key=lambda model: len(model["id"])),
        "late-pair-swapped": _late_pair_swapped,
        "newest-last": lambda models: [*models[1:], *models[:1]],
        "page-two-reversed": _oldest_of_page_two_first,
        "by-day-of-month": lambda models: sorted(models, key=lambda model: model["created_at"][8:]),
    }
)
@lists
def order_is(ask: Ask, request: Request, sorting: Any) -> Response:
    """The models are not listed newest first."""
    return cut_from(ask, request, sorting)


@fault
@lists
def page_is_oldest_first(ask: Ask, request: Request) -> Response:
    """Each page has the right models, the oldest first."""
    response = ask(request)
    return with_data(response, reversed(response.body["data"])) if is_page(response) else response


@fault
@lists
def page_before_is_oldest_first(ask: Ask, request: Request) -> Response:
    """A page before a cursor is in reverse order, the nearest model first."""
    response = ask(request)
    if not is_page(response) or not backwards(request):
        return response
    return with_data(response, reversed(response.body["data"]))


@fault
def dates_sorted_as_text(ask: Ask, request: Request) -> Response:
    """Dates are sorted as text: by its offset from UTC one model is newer than the model before it."""
    models = everything(ask, request)
    if len(models) < 2:
        return ask(request)
    newer, older = models[min(len(models), 7) - 2 :][:2]
    day_before = date.fromisoformat(newer["created_at"][:10]) - timedelta(days=1)
    text = f"{day_before}T23:30:00-12:00"
    return edited(ask, request, lambda model: put(model, "created_at", text), older["id"])


UNLISTED = "claude-3-opus-20240229"


@fault
@lists
def a_model_is_not_listed(ask: Ask, request: Request) -> Response:
    """A model that can be used and retrieved is not listed."""
    return cut_from(ask, request, lambda models: [m for m in models if m["id"] != UNLISTED])
