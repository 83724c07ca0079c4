"""How `limit` is read, right and wrong: how many models a page then holds, and the words for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pytest_models_contract.evidence.diagnoses.counting import several

Held = Callable[[int | None, int], int | None]


@dataclass(frozen=True)
class Size:
    """A way to read `limit`.

    `held(size, left)` is how many models a page holds of those that are left, None where it has
    nothing to say of that size; the size is None where none was sent. `says` is the sentence, with
    `{where}` for the requests in which it is so; `shows` goes on after "each of 7 pages" or "2 of 7
    pages". A `simple` way shows on a single page.
    """

    name: str
    held: Held
    says: str
    shows: tuple[str, str]
    hint: str = ""
    simple: bool = False

    def serves(self, limit: str, left: int) -> int | None:
        """How many of the models that are left a page holds where `limit` should be refused."""
        whole = re.fullmatch(r"-?\d{1,30}", limit, re.ASCII)
        if whole is None and not self.name.startswith("ignored"):
            return None
        return self.held(int(limit) if whole else 1, left)


def sizes(
    numbers: Sequence[int], factors: Sequence[int], default: int, count: int
) -> Iterator[Size]:
    """The readings to try, by what wrong pages hold: so many models, or so many times their `limit`.

    `count` is how many models the list has.
    """
    if count >= default:
        yield _ignored("ignored", default)
    yield from _unlimited(default)
    for number in numbers:
        yield from _fixed(number, default)
        yield _ignored(f"ignored: {number}", number)
    yield from _off_by_one(1, "more", default)
    yield from _off_by_one(-1, "less", default)
    yield from (_multiplied(factor, default) for factor in factors)
    yield _from_the_beginning(default, count)
    yield _short_of_the_end(default)
    yield Size("none", lambda _, __: 0, "pages are empty{where}", ("is empty", "are empty"))
    yield from _off_by_one(-1, "less", default, least=0)


def _ignored(name: str, number: int) -> Size:
    def held(size: int | None, left: int) -> int | None:
        return None if size is None else min(number, left)

    models = f"{several(number, 'model')}, whatever `limit` says"
    shows = (f"holds {models}", f"hold {models}")
    return Size(name, held, "`limit` is ignored{where}", shows, simple=True)


def _unlimited(default: int) -> Iterator[Size]:
    yield Size(
        "unlimited",
        lambda size, left: left if size is None else None,
        "without `limit` all models come{where}",
        (f"holds more than {default}", f"hold more than {default}"),
        simple=True,
    )
    yield Size(
        "ignored: all",
        lambda _, left: left,
        "`limit` is ignored{where}",
        ("holds all models that are left", "hold all models that are left"),
        simple=True,
    )


def _fixed(number: int, default: int) -> Iterator[Size]:
    """The default, the cap, or the least size is this number."""
    models = several(number, "model")
    shows = (f"holds {models}", f"hold {models}")
    yield Size(
        "default",
        lambda size, left: min(number, left) if size is None else None,
        f"the default of `limit` is {number}{{where}}, not {default}",
        shows,
    )
    yield Size(
        "capped",
        lambda size, left: min(number, left) if size and size > number else None,
        f"`limit` is capped at {number}{{where}}",
        shows,
        "a client that asks for more takes a short page for the last one",
    )
    yield Size(
        "raised",
        lambda size, left: min(number, left) if size is not None and size < number else None,
        f"a `limit` below {number} is served as {number}{{where}}",
        shows,
    )


def _multiplied(factor: int, default: int) -> Size:
    models = f"{factor} times as many models as `limit`"
    return Size(
        f"times {factor}",
        lambda size, left: min(factor * (size or default), left),
        f"pages hold {models}{{where}}",
        (f"holds {factor} times as many", f"hold {factor} times as many"),
        "a list that is merged from several is cut after that",
    )


def _from_the_beginning(default: int, count: int) -> Size:
    """The page ends where it would end without its cursor."""

    def held(size: int | None, left: int) -> int:
        return min(max(0, (size or default) - (count - left)), left)

    return Size(
        "from the beginning",
        held,
        "`limit` is counted from the beginning of the list, not from the cursor{where}",
        ("ends too early", "end too early"),
        "end the page at the place of the cursor plus `limit`",
    )


def _short_of_the_end(default: int) -> Size:
    """The range of the page ends one place too early."""
    return Size(
        "short of the end",
        lambda size, left: min(size or default, max(0, left - 1)),
        "pages never hold the model at the end of the list{where}",
        ("lacks it", "lack it"),
        "a range or a slice ends one place too early",
    )


def _off_by_one(by: int, word: str, default: int, least: int = 1) -> Iterator[Size]:
    def held(size: int | None, left: int) -> int:
        return min(max(least, (size or default) + by), left)

    def while_more(size: int | None, left: int) -> int | None:
        return held(size, left) if left > (size or default) else None

    says = f"pages hold one model {word} than `limit`"
    shows = (f"holds one {word}", f"hold one {word}")
    yield Size("off by one", held, f"{says}{{where}}", shows)
    yield Size(
        "off by one while more are left", while_more, f"{says} while more are left{{where}}", shows
    )


def unknown_size(pages: Sequence[tuple[int | None, int]]) -> Size:
    """Sizes that nothing explains: what was asked for, and how many models came."""
    more = [held for size, held in pages if size and held > size]
    word = "more" if len(more) == len(pages) else "another number of" if more else "fewer"
    says = f"pages hold {word} models than asked for{{where}}"
    hint = "a filter that comes after `limit` makes pages short" if word == "fewer" else ""
    return Size("another size", lambda _, __: None, says, ("does", "do"), hint)
