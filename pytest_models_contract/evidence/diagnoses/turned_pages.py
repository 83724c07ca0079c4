"""Pages that are turned around: the right models stand on each, the oldest first."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import PAGES, VARIANTS
from pytest_models_contract.evidence.diagnoses.counting import share
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either
from pytest_models_contract.evidence.diagnoses.order import CHECK, LEAST, is_oldest_first
from pytest_models_contract.evidence.diagnoses.windows import Window, windows

ABOUT = (CHECK, *PAGES, *VARIANTS)


def turned_pages(seen: Observed) -> Iterator[Cause]:
    """Seen from the whole list, which is one page and turned as well, every other page is wrong."""
    if not seen.is_violated(CHECK) or not is_oldest_first(list(seen.models.values())):
        return
    right_way = seen.of_other_models(dict(reversed(list(seen.models.items()))))
    pages = windows(right_way)
    turned = [own for own in pages if _is_turned(own, right_way)]
    plain = [own for own in pages if len(own.page) > 1 and not str(own.response.request.variant)]
    if len(plain) < LEAST or not all(_is_turned(own, right_way) for own in plain):
        return
    count = share(len(plain), len(plain), "page")
    title = f"each page is turned around: the right models stand on it, the oldest first: {count}"
    follows = either(
        among([own.response for own in turned], *ABOUT),
        lambda check, _: check.startswith(VARIANTS),
    )
    yield Cause("pages turned", title, follows, "sort once, before the page is cut")


def _is_turned(window: Window, seen: Observed) -> bool:
    stretch = window.right(seen)
    size = window.size or seen.revision.limit.default
    return list(stretch.cut(stretch.held(size))) == window.page.ids[::-1]
