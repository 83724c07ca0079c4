"""Whether the list is the same when it is asked for again; if not, no two responses can be compared."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Any, cast

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Page, Response, page_of
from pytest_models_contract.client.pool import equal
from pytest_models_contract.client.verdict import if_answered
from pytest_models_contract.evidence.pagination import any_is_new
from pytest_models_contract.spec.revision import Revision

CHANGING = "the list changes with each request: see cursors/repeating_a_request_repeats_the_answer"
MOST = 5
"""So many responses to one request are looked at."""
OFTEN = 2
"""What changed so often is no single release or renaming in between."""


@dataclass(frozen=True)
class Steadiness:
    """What changed from one response to the next, with the same request.

    `changing` says that other models were listed, or the same in another order; `properties` are the
    top-level ones with other values; `pages` are the first two responses that differ so.
    """

    changing: bool = False
    properties: frozenset[str] = frozenset()
    pages: tuple[Page, Page] | None = None

    def __bool__(self) -> bool:
        """Whether the responses were alike."""
        return self.pages is None


STEADY = Steadiness()


def observed(first: Page, longer: Page | None, api: ModelsAPI, revision: Revision) -> Steadiness:
    """Send the request of a page again: once where the responses are alike, else up to `MOST` times.

    `longer` is a longer page of the same list, if there is one: where it begins otherwise, that is a doubt.
    """

    def ask_again(again: int) -> Response | None:
        return if_answered(lambda: api.ask(replace(first.response.request, again=again)))

    doubt = longer is not None and first.ids != longer.ids[: len(first)]
    return _compared(first, ask_again, revision, doubt=doubt)


def _compared(
    first: Page, ask_again: Callable[[int], Response | None], revision: Revision, *, doubt: bool
) -> Steadiness:
    """What changes; where there is no `doubt`, one more response like the first is enough."""
    pages = [first]
    for again in range(1, MOST):
        if any_is_new(pages[-1].data):
            time.sleep(1.1)  # a clock that stands in for a date shows whole seconds
        response = ask_again(again)
        page = page_of(response) if response else None
        if page is None:
            break
        pages.append(page)
        found, now = _steadiness(pages, revision), _other_properties(pages[-2], pages[-1], revision)
        alike = again == 1 and not doubt and not now and pages[0].ids == pages[1].ids
        if found.changing or alike or (now and now == found.properties):
            break
    return _steadiness(pages, revision)


def _steadiness(pages: list[Page], revision: Revision) -> Steadiness:
    steps = list(pairwise(pages))
    moved = [step for step in steps if step[0].ids != step[1].ids]
    if len(moved) >= OFTEN:
        return Steadiness(True, frozenset(), moved[0])
    changed = [(step, _other_properties(step[0], step[1], revision)) for step in steps]
    times = Counter(chain.from_iterable(names for _, names in changed))
    often = frozenset(name for name, number in times.items() if number >= OFTEN)
    step = next((step for step, names in changed if names & often), None)
    return Steadiness(False, often, step)


def _other_properties(one: Page, other: Page, revision: Revision) -> set[str]:
    """The properties with another value in some model of the other page, by what the revision knows."""
    if one.ids != other.ids or one.response.packed == other.response.packed:
        return set()
    pairs = zip(one.data, other.data, strict=True)
    return set().union(*(_others(*pair, revision) for pair in pairs))


def _others(one: Any, other: Any, revision: Revision) -> set[str]:
    if not (isinstance(one, dict) and isinstance(other, dict)) or equal(one, other):
        return set()
    known, now = (cast(dict[str, object], revision.project(model)) for model in (one, other))
    return {name for name in known.keys() | now.keys() if known.get(name) != now.get(name)}
