"""Pages that are cut well and spoiled afterwards, each in the same way: turned around, or one model short."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.variant import PLAIN
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.checks import (
    ENDS,
    MORE,
    PAGES,
    PAGES_OF_SDKS,
    SAME_MODELS,
    SIZES,
    STARTS,
    VARIANTS,
)
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either
from pytest_models_contract.evidence.diagnoses.paging import blamed, wrong_pages
from pytest_models_contract.evidence.diagnoses.scope import extent
from pytest_models_contract.evidence.diagnoses.turned_pages import is_in_order, turned_back
from pytest_models_contract.evidence.diagnoses.windows import Window, windows

LEAST = 4
"""Fewer pages may be so for another reason. The whole list does not count: seen from it, it is always so."""
UNSEEN = "(a model that no page shows)"
_OTHERS = (*VARIANTS, *PAGES_OF_SDKS)
OF_ONE_PAGE = (*SIZES, *STARTS, *ENDS, *MORE)
"""What looks at one thing about a page."""
ABOUT = (*PAGES, *VARIANTS, SAME_MODELS, "order/newest_first")
Models = dict[str, Any]


class Spoiled(NamedTuple):
    """A way to spoil pages: what the list is, seen from the one that came, and what is left of a page."""

    says: str
    whole: Callable[[Models], Models]
    left: Callable[[Sequence[str]], Sequence[str]]
    hint: str


CHANGES = (
    Spoiled(
        "each page lacks its first model",
        lambda models: {UNSEEN: None, **models},
        lambda page: page[1:],
        "the page is cut correctly, and then one model is dropped",
    ),
    Spoiled(
        "each page lacks its last model",
        lambda models: {**models, UNSEEN: None},
        lambda page: page[:-1],
        "the page is cut correctly, and then one model is dropped",
    ),
)


def spoiled_pages(seen: Observed) -> Iterator[Cause]:
    """Seen from the whole list, which is a page and spoiled as well, every other page is wrong."""
    if len(seen.ids) < 2 or not seen.is_violated(*PAGES, "order/newest_first"):
        return  # one model on every page shows nothing of the others
    if back := turned_back(seen):
        yield reversed_pages(back)
        return
    for change in CHANGES:
        right = seen.of_other_models(change.whole(seen.models))
        if not all(_may_be_short(own, change, right) for own in windows(right)):
            continue
        pages = [own for own in windows(right) if len(own.due(right)) > 1]
        inside = [
            own.response for own in pages if list(change.left(own.due(right))) == own.page.ids
        ]
        known = set(map(id, inside))
        plain = [own for own in pages if own.response.request.variant == PLAIN]
        telling = [own for own in plain if own.page.ids != seen.ids]
        if len(telling) < LEAST or not all(id(own.response) in known for own in plain):
            continue
        where, number = extent(inside, [own.response for own in pages], seen, "page")
        title = f"{change.says}{where}: {number}"
        yield Cause(change.says, title, _about(right), change.hint, STARTS)
        return


def reversed_pages(back: Observed) -> Cause:
    """Each page is turned around; what else is wrong with it shows once it is turned back."""
    pages = [own for own in windows(back) if len(own.page) > 1]
    inside = [own.response for own in pages if is_in_order(own, back)]
    where, number = extent(inside, [own.response for own in pages], back, "page")
    blame, about = blamed(wrong_pages(back)), _about(back)

    def follows(check: str, found: Finding) -> bool:
        is_wrong_besides = check.startswith(OF_ONE_PAGE) and blame.causes(check, found)
        return about(check, found) and not is_wrong_besides

    says = "each page is reversed: it has the right models, oldest first"
    hint = "sort once, before the page is cut"
    return Cause(
        says, f"each page is reversed, oldest first{where}: {number}", follows, hint, STARTS
    )


def _about(right: Observed) -> Follows:
    """What checks find of these pages; what another request gets is compared with what the plain one got."""
    return either(among(_all_of(right), *ABOUT), lambda check, _: check.startswith(_OTHERS))


def _may_be_short(own: Window, change: Spoiled, right: Observed) -> bool:
    """Whether a plain page of one model or none is as it should be, or as the change leaves it."""
    due = own.due(right)
    if len(due) > 1 or own.response.request.variant != PLAIN:
        return True
    return own.page.ids in (list(due), list(change.left(due)))


def _all_of(right: Observed) -> Iterator[Any]:
    """The pages that were asked for plainly, single models and empty ones among them."""
    for own in windows(right):
        if own.response.request.variant == PLAIN:
            yield own.response
