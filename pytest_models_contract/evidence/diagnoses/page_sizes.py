"""How many models pages hold: how the server reads `limit`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from pytest_models_contract.client.exchange import Request
from pytest_models_contract.evidence.diagnoses.counting import clause
from pytest_models_contract.evidence.diagnoses.fitting import Fit, fits
from pytest_models_contract.evidence.diagnoses.observed import Observed, once
from pytest_models_contract.evidence.diagnoses.page_starts import Wrong, is_changed, where
from pytest_models_contract.evidence.diagnoses.sizes import Size, sizes, unknown_size
from pytest_models_contract.evidence.diagnoses.windows import Stretch, Window

Stretches = Mapping[Request, Stretch]


def wrong_sizes(pages: Sequence[Window], stretches: Stretches, seen: Observed) -> Iterator[Wrong]:
    """How `limit` is read where pages hold other numbers of models than asked for."""
    default = seen.revision.limit.default

    def stretch(window: Window) -> Stretch:
        return stretches[once(window.response.request)]

    def right(window: Window) -> int:
        return stretch(window).held(window.size or default)

    def agreement(size: Size, window: Window) -> int | None:
        held = size.held(window.size, len(stretch(window).ids))
        return None if held is None or held == right(window) else int(held == len(window.page))

    def is_off(window: Window) -> bool:
        return len(window.page) != right(window)

    off = [own for own in pages if is_off(own)]
    count = len(seen.ids)
    # How many more than all models it would be nobody knows.
    numbers = sorted({len(own.page) for own in off} - {0, count})
    candidates = list(sizes(numbers, _factors(off), default, count))
    found = list(fits(pages, is_off, candidates, agreement, partial(where, seen=seen)))
    if len(found) > 2 and all(len(own.page) < right(own) for own in off):
        found = list(fits(pages, is_off, (), agreement, partial(where, seen=seen)))
    for fit in found:
        if (fit.explanation and fit.explanation.simple) or not all(map(is_changed, fit.inside)):
            yield _wrong(fit)


def _factors(off: Sequence[Window]) -> list[int]:
    """How many times their `limit` pages hold that hold a multiple of it."""
    sizes_ = [(own.size, len(own.page)) for own in off]
    return sorted(
        {held // size for size, held in sizes_ if size and held > size > 1 and not held % size}
    )


def _wrong(fit: Fit[Size, Window]) -> Wrong:
    size = fit.explanation or unknown_size([(own.size, len(own.page)) for own in fit.inside])
    shown = clause(len(fit.inside), fit.whole, "such page" if fit.phrase else "page", *size.shows)
    title = f"{size.says.format(where=fit.phrase)}: {shown}"
    return Wrong(f"size: {size.name}", title, size.hint, fit.inside, size.serves)
