"""Groups, and numbers in sentences: how many of how many, and the first few names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pytest_models_contract.client.redact import visible

K = TypeVar("K")
T = TypeVar("T")


def grouped(items: Iterable[T], kind: Callable[[T], K]) -> dict[K, list[T]]:
    """The items by their kind, in the order met; those whose kind is empty, 0 or None are left out."""
    found: dict[K, list[T]] = {}
    for item in items:
        if own := kind(item):
            found.setdefault(own, []).append(item)
    return found


def clause(part: int, whole: int, noun: str, does: str, do: str) -> str:
    """How many of how many do something: a noun such as `page` or `page|asked with it`.

    >>> clause(7, 7, "page|asked with it", "is empty", "are empty")
    'each of 7 pages asked with it is empty'
    >>> clause(1, 1, "page", "is empty", "are empty"), clause(2, 7, "page", "is empty", "are empty")
    ('the only page is empty', '2 of 7 pages are empty')
    """
    noun, _, after = noun.partition("|")
    after = f" {after}" if after else ""
    if part == whole == 1:
        return f"the only {noun}{after} {does}"
    subject = f"each of {whole:,}" if part == whole else f"{part:,} of {whole:,}"
    return f"{subject} {noun}s{after} {does if part in (1, whole) else do}"


def share(part: int, whole: int, noun: str) -> str:
    """How many of how many, without a verb.

    >>> share(7, 7, "page"), share(1, 1, "page"), share(2, 7, "page|asked with it")
    ('each of 7 pages', 'the only page', '2 of 7 pages asked with it')
    """
    return clause(part, whole, noun, "", "").rstrip()


def several(number: int, noun: str) -> str:
    """
    >>> several(1, "model"), several(1200, "model")
    ('1 model', '1,200 models')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def named(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many more there are.

    >>> named(["a", "b"]), named(["a", "b", "c", "d", "e"])
    ('a, b', 'a, b, c and 2 more')
    """
    shown = ", ".join(visible(name, 60) for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def joined(words: Sequence[str], last: str = "and") -> str:
    """
    >>> joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def quoted(words: Sequence[str], most: int = 4) -> str:
    """
    >>> quoted(["first_id", "last_id"]), quoted(["a", "b", "c", "d", "e"])
    ('`first_id` and `last_id`', '`a`, `b`, `c` and 2 more')
    """
    shown = [f"`{word}`" for word in words]
    if len(words) > most:
        return f"{', '.join(shown[: most - 1])} and {len(words) - most + 1} more"
    return joined(shown)


def ordinal(number: int) -> str:
    """
    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 21, 112)]
    ['1st', '2nd', '3rd', '4th', '11th', '21st', '112th']
    """
    tens = number // 10 % 10
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if tens != 1 else "th"
    return f"{number}{ending}"
