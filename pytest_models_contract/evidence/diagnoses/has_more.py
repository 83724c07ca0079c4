"""Whether more models follow: how the server computes `has_more`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from pytest_models_contract.evidence.diagnoses.counting import clause
from pytest_models_contract.evidence.diagnoses.fitting import Fit, fits
from pytest_models_contract.evidence.diagnoses.observed import Observed, once
from pytest_models_contract.evidence.diagnoses.page_sizes import Stretches
from pytest_models_contract.evidence.diagnoses.page_starts import Wrong, where
from pytest_models_contract.evidence.diagnoses.windows import Stretch, Window

_STOP = "clients stop there: the models that follow are lost to them"
_GO_ON = "clients ask for one page more, in vain"


@dataclass(frozen=True)
class Told:
    """A way to compute `has_more`, and the words for it.

    `value` takes the page, what it was cut from and the size asked for; `shows` goes on after "7 of 9 pages".
    """

    name: str
    value: Callable[[Window, Stretch, int, Observed], bool | None]
    says: str
    shows: tuple[str, str]
    hint: str = ""


def _beyond(window: Window, stretch: Stretch) -> int:
    return len(stretch.ids) - len(window.page)


def _other_way(window: Window, _: Stretch, __: int, seen: Observed) -> bool | None:
    places = [seen.position[own] for own in window.page.ids if own in seen.position]
    if not window.backward or not places:
        return None
    return max(places) < len(seen.ids) - 1


_TRUE = ("says so with nothing left", "say so with nothing left")
_FALSE = ("says so with models left", "say so with models left")
_WAYS = (
    Told(
        "true on empty pages",
        lambda window, *_: None if window.page.ids else True,
        "`has_more` is true on empty pages{where}",
        ("says that more models follow", "say that more models follow"),
        _GO_ON,
    ),
    Told("always true", lambda *_: True, "`has_more` is {always}true{where}", _TRUE, _GO_ON),
    Told("always false", lambda *_: False, "`has_more` is {always}false{where}", _FALSE, _STOP),
    Told(
        "full page",
        lambda window, _, size, __: len(window.page) >= size,
        "`has_more` is computed from the page's length{where}",
        (
            "is full and the last, with `has_more` true",
            "are full and the last, with `has_more` true",
        ),
        "read one model more than the page holds to know whether more follow",
    ),
    Told(
        "whole list",
        lambda _, __, size, seen: len(seen.ids) > size,
        "`has_more` compares the whole list with `limit`{where}, not what is left",
        ("says true with nothing left", "say true with nothing left"),
        _GO_ON,
    ),
    Told(
        "two more",
        lambda window, stretch, _, __: _beyond(window, stretch) > 1,
        "`has_more` is false while one model is left{where}",
        ("says so", "say so"),
        _STOP,
    ),
    Told(
        "other direction",
        _other_way,
        "`has_more` tells of the other direction{where}: whether older models follow",
        ("is wrong", "are wrong"),
    ),
    Told(
        "inverted",
        lambda window, stretch, _, __: _beyond(window, stretch) <= 0,
        "`has_more` is inverted{where}",
        ("says the opposite", "say the opposite"),
    ),
)
_UNKNOWN = Told("wrong", lambda *_: None, "`has_more` is wrong{where}", ("is wrong", "are wrong"))


def wrong_has_more(
    pages: Sequence[Window], stretches: Stretches, seen: Observed
) -> Iterator[Wrong]:
    """The ways in which `has_more` does not say whether models follow in the page's direction."""

    def is_emptied(window: Window) -> bool:
        """Whether the page is empty though it should not be: that alone is what is wrong."""
        return not window.page.ids and bool(window.right(seen).ids)

    told = [own for own in pages if isinstance(own.page.has_more, bool) and not is_emptied(own)]

    def stretch(window: Window) -> Stretch:
        return stretches[once(window.response.request)]

    def size(window: Window) -> int:
        return window.size or seen.revision.limit.default

    def right(window: Window) -> bool:
        return _beyond(window, stretch(window)) > 0

    def is_wrong(window: Window) -> bool:
        """Whether it is wrong for the page that came, and would be for the one that should have."""
        due = len(window.right(seen).ids) > size(window)
        return window.page.has_more not in (right(window), due)

    def agreement(way: Told, window: Window) -> int | None:
        value = way.value(window, stretch(window), size(window), seen)
        return None if value in (None, right(window)) else int(value == window.page.has_more)

    for fit in fits(told, is_wrong, _WAYS, agreement, partial(where, seen=seen)):
        yield _wrong(fit)


def _wrong(fit: Fit[Told, Window]) -> Wrong:
    way = fit.explanation or _UNKNOWN
    says = way.says.format(where=fit.phrase, always="" if fit.phrase else "always ")
    shown = clause(len(fit.inside), fit.whole, "such page" if fit.phrase else "page", *way.shows)
    return Wrong(f"has_more: {way.name}", f"{says}: {shown}", way.hint, fit.inside)
