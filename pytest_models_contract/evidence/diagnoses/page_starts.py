"""Where pages start: how the server reads `after_id` and `before_id`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.variant import PLAIN
from pytest_models_contract.evidence.diagnoses.counting import clause, quoted
from pytest_models_contract.evidence.diagnoses.fitting import Fit, fits
from pytest_models_contract.evidence.diagnoses.observed import Observed, extras, once
from pytest_models_contract.evidence.diagnoses.other_paging import other_paging
from pytest_models_contract.evidence.diagnoses.readings import READINGS, Reading, agreement
from pytest_models_contract.evidence.diagnoses.scope import ENDS, EVERYWHERE, Scope, scope
from pytest_models_contract.evidence.diagnoses.windows import Stretch, Window, is_cut_from

OTHER = {"after_id": "`before_id`", "before_id": "`after_id`"}
_UNKNOWN = Reading(
    "elsewhere",
    lambda window, seen: window.right(seen),
    (
        "gives other models than those next to the cursor",
        "give other models than those next to the cursor",
    ),
    ("holds other models", "hold other models"),
)


class Wrong(NamedTuple):
    """What is wrong with some pages: a name for it, the sentence, a hint, and the pages.

    `serves(limit, left)` is how many of the models that are left come of it though the limit is illegal.
    """

    name: str
    title: str
    hint: str
    pages: Sequence[Window]
    serves: Callable[[str, int], int | None] | None = None


def wrong_starts(
    pages: Sequence[Window], seen: Observed
) -> Iterator[tuple[Wrong, Mapping[Request, Stretch]]]:
    """How cursors are read where pages start elsewhere, each with what its pages were cut from instead."""
    by_reading: dict[str, list[tuple[str, Fit[Reading, Window]]]] = {}
    for cursor in ("after_id", "before_id", ""):
        own = [window for window in pages if window.cursor == cursor]
        for fit in _fits(own, seen):
            reading = fit.explanation or _UNKNOWN
            by_reading.setdefault(reading.name if cursor else "bare", []).append((cursor, fit))
    for alike in (part for each in by_reading.values() for part in _parts(each, seen)):
        reading = alike[0][1].explanation or _UNKNOWN
        fits_ = [fit for _, fit in alike]
        read = {
            once(window.response.request): stretch
            for cursor, fit in alike
            for window in (*fit.inside, *_unchanged(cursor, fit, pages, seen))
            if (stretch := reading.stretch(window, seen))
        }
        yield _wrong(reading, [cursor for cursor, _ in alike], _together(fits_, seen), seen), read


def _parts(
    same: Sequence[tuple[str, Fit[Reading, Window]]], seen: Observed
) -> Iterator[Sequence[tuple[str, Fit[Reading, Window]]]]:
    """Both cursors, or each by itself where they are read so in requests of different kinds."""
    fits_ = [fit for _, fit in same]
    if _together(fits_, seen).where is None and all(fit.where is not None for fit in fits_):
        yield from ([each] for each in same)
    else:
        yield same


def _unchanged(
    cursor: str, fit: Fit[Reading, Window], pages: Sequence[Window], seen: Observed
) -> list[Window]:
    """The pages that are the same however the cursor is read, where it is always read so."""
    reading = fit.explanation
    if reading is None or fit.where != EVERYWHERE:
        return []
    own = [window for window in pages if window.cursor == cursor]
    return [
        window
        for window in own
        if agreement(reading, window, seen) is None and is_cut_from(window, window.right(seen))
    ]


def _fits(pages: Sequence[Window], seen: Observed) -> Iterator[Fit[Reading, Window]]:
    def starts_elsewhere(window: Window) -> bool:
        right = window.right(seen)
        emptied = bool(right.ids and not window.page.ids)
        return not is_cut_from(window, right) or emptied

    for fit in fits(
        pages, starts_elsewhere, READINGS, partial(agreement, seen=seen), partial(where, seen=seen)
    ):
        reading = fit.explanation
        held = [own for own in fit.inside if reading or own.page.ids]
        if reading and fit.where == EVERYWHERE:  # also where the page begins so by chance
            held += [own for own in pages if own not in held and _is_only_short(own, reading, seen)]
        # Empty pages start nowhere: their size is what is wrong.
        shown = any(own.page.ids for own in held) or (reading and reading.where)
        simple = reading and reading.name == "ignored"
        if shown and (simple or not all(map(is_changed, held))):
            yield fit._replace(inside=held)


def _is_only_short(window: Window, reading: Reading, seen: Observed) -> bool:
    """Whether a page that begins where it should is just as the reading has it."""
    return is_cut_from(window, window.right(seen)) and agreement(reading, window, seen) == 2


def is_changed(window: Window) -> bool:
    """Whether the page was asked for with unusual headers: too few are to tell more than that it differs."""
    return window.response.request.variant != PLAIN or bool(extras(window.response))


def where(inside: Sequence[Window], outside: Sequence[Window], seen: Observed) -> Scope | None:
    """What tells the requests apart, as `scope` does."""
    return scope([own.response for own in inside], [own.response for own in outside], seen)


def _together(same: Sequence[Fit[Reading, Window]], seen: Observed) -> Fit[Reading, Window]:
    if len(same) == 1:
        return same[0]
    inside = [window for fit in same for window in fit.inside]
    outside = [window for fit in same for window in fit.outside]
    return Fit(same[0].explanation, inside, outside, where(inside, outside, seen))


def _wrong(
    reading: Reading, cursors: Sequence[str], fit: Fit[Reading, Window], seen: Observed
) -> Wrong:
    plural = len(cursors) > 1
    noun = (
        "such page"
        if reading.where or fit.phrase
        else f"page|asked with {'one' if plural else 'it'}"
    )
    if "" in cursors:
        title = "a list without a cursor does not begin with the newest model"
        shown = clause(len(fit.inside), fit.whole, "page", "does not", "do not")
        return Wrong("start without a cursor", f"{title}: {shown}", reading.hint, fit.inside)
    shown = clause(len(fit.inside), fit.whole, noun, *reading.shows)
    end = fit.phrase.strip()
    if reading.ends and end in ENDS:
        return Wrong(
            f"{reading.name} {end}", f"{end} {reading.ends}: {shown}", reading.hint, fit.inside
        )
    says = reading.says[plural].format(other=OTHER[cursors[0]])
    title = f"{quoted(cursors)} {says}{reading.where}{fit.phrase}: {shown}"
    hint = (reading is READINGS[0] and other_paging(seen)) or reading.hint
    return Wrong(f"{reading.name} {' '.join(cursors)}", title, hint, fit.inside)
