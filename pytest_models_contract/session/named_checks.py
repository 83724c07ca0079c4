"""Checks that a command names: by the node ids that pytest prints, or by `-k`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches

import pytest

from pytest_models_contract.session.pytest_state import NODE

MOST_NAMED = 3
PREFIX = f"{NODE}::"
_OPERATORS = {"and", "or", "not"}


def take_from_arguments(config: pytest.Config) -> None:
    """Take node ids of checks out of the arguments, which to pytest are files: they select the suite."""
    named = [arg.removeprefix(PREFIX) for arg in config.args if arg.startswith(PREFIX)]
    if named:
        config.args[:] = [arg for arg in config.args if not arg.startswith(PREFIX)]
        config.option.models_contract = True
        config.option.models_named = named  # an option, so that workers get it


def selected(config: pytest.Config, collected: Mapping[str, pytest.Item]) -> list[pytest.Item]:
    """The checks that the arguments name; none where they name none. Raises `pytest.UsageError`."""
    named = config.getoption("models_named", None) or []
    for check in named:
        if check not in collected:
            raise pytest.UsageError(
                f"{PREFIX}{check} is no check of this run{near(check, collected)}"
            )
    return [collected[check] for check in dict.fromkeys(named)]


def near(text: str, ids: Collection[str]) -> str:
    """A question that names the ids most like the words of the text; empty where none is like them."""
    words = [word for word in re.findall(r"[^\s()]+", text) if word not in _OPERATORS]
    places = {part: own for own in sorted(ids, reverse=True) for part in (own.split("/")[-1], own)}
    alike = (get_close_matches(word, places, n=MOST_NAMED) for word in words)
    found = dict.fromkeys(places[part] for parts in alike for part in parts)
    return f": did you mean {', '.join(list(found)[:MOST_NAMED])}?" if found else ""
