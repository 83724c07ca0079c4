"""The fewest and best explanations of what deviates, out of a list of possible ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from pytest_models_contract.evidence.diagnoses.scope import Scope

P = TypeVar("P")
T = TypeVar("T")
Agreement = Callable[[P, T], int | None]
Where = Callable[[Sequence[T], Sequence[T]], Scope | None]


class Fit(NamedTuple, Generic[P, T]):
    """An explanation, what it explains, and in which requests.

    The explanation is None for what none explains. `where` is None where nothing tells the requests
    inside from those outside, in which it would have shown as well but did not.
    """

    explanation: P | None
    inside: list[T]
    outside: list[T]
    where: Scope | None

    @property
    def phrase(self) -> str:
        """The words for the requests inside, to go on with in a sentence; empty where there are none."""
        return str(self.where or "")

    @property
    def whole(self) -> int:
        """In how many places it would show if it always did, there where it does."""
        return len(self.inside) + (len(self.outside) if self.where is None else 0)


def fits(
    seen: Sequence[T],
    deviates: Callable[[T], bool],
    explanations: Sequence[P],
    agreement: Agreement[P, T],
    where: Where[T],
) -> Iterator[Fit[P, T]]:
    """Explain all that deviates, with that explanation first which explains most of it.

    `agreement` says how well an explanation predicts what was seen: 0 not at all, None where it
    would make no difference. One that fails more often than not comes last, unless `where` tells the
    requests apart. Of two that explain as much the one is taken whose requests `where` can tell from
    the others, and in the plainest words; then the one that stands first.
    """
    left = [each for each in seen if deviates(each)]
    others = [each for each in seen if not deviates(each)]
    while left:
        tried = (_fit(own, left, others, agreement, where) for own in explanations)
        ranked = [each for each in tried if each]
        if not ranked:
            yield Fit(None, left, others, where(left, others))
            return
        _, best = max(ranked, key=lambda each: each[0])
        yield best
        found = set(map(id, best.inside))
        left = [each for each in left if id(each) not in found]


def _fit(
    explanation: P,
    left: Sequence[T],
    others: Sequence[T],
    agreement: Agreement[P, T],
    where: Where[T],
) -> tuple[tuple[bool, int, int, int], Fit[P, T]] | None:
    """How good the explanation is, and its places; None where it explains nothing."""
    agreed = [(agreement(explanation, each), each) for each in left]
    inside = [each for good, each in agreed if good]
    if not inside:
        return None
    outside = [each for good, each in agreed if good == 0]
    outside += [each for each in others if agreement(explanation, each) == 0]
    found = where(inside, outside)
    doubt = (0, -found.cost) if found else (-1, -len(outside))
    contradicted = found is None and len(outside) > len(inside)
    rank = not contradicted, sum(good or 0 for good, _ in agreed), *doubt
    return rank, Fit(explanation, inside, outside, found)
