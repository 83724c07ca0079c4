"""Which models a page should hold, and which it would hold if the server read the cursor otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pytest_models_contract.client.exchange import Page, Response
from pytest_models_contract.evidence.diagnoses.observed import Observed, extras


class Stretch(NamedTuple):
    """The models that a page may be cut from: its first ones, or its last ones; `extra` come on top."""

    ids: Sequence[str]
    from_end: bool = False
    extra: int = 0

    def held(self, size: int) -> int:
        """How many models a page of this size holds."""
        return min(size + self.extra, len(self.ids))

    def cut(self, size: int) -> Sequence[str]:
        """The page of so many models at most."""
        if self.from_end:
            return self.ids[max(0, len(self.ids) - size) :]
        return self.ids[:size]


@dataclass(frozen=True, eq=False)
class Window:
    """A page with what was asked for: the size, and the place of the cursor in the catalogue.

    `size` is None where no `limit` was sent, `place` where there was no cursor.
    """

    page: Page
    size: int | None
    place: int | None

    @property
    def response(self) -> Response:
        return self.page.response

    @property
    def backward(self) -> bool:
        return self.page.backward

    @property
    def cursor(self) -> str:
        """The name of the cursor parameter that was sent, or the empty string."""
        if self.place is None:
            return ""
        return "before_id" if self.backward else "after_id"

    def right(self, seen: Observed) -> Stretch:
        """What the page should be cut from."""
        if self.place is None:
            return Stretch(seen.ids)
        return (
            Stretch(seen.ids[: self.place], True)
            if self.backward
            else Stretch(seen.ids[self.place + 1 :])
        )


def windows(seen: Observed) -> list[Window]:
    """The pages that were asked for with a legal limit, and with one listed cursor or none."""
    return [_window(page, seen) for page in seen.pages if asked_rightly(page.response, seen)]


def asked_rightly(response: Response, seen: Observed) -> bool:
    """Whether the request is one that must be answered with a page."""
    after, before, limit = map(response.request.value, ("after_id", "before_id", "limit"))
    cursor = before if after is None else after
    both = after is not None and before is not None
    known = cursor is None or cursor in seen.position
    return not both and known and (limit is None or legal(limit, seen))


def is_usual(response: Response, seen: Observed) -> bool:
    """Whether the headers and the other parameters are such as clients send."""
    variant = response.request.variant
    known = set(variant.betas) <= set(seen.revision.betas) and set(extras(response)) <= {"beta"}
    return known and bool(variant.version) and variant.auth in {"key", "other-way"}


def legal(limit: str, seen: Observed) -> bool:
    """Whether the text is a number in the range of `limit`."""
    bounds = seen.revision.limit
    plain = limit.isascii() and limit.isdecimal() and len(limit) < 9
    return plain and bounds.minimum <= int(limit) <= bounds.maximum


def _window(page: Page, seen: Observed) -> Window:
    cursor = page.before_id if page.after_id is None else page.after_id
    return Window(page, page.limit, None if cursor is None else seen.position[cursor])


def is_cut_from(window: Window, stretch: Stretch) -> bool:
    """Whether the page is a part of the stretch at its near end, however long."""
    ids = window.page.ids
    return len(ids) <= len(stretch.ids) and list(stretch.cut(len(ids))) == ids


# --- how a cursor may be read --------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """A way to read a cursor: what the page is then cut from, and the words that say so.

    `says` goes on after the name of a cursor, or after two of them; `shows` after "each of 7 pages" or
    "2 of 7 pages"; `ends` after "after the last model", where it is read so only there.
    """

    name: str
    stretch: Callable[[Window, Observed], Stretch | None]
    says: tuple[str, str]
    shows: tuple[str, str]
    hint: str = ""
    ends: str = ""


def _ignored(_: Window, seen: Observed) -> Stretch:
    return Stretch(seen.ids)


def _other_way(window: Window, seen: Observed) -> Stretch | None:
    if window.place is None:
        return None
    if window.backward:
        return Stretch(seen.ids[window.place + 1 :])
    return Stretch(seen.ids[: window.place], True)


def _wrong_end(window: Window, seen: Observed) -> Stretch | None:
    right = window.right(seen)
    return None if window.place is None else Stretch(right.ids, not right.from_end)


def _on_top(window: Window, seen: Observed) -> Stretch | None:
    """The model of the cursor comes besides those of the page, where there are any."""
    own = _shifted(-1)(window, seen)
    return own._replace(extra=1) if own and window.right(seen).ids else None


def _negative(window: Window, seen: Observed) -> Stretch | None:
    """The page is a slice that begins at a negative index, as counted from the end of the list."""
    size = window.size or seen.revision.limit.default
    if not window.backward or window.place is None or window.place >= size:
        return None
    return Stretch(seen.ids[window.place - size : window.place])


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
            return Stretch(seen.ids[: max(0, window.place - by)], True)
        return Stretch(seen.ids[window.place + 1 + by :])

    return stretch


def _by_date(ties: bool) -> Callable[[Window, Observed], Stretch | None]:
    """The page holds what is older, or newer, than the model of the cursor."""

    def stretch(window: Window, seen: Observed) -> Stretch | None:
        day = None if window.place is None else seen.dates[window.place]
        if day is None:
            return None
        pairs = zip(seen.ids, seen.dates, strict=True)
        dated = [(own, date) for own, date in pairs if date is not None]
        if window.backward:
            return Stretch(
                [own for own, date in dated if date > day or (ties and date == day)], True
            )
        return Stretch([own for own, date in dated if date < day or (ties and date == day)])

    return stretch


def _ties_by_id(rising: bool) -> Callable[[Window, Observed], Stretch | None]:
    """Among models of one date those follow whose id is greater, or less, than that of the cursor."""

    def stretch(window: Window, seen: Observed) -> Stretch | None:
        day = None if window.place is None else seen.dates[window.place]
        if window.place is None or day is None or window.backward:
            return None
        name = seen.ids[window.place]
        return Stretch(
            [
                own
                for own, date in zip(seen.ids, seen.dates, strict=True)
                if date is not None
                and (date < day or (date == day and (own > name if rising else own < name)))
            ]
        )

    return stretch


_TIES = "order by date and id, and compare both with those of the cursor"
_LOST = ("loses models of the cursor's date", "lose models of the cursor's date")
READINGS = (
    Reading(
        "ignored",
        _ignored,
        ("is ignored", "are ignored"),
        ("is the first page", "are the first page"),
        "a client that follows the pages meets the same models again and never ends",
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
        ("holds it on top of its own", "hold it on top of their own"),
    ),
    Reading(
        "skips",
        _shifted(1),
        ("skips the model next to the cursor", "skip the model next to the cursor"),
        ("lacks it", "lack it"),
    ),
    Reading(
        "skips two",
        _shifted(2),
        ("skips the two models next to the cursor", "skip the two models next to the cursor"),
        ("lacks them", "lack them"),
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
        _negative,
        ("gives nothing where fewer models than `limit` are left",) * 2,
        ("is empty", "are empty"),
        "the start of the page is a negative index: let it be 0 at least",
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
    size = window.size or seen.revision.limit.default
    if stretch is None or stretch.cut(stretch.held(size)) == right.cut(right.held(size)):
        return None
    if not window.page.ids:
        return 0 if stretch.ids else 2
    if not is_cut_from(window, stretch):
        return 0
    return 2 if len(window.page) == stretch.held(size) else 1
