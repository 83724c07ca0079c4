"""A second reading of the server under test, before a contradiction counts as a violation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pytest_models_contract.client.exchange import Occurrence, Page, Request, Response
from pytest_models_contract.evidence.comparison import same_models
from pytest_models_contract.evidence.pagination import MOST_PAGES, each_once

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence


def repeats(evidence: Evidence, requests: Sequence[Request]) -> bool:
    """Whether these requests, the opening and the catalogue get the remembered responses again."""
    # The opening is asked before the catalogue is read: what changed in between shows there alone.
    opening = [evidence.opening.request] if evidence.opening else []
    again = [_same_again(each, evidence) for each in dict.fromkeys([*opening, *requests])]
    return is_unchanged(evidence) and all(again)


def is_unchanged(evidence: Evidence) -> bool:
    """Whether a new reading of the catalogue has the same models in the same order.

    Of a list too long to be read to its end, that is the first page.
    """
    now = _crawl_again(evidence)
    evidence.read_again = list(dict.fromkeys(found for page in now for found in page.ids))
    before = evidence.crawl[: len(now)] if evidence.unfinished else evidence.crawl
    return _same_models(before, now, evidence)


def _same_again(request: Request, evidence: Evidence) -> bool:
    return evidence.same_response(evidence.api.ask(request), evidence.api.send_again(request))


def occurrences_now(evidence: Evidence) -> list[Occurrence]:
    """The models of the catalogue in a new reading, which is not remembered."""
    return each_once(_crawl_again(evidence))


def _crawl_again(evidence: Evidence) -> list[Page]:
    def ask(**window: Any) -> Response | None:
        return evidence.api.send_again(evidence.api.list(**window).request)

    return evidence.crawled(ask, 1 if evidence.unfinished else MOST_PAGES).pages


def _same_models(before: Sequence[Page], now: Sequence[Page], evidence: Evidence) -> bool:
    """Whether the pages list the same models in the same order, however they divide them."""
    listed, again = ([model for page in pages for model in page.data] for pages in (before, now))
    return len(listed) == len(again) and same_models(listed, again, evidence.comparable)
