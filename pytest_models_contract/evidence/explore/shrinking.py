"""The simplest case that is still wrong, found by Hypothesis; the only module that draws with it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from pytest_models_contract.evidence.explore.windows import Single, Step, Target, Window, has_place

MOST_REQUESTS = 100
MOST_EXAMPLES = 50
LIKELY = 100
"""Numbers are drawn up to so many times their bound, and cut to it: nearly every draw is the bound."""


def shrunk(found: Step, is_wrong: Callable[[Step], bool], *, free: bool = True) -> Step:
    """The simplest form of a step whose last response is wrong: shortest, least limits, earliest cursor.

    `is_wrong` is asked about simpler steps until `MOST_REQUESTS` requests were sent. `free` says whether
    requests may be left out, and others places be tried.
    """
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis import strategies as st
    from hypothesis.errors import NoSuchExample

    def up_to(bound: int) -> st.SearchStrategy[int]:
        """Numbers that are drawn as the bound and shrink to 0."""
        return st.integers(0, LIKELY * bound).map(lambda number: min(number, bound))

    @st.composite
    def simpler(draw: st.DrawFn) -> Step:
        last = len(found) - 1
        step = found[last - draw(up_to(last)) :] if free else found
        own = {_limit(target): 1 + draw(up_to(_limit(target) - 1)) for target in step}
        places = [target.place for target in step if has_place(target)]
        earliest = min(places, default=0)
        earlier = earliest - draw(up_to(earliest)) if free else 0
        return tuple(_changed(target, own[_limit(target)], earlier) for target in step)

    outcomes = {found: True}
    sent = 0

    def fails(step: Step) -> bool:
        nonlocal sent
        if step not in outcomes and sent + len(step) <= MOST_REQUESTS:
            sent += len(step)
            outcomes[step] = is_wrong(step)
        return outcomes.get(step, False)

    quiet = settings(
        database=None,
        deadline=None,
        max_examples=MOST_EXAMPLES,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    try:
        return find(simpler(), fails, settings=quiet, random=Random(0))  # noqa: S311 - no secret
    except NoSuchExample:
        return found


def _limit(target: Target) -> int:
    return (target.limit or 1) if isinstance(target, Window) else 1


def _changed(target: Target, limit: int, earlier: int) -> Target:
    """The same request with another limit, if it has one, at an earlier place, if it has one."""
    moved = target._replace(place=target.place - earlier) if has_place(target) else target
    if isinstance(moved, Single) or moved.limit is None:
        return moved
    return moved._replace(limit=limit)
