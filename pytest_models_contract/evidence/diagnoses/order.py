"""The order of the list: by what it is sorted instead of newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import clause
from pytest_models_contract.evidence.diagnoses.observed import Observed, moment

CHECK = "order/newest_first"
LEAST = 4
"""Fewer models show no sorting: they may stand so by chance."""
Key = Callable[[Any], Any]


class Sorting(NamedTuple):
    """A way to sort models."""

    says: str
    key: Key
    falling: bool = False


def _text(name: str) -> Key:
    return lambda model: str(model[name])


BY_TEXT = Sorting(
    "by the text of `created_at`, not by the moment it names", _text("created_at"), True
)
SORTINGS = (
    Sorting("by `id`", _text("id")),
    Sorting("by `id`, from the end of the alphabet", _text("id"), True),
    Sorting("by `display_name`", _text("display_name")),
    Sorting("by `display_name`, from the end of the alphabet", _text("display_name"), True),
    Sorting("by `id`, whatever its case", lambda model: str(model["id"]).lower()),
    Sorting("by the length of the id", lambda model: len(model["id"])),
    Sorting("by `max_tokens`", lambda model: model["max_tokens"] or 0),
    Sorting("by `max_input_tokens`", lambda model: model["max_input_tokens"] or 0),
    BY_TEXT,
    Sorting("by the day of the month", lambda model: str(model["created_at"])[8:]),
)


def wrong_order(seen: Observed) -> Iterator[Cause]:
    """How the list is sorted when it is not newest first."""
    found = [own for _, own in seen.findings(CHECK)]
    if found:
        steps = [(one, two) for one, two in pairwise(filter(None, seen.dates)) if one != two]
        newer = sum(one < two for one, two in steps)
        noun = "step|from one date to another"
        shown = clause(newer, len(steps), noun, "goes to a newer one", "go to a newer one")
        title = f"{_says(seen, found)}: {shown}"
        yield Cause("order", title, lambda check, _: check == CHECK)


def _says(seen: Observed, found: Sequence[Finding]) -> str:
    models = list(seen.models.values())
    if is_oldest_first(models):
        return "the list is sorted oldest first"
    if len(found) == 1:
        return _one_step(models, seen.dates, found[0])
    for sorting in SORTINGS if len(models) >= LEAST else ():
        if _is_sorted(models, sorting):
            return f"the list is sorted {sorting.says}, not newest first"
    if turn := _turn(list(filter(None, seen.dates))):
        return (
            f"the list is sorted newest first up to the model {turn}, and oldest first from there"
        )
    return "the list is not sorted newest first"


def _one_step(models: Sequence[Any], dates: Sequence[Any], found: Finding) -> str:
    """What is wrong where one model alone stands behind an older one."""
    name = visible(found.where.partition(" (")[0], 60)
    if _is_sorted(models, BY_TEXT):
        return f"the list is sorted {BY_TEXT.says}"
    if dates and dates[-1] == max(filter(None, dates), default=None):
        return f"the newest model, {name}, is the last one"
    return f"{name} comes after an older model"


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
        in_order = all(a >= b if sorting.falling else a <= b for a, b in pairwise(keys))
        return in_order and len(set(keys)) > 2
    except (KeyError, TypeError):
        return False


def _turn(dates: Sequence[Any]) -> int:
    """How many models stand newest first before the others stand oldest first; 0 where it is not so."""
    for place in range(2, len(dates) - 1):
        falls = all(a >= b for a, b in pairwise(dates[:place]))
        rises = all(a <= b for a, b in pairwise(dates[place:]))
        if falls and rises:
            return place
    return 0
