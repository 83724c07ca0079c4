"""Numbers in sentences: how many of how many, and the first few names."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_models_contract.client.redact import visible


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

    >>> share(7, 7, "page"), share(1, 1, "page"), share(2, 7, "response|to it")
    ('each of 7 pages', 'the only page', '2 of 7 responses to it')
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


def quoted(words: Sequence[str], last: str = "and") -> str:
    """
    >>> quoted(["first_id", "last_id"])
    '`first_id` and `last_id`'
    """
    return joined([f"`{word}`" for word in words], last)
