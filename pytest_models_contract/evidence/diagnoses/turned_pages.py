"""Pages that are cut well and turned around afterwards: what they were before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from pytest_models_contract.client.exchange import Page
from pytest_models_contract.client.variant import PLAIN
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.order import is_oldest_first
from pytest_models_contract.evidence.diagnoses.windows import Window, is_cut_from, windows


def turned_back(seen: Observed) -> Observed | None:
    """What was seen, with each page turned back; None where the pages are not turned around.

    The whole list shows nothing: seen from it, the list is turned around, and each page with it.
    """
    models: dict[str, Any] = {}
    for page in map(_turned, seen.crawl):
        for own, model in zip(page.ids, page.data, strict=True):
            models.setdefault(own, model)
    back = seen.of_other_models(models)
    back.pages = list(map(_turned, seen.pages))
    plain = [own for own in windows(back) if own.response.request.variant == PLAIN]
    return back if _are_in_order(plain, back) else None


def _turned(page: Page) -> Page:
    return replace(page, envelope={**page.envelope, "data": page.data[::-1]})


def _are_in_order(plain: Sequence[Window], back: Observed) -> bool:
    """Whether all pages are in the order of the list, and those without a cursor begin it."""
    starts = [own for own in plain if not own.cursor]
    parts = [own for own in starts if 1 < len(own.page) < len(back.ids)]
    return (
        bool(parts)
        and all(is_cut_from(own, own.right(back)) for own in starts)
        and all(is_in_order(own, back) for own in plain)
        and not any(is_oldest_first(own.page.data) for own in plain)
    )


def is_in_order(window: Window, seen: Observed) -> bool:
    """Whether the models of the page are in the order of the list."""
    places = [seen.position[own] for own in window.page.ids if own in seen.position]
    return all(one < two for one, two in pairwise(places))
