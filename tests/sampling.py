"""Which cases of a long table the plain test command runs; the rest is marked `slow`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from _pytest.mark import ParameterSet


def first_to_show(catches: Mapping[str, Iterable[str]]) -> list[ParameterSet]:
    """The names as parameters; those are slow that others, with more checks, make superfluous."""
    needed = enough_to_show(catches)
    return [pytest.param(name, id=name, marks=_slow(name not in needed)) for name in catches]


def enough_to_show(catches: Mapping[str, Iterable[str]]) -> list[str]:
    """Names that together show every check, those with the most checks first."""
    seen: set[str] = set()
    needed: list[str] = []
    for name in sorted(catches, key=lambda name: -len(set(catches[name]))):
        if set(catches[name]) - seen:
            needed.append(name)
            seen |= set(catches[name])
    return needed


def first_of(cases: Iterable[object], most: int = 1) -> list[ParameterSet]:
    """The cases as parameters; all after the first `most` are slow."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=_slow(place >= most))
        for place, case in enumerate(cases)
    ]


def each_nth(names: Iterable[str], step: int, slow: int = 1) -> list[ParameterSet]:
    """The names as parameters: each one after `step` is not slow, and each after `slow` not long."""
    return [
        pytest.param(name, id=name, marks=_long(place % slow > 0) or _slow(place % step > 0))
        for place, name in enumerate(names)
    ]


def _long(is_long: bool) -> list[pytest.MarkDecorator]:
    return [pytest.mark.long] if is_long else []


def _slow(is_slow: bool) -> list[pytest.MarkDecorator]:
    return [pytest.mark.slow] if is_slow else []
