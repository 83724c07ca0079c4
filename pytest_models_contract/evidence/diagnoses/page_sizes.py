"""How many models pages hold: how the server reads `limit`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pytest_models_contract.client.exchange import Request
from pytest_models_contract.evidence.diagnoses.counting import clause, several
from pytest_models_contract.evidence.diagnoses.fitting import Fit, fits
from pytest_models_contract.evidence.diagnoses.observed import Observed, once
from pytest_models_contract.evidence.diagnoses.page_starts import Wrong, is_varied, where
from pytest_models_contract.evidence.diagnoses.windows import Stretch, Window

Stretches = Mapping[Request, Stretch]


@dataclass(frozen=True)
class Size:
    """A way to read `limit`: how many models a page holds where so many are left, or None.

    `says` is the sentence, with `{where}` for the requests in which it is so; `shows` goes on after
    "each of 7 pages".
    """

    name: str
    held: Callable[[int | None, int], int | None]
    says: str
    shows: tuple[str, str]
    hint: str = ""

    def serves(self, limit: str, number: int) -> bool:
        """Whether a page of so many models comes of this reading where `limit` should be refused."""
        whole = re.fullmatch(r"-?\d{1,30}", limit, re.ASCII)
        if whole is None and not self.name.startswith("ignored"):
            return False
        return self.held(int(limit) if whole else 1, number) == number


def _ignored(number: int, name: str = "ignored") -> Size:
    models = several(number, "model")
    shows = (f"holds {models}, whatever it says", f"hold {models}, whatever it says")
    return Size(
        name,
        lambda size, left: min(number, left) if size is not None else None,
        "`limit` is ignored{where}",
        shows,
    )


def _sizes(pages: Sequence[Window], default: int, whole: int) -> Iterator[Size]:
    """The ways worth a thought, by the numbers of models that wrong pages hold."""
    yield _ignored(default)
    yield Size(
        "unlimited",
        lambda size, left: left if size is None else None,
        "without `limit` all models come{where}",
        (f"holds more than {default}", f"hold more than {default}"),
    )
    yield Size(
        "ignored: all",
        lambda _, left: left,
        "`limit` is ignored{where}",
        ("holds all models that are left", "hold all models that are left"),
    )
    for number in sorted({len(own.page) for own in pages} - {0}):
        if number == whole:  # how many more it would be nobody knows
            continue
        models = several(number, "model")
        holds = (f"holds {models}", f"hold {models}")
        yield Size(
            "default",
            lambda size, left, n=number: min(n, left) if size is None else None,  # type: ignore[misc]
            f"the default of `limit` is {number}{{where}}, not {default}",
            holds,
        )
        yield Size(
            "capped",
            lambda size, left, n=number: min(size, n, left) if size and size > n else None,  # type: ignore[misc]
            f"`limit` is capped at {number}{{where}}",
            holds,
            "a client that asks for more takes a short page for the last one",
        )
        yield Size(
            "raised",
            lambda size, left, n=number: min(max(size, n), left) if size and size < n else None,  # type: ignore[misc]
            f"a `limit` below {number} is served as {number}{{where}}",
            holds,
        )
        yield _ignored(number, f"ignored: {number}")
    for by, word in ((1, "more"), (-1, "less")):
        off = (f"holds one {word}", f"hold one {word}")
        yield Size(
            "off by one",
            lambda size, left, d=by: min(max(1, (size or default) + d), left),  # type: ignore[misc]
            f"pages hold one model {word} than `limit`{{where}}",
            off,
        )
        yield Size(
            "off by one while more are left",
            lambda size, left, d=by: (
                max(1, (size or default) + d) if left > (size or default) else None
            ),  # type: ignore[misc]
            f"pages hold one model {word} than `limit` while more are left{{where}}",
            off,
        )
    yield Size("none", lambda _, __: 0, "pages are empty{where}", ("is empty", "are empty"))


def _unknown(pages: Sequence[Window]) -> Size:
    """Sizes that nothing explains."""
    more = [own for own in pages if own.size and len(own.page) > own.size]
    word = "more" if len(more) == len(pages) else "another number of" if more else "fewer"
    says = f"pages hold {word} models than asked for{{where}}"
    return Size("another size", lambda _, __: None, says, ("does", "do"))


def wrong_sizes(pages: Sequence[Window], stretches: Stretches, seen: Observed) -> Iterator[Wrong]:
    """The ways in which pages hold other numbers of models than asked for."""
    default = seen.revision.limit.default

    def right(window: Window) -> int:
        return stretches[once(window.response.request)].held(window.size or default)

    def agreement(size: Size, window: Window) -> int | None:
        held = size.held(window.size, _left(window, stretches))
        return None if held is None or held == right(window) else int(held == len(window.page))

    def is_off(window: Window) -> bool:
        return len(window.page) != right(window)

    sizes = list(_sizes(list(filter(is_off, pages)), default, len(seen.ids)))
    for fit in fits(pages, is_off, sizes, agreement, partial(where, seen=seen)):
        simple = fit.explanation and fit.explanation.name.startswith(("ignored", "unlimited"))
        if simple or not all(map(is_varied, fit.inside)):
            yield _wrong(fit)


def _left(window: Window, stretches: Stretches) -> int:
    return len(stretches[once(window.response.request)].ids)


def _wrong(fit: Fit[Size, Window]) -> Wrong:
    size = fit.explanation or _unknown(fit.inside)
    says = size.says.format(where=fit.phrase)
    shown = clause(len(fit.inside), fit.whole, "such page" if fit.phrase else "page", *size.shows)
    return Wrong(f"size: {size.name}", f"{says}: {shown}", size.hint, fit.inside, size.serves)
