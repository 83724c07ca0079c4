"""The option `--models-explore` in a run: what it asks for, what it cannot go with, how it repeats."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from pytest_models_contract.target.targets import Target

FLAG = "--models-explore"
MOST = 100_000
INSTALL = "pip install 'pytest-models-contract[explore]'"
WANTED = (
    f"give a number of requests up to {MOST:,}, such as 400, or of seconds, such as 60s, or all"
)


class Explore(NamedTuple):
    """How far to explore, and the seed of what is drawn; without requests and seconds, everything."""

    text: str
    seed: int
    requests: int | None = None
    seconds: float | None = None


def read(config: pytest.Config, text: str | None, seed: str | None) -> Explore | None:
    """What the options ask for; a seed is drawn where none is given, and workers are stated of it.

    Raises `pytest.UsageError`.
    """
    if text is None:
        if seed is not None:
            raise pytest.UsageError(f"{FLAG}-seed {seed}: give {FLAG} as well, such as {FLAG} 400")
        return None
    if find_spec("hypothesis") is None:
        raise pytest.UsageError(f"{FLAG} needs Hypothesis: {INSTALL}")
    own = _seed(seed)
    config.option.models_explore_seed = str(own)
    return _explore(text, own)


def _seed(text: str | None) -> int:
    if text is None:
        return random.SystemRandom().randrange(1_000_000)
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise pytest.UsageError(
            f"{FLAG}-seed {text}: give the number that a run printed as its seed"
        )
    return int(text)


def _explore(text: str, seed: int) -> Explore:
    if text == "all":
        return Explore(text, seed)
    if re.fullmatch(r"[0-9]{1,6}", text) and 0 < int(text) <= MOST:
        return Explore(text, seed, requests=int(text))
    if re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?s", text) and float(text[:-1]) > 0:
        return Explore(text, seed, seconds=float(text[:-1]))
    raise pytest.UsageError(f"{FLAG} {text}: {WANTED}")


def refuse(target: Target | None, *, records: bool) -> None:
    """Raise `pytest.UsageError` where an exploration cannot be had."""
    if target and target.cassette:
        raise pytest.UsageError(
            f"{FLAG}: a recording has only the responses that were recorded; give a running server or"
            " an application instead"
        )
    if records:
        raise pytest.UsageError(
            f"{FLAG} and --models-record: an exploration cannot be recorded; leave one of them out"
        )


def header(explore: Explore) -> str:
    """What is said of it at the start of the run."""
    if explore.text == "all":
        return "explores every window"
    unit = "" if explore.seconds else " requests"
    return f"explores {explore.text}{unit}, {FLAG}-seed {explore.seed}"


def repeated(explore: Explore, workers: int) -> Iterator[tuple[str, str]]:
    """The options that repeat it."""
    yield FLAG, explore.text
    if explore.text != "all":
        yield f"{FLAG}-seed", str(explore.seed)
    if workers > 1:
        yield "-n", str(workers)
