"""From causes to diagnoses: which violated checks follow from which cause, and which cause each goes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.spec.revision import Level

Follows = Callable[[str, Finding], bool]


@dataclass(frozen=True)
class Violated:
    """A violated check: its id, its level, and what it found."""

    check: str
    level: Level
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Cause:
    """What is wrong with a server, as its author would say it.

    `name` is the same whoever draws the cause and on however much evidence; `title` is the sentence
    with that evidence in numbers. `follows(check, finding)` says whether the finding of that check
    is a consequence of the cause. `telling` are the beginnings of the ids of the checks that show it best.
    """

    name: str
    title: str
    follows: Follows
    hint: str = ""
    telling: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    """A cause and the violated checks that it explains, the most telling one first."""

    cause: str
    title: str
    hint: str | None
    checks: tuple[str, ...]


def diagnoses(causes: Iterable[Cause], violated: Sequence[Violated]) -> list[Diagnosis]:
    """Each cause with every check that it can explain; a check may stand in several."""
    found = list(causes)
    explained: list[list[Violated]] = [[] for _ in found]
    for check in violated:
        for place in _explaining(found, check):
            explained[place].append(check)
    return [
        Diagnosis(cause.name, cause.title, cause.hint or None, _most_telling_first(cause, checks))
        for cause, checks in zip(found, explained, strict=True)
        if checks
    ]


def _explaining(causes: Sequence[Cause], check: Violated) -> list[int]:
    """The causes that explain every finding of a check; else those that explain most of what all do."""
    marks = [
        {n for n, found in enumerate(check.findings) if cause.follows(check.check, found)}
        for cause in causes
    ]
    together = set().union(*marks)
    if len(together) < len(check.findings):
        return []
    most = max(map(len, marks))
    return [place for place, own in enumerate(marks) if len(own) == most]


def _most_telling_first(cause: Cause, checks: Sequence[Violated]) -> tuple[str, ...]:
    def order(own: Violated) -> tuple[bool, bool, int]:
        shows_it = own.check.startswith(cause.telling)
        return own.level == "should", not shows_it, -len(own.findings)

    return tuple(own.check for own in sorted(checks, key=order))


def chosen(drawn: Sequence[Diagnosis], checks: Iterable[str]) -> list[Diagnosis]:
    """One diagnosis for each of the checks, as few as explain them all; checks without one are left out.

    The diagnosis that explains most comes first; of two that explain as many, the one drawn first.
    """
    left = set(checks)
    kept: list[Diagnosis] = []
    while best := max(drawn, key=lambda own: len(left.intersection(own.checks)), default=None):
        own = tuple(check for check in best.checks if check in left)
        if not own:
            break
        kept.append(replace(best, checks=own))
        left.difference_update(own)
    return kept


def merged(drawn: Iterable[Diagnosis]) -> list[Diagnosis]:
    """The diagnoses of several workers: one cause is one diagnosis, in the words of the larger evidence."""
    by_cause: dict[str, list[Diagnosis]] = {}
    for own in drawn:
        by_cause.setdefault(own.cause, []).append(own)
    return list(map(_joined, by_cause.values()))


def _joined(same: Sequence[Diagnosis]) -> Diagnosis:
    most = max(same, key=lambda own: len(own.checks))
    return replace(most, checks=tuple(dict.fromkeys(_checks([most, *same]))))


def _checks(drawn: Iterable[Diagnosis]) -> Iterator[str]:
    for own in drawn:
        yield from own.checks
