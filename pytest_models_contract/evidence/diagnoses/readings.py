"""How a cursor is read, right and wrong: what the page is then cut from, and the words for it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.windows import Stretch, Window, is_cut_from

LOOKED_THROUGH = 10_000
"""Up to this size of a list each cursor is compared with every id: with more it would take seconds."""


@dataclass(frozen=True)
class Reading:
    """A way to read a cursor: what the page is then cut from, and the words that say so.

    `says` goes on after the name of a cursor, or after two of them; `shows` after "each of 7 pages" or
    "2 of 7 pages"; `ends` after "after the last model", where it is read so only there. `where` says
    of which pages it can be true.
    """

    name: str
    stretch: Callable[[Window, Observed], Stretch | None]
    says: tuple[str, str]
    shows: tuple[str, str]
    hint: str = ""
    ends: str = ""
    where: str = ""


def _ignored(_: Window, seen: Observed) -> Stretch:
    return Stretch(seen.ids)


def _other_way(window: Window, seen: Observed) -> Stretch | None:
    if window.place is None:
        return None
    if window.backward:
        return Stretch(seen.ids[window.place + 1 :])
    return Stretch(seen.ids[: window.place], from_end=True)


def _wrong_end(window: Window, seen: Observed) -> Stretch | None:
    right = window.right(seen)
    return None if window.place is None else Stretch(right.ids, not right.from_end)


def _on_top(window: Window, seen: Observed) -> Stretch | None:
    """The model of the cursor comes besides those of the page."""
    own = _shifted(-1)(window, seen)
    return own and own._replace(extra=1)


def _too_early(
    cut: Callable[[Sequence[str], int, int], Sequence[str]],
) -> Callable[[Window, Observed], Stretch | None]:
    """Fewer models than `limit` are left before the cursor: the index where the page begins is negative.

    `cut` gives the page from the list, that index, and the place of the cursor.
    """

    def stretch(window: Window, seen: Observed) -> Stretch | None:
        place, size = window.place, window.size or seen.revision.limit.default
        if not window.backward or place is None or place >= size:
            return None
        return Stretch(cut(seen.ids, place - size, place))

    return stretch


def _turned(window: Window, seen: Observed) -> Stretch | None:
    right = window.right(seen)
    page = list(right.cut(len(window.page)))[::-1]
    return Stretch(page) if len(page) > 1 else None


def _shifted(by: int) -> Callable[[Window, Observed], Stretch | None]:
    """The page begins so many models farther from the cursor than it should."""

    def stretch(window: Window, seen: Observed) -> Stretch | None:
        if window.place is None:
            return None
        if window.backward:
            return Stretch(seen.ids[: max(0, window.place - by)], from_end=True)
        return Stretch(seen.ids[window.place + 1 + by :])

    return stretch


def _by_date(ties: bool) -> Callable[[Window, Observed], Stretch | None]:
    """The page holds what is older, or newer, than the model of the cursor."""

    def stretch(window: Window, seen: Observed) -> Stretch | None:
        day = None if window.place is None else seen.dates[window.place]
        if day is None:
            return None
        newer, same, older = _around(day, seen)
        if window.backward:
            return Stretch(newer + same * ties, from_end=True)
        return Stretch(same * ties + older)

    return stretch


def _ties_by_id(rising: bool) -> Callable[[Window, Observed], Stretch | None]:
    """Among models of one date those follow whose id is greater, or less, than that of the cursor."""

    def stretch(window: Window, seen: Observed) -> Stretch | None:
        day = None if window.place is None else seen.dates[window.place]
        if window.place is None or day is None or window.backward:
            return None
        name = seen.ids[window.place]
        _, same, older = _around(day, seen)
        follow = [own for own in same if (own > name if rising else own < name)]
        return Stretch(follow + older)

    return stretch


def _by_id(rising: bool) -> Callable[[Window, Observed], Stretch | None]:
    """The page holds the models, in their order, whose ids are greater, or less, than the cursor."""

    def stretch(window: Window, seen: Observed) -> Stretch | None:
        if window.place is None or len(seen.ids) > LOOKED_THROUGH:
            return None
        name, greater = seen.ids[window.place], rising != window.backward
        kept = [own for own in seen.ids if (own > name if greater else own < name)]
        return Stretch(kept, from_end=window.backward)

    return stretch


def _by_beginning(window: Window, seen: Observed) -> Stretch | None:
    """The cursor is taken for the first model whose id begins with it."""
    if window.place is None or len(seen.ids) > LOOKED_THROUGH:
        return None
    name = seen.ids[window.place]
    found = next(place for place, own in enumerate(seen.ids) if own.startswith(name))
    return replace(window, place=found).right(seen)


def _around(day: Any, seen: Observed) -> tuple[list[str], list[str], list[str]]:
    """The models that are newer than this date, of this date, and older, each newest first."""
    ids, dates = seen.dated
    newer, older = (len(ids) - cut(dates, day) for cut in (bisect_right, bisect_left))
    return ids[:newer], ids[newer:older], ids[older:]


_TOO_FEW = " where fewer models than `limit` are left"
_NEGATIVE = "the start of the page is a negative index: use 0 at least"
_TIES = "order by date and id, and compare both with those of the cursor"
_LOST = ("loses models of the cursor's date", "lose models of the cursor's date")
READINGS = (
    Reading(
        "ignored",
        _ignored,
        ("is ignored", "are ignored"),
        ("is the first page", "are the first page"),
        "a client that follows the pages gets the same page again, without end while `has_more` is true",
        "the list starts again",
    ),
    Reading(
        "included",
        _shifted(-1),
        ("includes the model of the cursor", "include the model of the cursor"),
        ("holds it", "hold it"),
        ends="its own model comes again",
    ),
    Reading(
        "repeats",
        _on_top,
        ("repeats the model of the cursor", "repeat the model of the cursor"),
        ("holds it besides its own models", "hold it besides their own models"),
    ),
    Reading(
        "skips",
        _shifted(1),
        ("skips the model next to the cursor", "skip the model next to the cursor"),
        ("lacks it", "lack it"),
    ),
    Reading(
        "wrong end",
        _wrong_end,
        ("answers from the wrong end", "answer from the wrong end"),
        ("holds the models farthest from the cursor", "hold the models farthest from the cursor"),
    ),
    Reading(
        "other way",
        _other_way,
        ("is read as {other}", "are mixed up"),
        (
            "holds models on the other side of the cursor",
            "hold models on the other side of the cursor",
        ),
    ),
    Reading(
        "turned",
        _turned,
        ("answers in reverse", "answer in reverse"),
        ("holds the right models, oldest first", "hold the right models, oldest first"),
    ),
    Reading(
        "negative index",
        _too_early(lambda ids, start, place: ids[start:place]),
        ("gives nothing",) * 2,
        ("is empty", "are empty"),
        _NEGATIVE,
        where=_TOO_FEW,
    ),
    Reading(
        "index from the end",
        _too_early(lambda ids, start, _: ids[start:]),
        ("counts from the end of the list",) * 2,
        ("holds the last models", "hold the last models"),
        _NEGATIVE,
        "the last models come",
        _TOO_FEW,
    ),
    Reading(
        "past the cursor",
        _too_early(lambda ids, *_: ids),
        ("goes on past the cursor",) * 2,
        ("is the first page of its size", "are the first pages of their sizes"),
        "end the page at the cursor",
        "the list starts again",
        _TOO_FEW,
    ),
    Reading("loses ties", _by_date(False), _LOST, ("lacks them", "lack them"), _TIES),
    Reading(
        "repeats ties",
        _by_date(True),
        ("repeats the models of the cursor's date", "repeat the models of the cursor's date"),
        ("holds them", "hold them"),
        _TIES,
    ),
    Reading("ties by id", _ties_by_id(True), _LOST, ("sorts them by id", "sort them by id"), _TIES),
    *(
        Reading(
            f"by {'rising' if rising else 'falling'} id",
            _by_id(rising),
            (
                "is compared with ids, not with places in the list",
                "are compared with ids, not with places in the list",
            ),
            ("holds what comes next by id", "hold what comes next by id"),
            "compare what the list is sorted by: the date, and the id where dates are equal",
        )
        for rising in (False, True)
    ),
    Reading(
        "by beginning",
        _by_beginning,
        (
            "leads to another model whose id begins so",
            "lead to another model whose id begins so",
        ),
        ("is the one beside that model", "are the ones beside that model"),
        "look the id up as a whole",
    ),
    Reading(
        "ties by falling id",
        _ties_by_id(False),
        _LOST,
        ("sorts them by id", "sort them by id"),
        _TIES,
    ),
)


def agreement(reading: Reading, window: Window, seen: Observed) -> int | None:
    """How well the page agrees with a reading of the cursor: 2 whole, 1 where it begins, 0 not.

    None where the reading would make no difference.
    """
    stretch, right = reading.stretch(window, seen), window.right(seen)
    size, came = window.size or seen.revision.limit.default, len(window.page)
    if stretch is None or all(
        stretch.cut(number) == right.cut(wanted)
        for number, wanted in ((stretch.held(size), right.held(size)), (came, came))
    ):
        return None
    if not window.page.ids:
        return 0 if stretch.ids else 2
    if not is_cut_from(window, stretch):
        return 0
    return 2 if len(window.page) == stretch.held(size) else int(not reading.where)
