"""Whether more models follow: how the server computes `has_more`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pytest_models_contract.evidence.diagnoses.counting import clause
from pytest_models_contract.evidence.diagnoses.fitting import Fit, fits
from pytest_models_contract.evidence.diagnoses.list_responses import is_due
from pytest_models_contract.evidence.diagnoses.observed import Observed, once
from pytest_models_contract.evidence.diagnoses.page_sizes import Stretches
from pytest_models_contract.evidence.diagnoses.page_starts import Wrong, where
from pytest_models_contract.evidence.diagnoses.windows import Stretch, Window
from pytest_models_contract.evidence.pagination import cost_of_more

_STOP = "clients stop there and miss the models that follow"
_TRUE = ("says so with no models left", "say so with no models left")
_FALSE = ("says so with models left", "say so with models left")


@dataclass(frozen=True)
class Computed:
    """A way to compute `has_more`, and the words for it.

    `value` takes the page, how many models are beyond it, the size that was asked for and what was
    observed; it is None where the way has nothing to say. `shows` goes on after "each of 7 pages".
    `goes_on` says that clients then ask for more than there is. A way that is `whole` fits every page, or
    it is not the way.
    """

    name: str
    value: Callable[[Window, int, int, Observed], bool | None]
    says: str
    shows: tuple[str, str]
    hint: str = ""
    goes_on: bool = False
    whole: bool = False


def _other_way(window: Window, _: int, __: int, seen: Observed) -> bool | None:
    places = [seen.position[own] for own in window.page.ids if own in seen.position]
    return max(places) < len(seen.ids) - 1 if window.backward and places else None


def _is_a_part(window: Window, _: int, __: int, seen: Observed) -> bool | None:
    return len(window.page) < len(seen.ids) if window.page.ids else None


FULL_PAGE = Computed(
    "full page",
    lambda window, _, size, __: len(window.page) >= size,
    "`has_more` is computed from the page's length{where}",
    ("is full and the last, and says true", "are full and the last, and say true"),
    "read one model more than the page holds to know whether more follow",
)
METHODS = (
    Computed(
        "true on empty pages",
        lambda window, *_: None if window.page.ids else True,
        "`has_more` is true on empty pages{where}",
        ("says that more models follow", "say that more models follow"),
        goes_on=True,
    ),
    Computed(
        "always true", lambda *_: True, "`has_more` is {always}true{where}", _TRUE, goes_on=True
    ),
    Computed("always false", lambda *_: False, "`has_more` is {always}false{where}", _FALSE, _STOP),
    FULL_PAGE,
    Computed(
        "short page",
        lambda window, _, size, __: len(window.page) < size,
        "`has_more` is true on pages that are not full{where}, and false on full ones",
        ("says so", "say so"),
        "compare the number of models with `limit` the other way round",
    ),
    Computed(
        "whole list",
        lambda _, __, size, seen: len(seen.ids) > size,
        "`has_more` compares the whole list with `limit`{where}, not the models that are left",
        ("says true with no models left", "say true with no models left"),
        goes_on=True,
    ),
    Computed(
        "part of the list",
        _is_a_part,
        "`has_more` is true on every page that is not the whole list{where}",
        _TRUE,
        "say whether models are left in the direction of the request",
        whole=True,
    ),
    Computed(
        "two more",
        lambda _, beyond, __, ___: beyond > 1,
        "`has_more` is false while one model is left{where}",
        ("says so", "say so"),
        _STOP,
    ),
    Computed(
        "other direction",
        _other_way,
        "`has_more` is that of the other direction{where}: whether older models follow",
        ("is wrong", "are wrong"),
    ),
    Computed(
        "inverted",
        lambda _, beyond, __, ___: beyond <= 0,
        "`has_more` is inverted{where}",
        ("says the opposite", "say the opposite"),
        whole=True,
    ),
)
_UNKNOWN = Computed(
    "wrong", lambda *_: None, "`has_more` is wrong{where}", ("is wrong", "are wrong")
)


def wrong_has_more(
    pages: Sequence[Window], stretches: Stretches, seen: Observed
) -> Iterator[Wrong]:
    """How `has_more` is computed where it does not say whether models follow in the page's direction."""

    def beyond(window: Window) -> int:
        stretch: Stretch = stretches[once(window.response.request)]
        return len(stretch.ids) - len(window.page)

    def size(window: Window) -> int:
        return window.size or seen.revision.limit.default

    def is_wrong(window: Window) -> bool:
        """Whether it is wrong for the page that came, and would be for the one that should have."""
        due = len(window.right(seen).ids) > size(window)
        return window.page.has_more not in (beyond(window) > 0, due)

    def agreement(way: Computed, window: Window) -> int | None:
        value = way.value(window, beyond(window), size(window), seen)
        stated = window.page.has_more
        return None if value in (None, beyond(window) > 0) else int(value == stated)

    judged = [own for own in pages if _can_be_judged(own, seen)]
    methods = [
        way
        for way in (*METHODS, _full_pages_of(pages))
        if not (way.whole and any(agreement(way, window) == 0 for window in judged))
    ]
    for fit in fits(judged, is_wrong, methods, agreement, partial(where, seen=seen)):
        yield _wrong(fit, seen)


def _full_pages_of(pages: Sequence[Window]) -> Computed:
    """The same as `FULL_PAGE`, where `limit` is capped, or has another default."""
    longest = {bare: _longest(pages, bare=bare) for bare in (False, True)}

    def value(window: Window, _: int, __: int, ___: Observed) -> bool:
        most = longest[window.size is None]
        return len(window.page) >= min(window.size or most, most)

    return replace(FULL_PAGE, value=value, whole=True)


def _longest(pages: Sequence[Window], *, bare: bool) -> int:
    """The length of the longest page that was asked for without `limit`, or with one."""
    return max((len(own.page) for own in pages if (own.size is None) is bare), default=0)


def _can_be_judged(window: Window, seen: Observed) -> bool:
    """Not where the page is empty though it should not be: that alone is what is wrong."""
    emptied = not window.page.ids and bool(window.right(seen).ids)
    return isinstance(window.page.has_more, bool) and not emptied


def _wrong(fit: Fit[Computed, Window], seen: Observed) -> Wrong:
    way = fit.explanation or _UNKNOWN
    always = "" if fit.phrase or fit.outside else "always "
    says = way.says.format(where=fit.phrase, always=always)
    shown = clause(len(fit.inside), fit.whole, "such page" if fit.phrase else "page", *way.shows)
    backward = all(window.backward for window in fit.inside)
    due = [response for response in seen.lists if is_due(response, seen)]
    cost = cost_of_more(due, seen.ids, backward=backward)
    hint = cost if way.goes_on else way.hint
    return Wrong(f"has_more: {way.name}", f"{says}: {shown}", hint, fit.inside)
