"""The order of the list: by what it is sorted instead of newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import share
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either, moment
from pytest_models_contract.evidence.diagnoses.paging import (
    BORDERS,
    MORE,
    SIZES,
    STARTS,
    UNDOES,
    WALKS,
)
from pytest_models_contract.evidence.diagnoses.windows import windows

CHECK = "order/newest_first"
LEAST = 4
Key = Callable[[Any], Any]


class Sorting(NamedTuple):
    """A way to sort models."""

    says: str
    key: Key
    falling: bool = False


def _text(name: str) -> Key:
    return lambda model: str(model[name])


SORTINGS = (
    Sorting("by `id`", _text("id")),
    Sorting("by `id`, from the end of the alphabet", _text("id"), True),
    Sorting("by `display_name`", _text("display_name")),
    Sorting("by `display_name`, from the end of the alphabet", _text("display_name"), True),
    Sorting("by `id`, whatever its case", lambda model: str(model["id"]).lower()),
    Sorting("by the length of the id", lambda model: len(model["id"])),
    Sorting("by `max_tokens`", lambda model: model["max_tokens"] or 0),
    Sorting("by `max_input_tokens`", lambda model: model["max_input_tokens"] or 0),
    Sorting("by the text of `created_at`, not by the moment it names", _text("created_at"), True),
    Sorting("by the day of the month", lambda model: str(model["created_at"])[8:]),
)


def wrong_order(seen: Observed) -> Iterator[Cause]:
    """How the list is sorted when it is not newest first."""
    found = [own for _, own in seen.findings(CHECK)]
    if not found:
        return
    models, dates = list(seen.models.values()), seen.dates
    steps = [(one, two) for one, two in pairwise(date for date in dates if date) if one != two]
    rising = sum(one < two for one, two in steps)
    pairs = share(rising, len(steps), "step|from one date to another")
    says, cause = _says(models, dates, found)
    title = f"{says}: {pairs} {'goes' if rising == 1 else 'go'} to a newer one"
    yield Cause(cause, title, lambda check, _: check == CHECK)
    if rising == len(steps) and len(steps) >= LEAST:
        yield from _turned_pages(seen)


def _says(models: Sequence[Any], dates: Sequence[Any], found: Sequence[Finding]) -> tuple[str, str]:
    known = [date for date in dates if date]
    if all(one <= two for one, two in pairwise(known)):
        return "the list is sorted oldest first", "oldest first"
    if len(found) == 1:
        return _one_step(models, dates, found[0])
    for sorting in SORTINGS if len(models) >= LEAST else ():
        if _is_sorted(models, sorting):
            return f"the list is sorted {sorting.says}, not newest first", f"sorted {sorting.says}"
    for place in range(2, len(known) - 1):
        first, rest = known[:place], known[place:]
        if all(a >= b for a, b in pairwise(first)) and all(a <= b for a, b in pairwise(rest)):
            return (
                f"the list is sorted newest first up to the model {place}, and oldest first from there",
                "turned from a place on",
            )
    return "the list is not sorted newest first", "unsorted"


def _one_step(models: Sequence[Any], dates: Sequence[Any], found: Finding) -> tuple[str, str]:
    by_text = SORTINGS[-2]
    name = visible(found.where.partition(" (")[0], 60)
    if _is_sorted(models, by_text):
        return f"the list is sorted {by_text.says}", "sorted by text"
    newest = max((date for date in dates if date), default=None)
    if dates and dates[-1] == newest:
        return f"the newest model, {name}, stands last", "newest last"
    return f"{name} stands behind an older model", "one out of place"


def is_oldest_first(models: Sequence[Any]) -> bool | None:
    """Whether the models stand oldest first; False where they stand newest first, else None."""
    dates = [date for date in map(moment, models) if date]
    steps = [one < two for one, two in pairwise(dates) if one != two]
    if not any(steps):
        return False
    return True if all(steps) else None


def _is_sorted(models: Sequence[Any], sorting: Sorting) -> bool:
    try:
        keys = [sorting.key(model) for model in models]
        pairs = list(pairwise(keys))
        way = all(a >= b for a, b in pairs) if sorting.falling else all(a <= b for a, b in pairs)
    except (KeyError, TypeError):
        return False
    return way and len(set(keys)) > 2


def _turned_pages(seen: Observed) -> Iterator[Cause]:
    """The right models stand on each page, the oldest first: seen from the list as a whole it is turned."""
    turned = Observed(seen.exchanges, seen.revision, (), ())
    turned.models = dict(reversed(list(seen.models.items())))
    pages = windows(turned)
    size = seen.revision.limit.default
    long = [own for own in pages if len(own.page) > 1]
    right = [own for own in pages if _is_turned(own, turned, size)]
    if len(long) < LEAST or any(
        own not in right for own in long if own.response.request in _usual(long)
    ):
        return
    title = f"each page is turned around: the right models stand on it, the oldest first: {share(len(long), len(long), 'page')}"
    inside = [own.response for own in right]
    about = (CHECK, *SIZES, *STARTS, *BORDERS, *MORE, *UNDOES, *WALKS, "headers/", "lifecycle/")
    follows = either(
        among(inside, *about), lambda check, _: check.startswith(("headers/newer", "headers/key"))
    )
    yield Cause("pages turned", title, follows, "sort once, before the page is cut")


def _usual(pages: Sequence[Any]) -> set[Any]:
    return {own.response.request for own in pages if not str(own.response.request.variant)}


def _is_turned(window: Any, seen: Observed, size: int) -> bool:
    stretch = window.right(seen)
    return list(stretch.cut(min(window.size or size, len(stretch.ids)))) == window.page.ids[::-1]
