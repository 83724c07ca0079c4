"""A second reading of the server under test, before anybody is accused of contradicting itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pytest_models_contract.client.exchange import Page, Request, Response
from pytest_models_contract.evidence.comparison import same_models

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence


def repeats(evidence: Evidence, requests: Sequence[Request]) -> bool:
    """Whether these questions, the opening and the catalogue are answered as they were remembered."""
    # The opening is asked before the catalogue is read: what changed in between shows there alone.
    opening = [evidence.opening.request] if evidence.opening else []
    again = [_same_answer(each, evidence) for each in dict.fromkeys([*opening, *requests])]
    now = _crawl_again(evidence)
    evidence.read_again = list(dict.fromkeys(found for page in now for found in page.ids))
    return all(again) and _same_models(evidence.crawl, now, evidence)


def _same_answer(request: Request, evidence: Evidence) -> bool:
    return evidence.same_response(evidence.api.ask(request), evidence.api.send_again(request))


def _crawl_again(evidence: Evidence) -> list[Page]:
    def ask(**window: Any) -> Response | None:
        return evidence.api.send_again(evidence.api.list(**window).request)

    return evidence.crawled(ask).pages


def _same_models(before: Sequence[Page], now: Sequence[Page], evidence: Evidence) -> bool:
    """Whether the pages list the same models in the same order, however they divide them."""
    listed, again = ([model for page in pages for model in page.data] for pages in (before, now))
    return len(listed) == len(again) and same_models(listed, again, evidence.comparable)
