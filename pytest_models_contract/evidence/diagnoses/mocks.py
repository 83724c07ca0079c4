"""Mocks that a description feeds: one fixed response for each route, with placeholders in it."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.client.exchange import Page
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import PAGES, REFUSALS
from pytest_models_contract.evidence.diagnoses.counting import share
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either, id_of

PLACEHOLDERS = ("first_id", "last_id", "string")
ABOUT = ("model_list/first_id", "model_list/last_id", *PAGES, *REFUSALS)


def fixed_responses(seen: Observed) -> Iterator[Cause]:
    """Every list is the same page with placeholders as cursors; every id gets the same model."""
    pages = [page for page in seen.pages if not page.response.request.variant.betas]
    if len(pages) < 3 or not all(map(_has_placeholders, pages)) or not _is_one(pages):
        return
    served = [response for name, response in seen.retrieved if response.ok]
    strange = [response for response in served if id_of(response) in seen.position]
    title = (
        "every response is the fixed example of a mock:"
        f" {share(len(pages), len(pages), 'list')} is the same page,"
        f" with `first_id` {visible(str(pages[0].envelope.get('first_id')), 30)!r}".replace(
            "'", '"'
        )
    )
    follows = either(among([page.response for page in pages], *ABOUT), among(strange, "retrieve/"))
    yield Cause(
        "mock",
        title,
        follows,
        "let the mock read the request, or test another server",
    )


def _has_placeholders(page: Page) -> bool:
    return all(page.envelope.get(end) in PLACEHOLDERS for end in ("first_id", "last_id"))


def _is_one(pages: list[Page]) -> bool:
    """Whether all hold the same models, whatever was asked."""
    return len({tuple(page.ids) for page in pages}) == 1
