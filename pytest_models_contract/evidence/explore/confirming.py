"""Whether a response that was found wrong is wrong again, and after which requests.

Some servers are wrong only where something was asked before, because they keep what they answered. There
the request alone, at a place that nobody asked for, is right, and wrong after the request that spoils it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.evidence.explore.asking import Asking, Ended
from pytest_models_contract.evidence.explore.judging import Flaw
from pytest_models_contract.evidence.explore.windows import Step, Target, Window, has_place
from pytest_models_contract.evidence.rereading import is_unchanged

PLAIN = Window("", 0, None)
REPLAYED = (1, 3, 8)
"""So many requests before the wrong one are sent again."""
MOST_OF_LIMIT = 4
ALONE = 2
"""At so many places of which nothing was asked a request is tried alone."""


class Case(NamedTuple):
    """Requests, the response to the last of which is wrong, and what is wrong with it.

    `fresh` says that it is wrong only at a place of which nothing was asked before.
    """

    step: Step
    response: Response
    flaw: Flaw
    fresh: bool = False


def confirmed(case: Case, before: Step, asking: Asking) -> Case | None:
    """The case, when its response is wrong again, with what it takes; None when it cannot be had again.

    `before` are all requests before it, the latest last. Raises `Ended` when the catalogue changed.
    """
    again = tried(case.step, case, asking)
    if not is_unchanged(asking.evidence):
        raise Ended("the catalogue changed while it was explored")
    if again:
        return _with_its_cause(case, before, asking)
    return _replayed(case, before, asking) or _only_at_first(case, asking)


def tried(step: Step, case: Case, asking: Asking, *, fresh: bool = False) -> Case | None:
    """The case that the step makes, if its last response is wrong as that of `case` is.

    Where what was asked before counts, a plain page is asked for first.
    """
    counts = max(len(step), len(case.step)) > 1
    judged = [asking.ask(target) for target in ((PLAIN, *step) if counts else step)][-1]
    if judged.flaw is None or judged.flaw.kind != case.flaw.kind:
        return None
    return Case(step, judged.response, judged.flaw, fresh)


def _replayed(case: Case, before: Step, asking: Asking) -> Case | None:
    """The case with the requests before it, where those make it wrong again."""
    steps = ((*before[-number:], *case.step) for number in REPLAYED if before)
    return next(filter(None, (tried(step, case, asking) for step in steps)), None)


def _only_at_first(case: Case, asking: Asking) -> Case | None:
    """The case where a place is wrong the first time it is asked for, and right from then on."""
    moved = _wrong_at_new_places(case.step, case, asking, ALONE)
    return moved[-1] if len(moved) == ALONE else None


def _with_its_cause(case: Case, before: Step, asking: Asking) -> Case:
    """The case alone, or with the earlier request without which it is right at new places."""
    if _wrong_at_new_places(case.step, case, asking, ALONE):
        return case
    for cause in _causes(case.step[-1], before):
        spoilt = _wrong_at_new_places((cause, *case.step), case, asking, 1)
        if spoilt and not _wrong_at_new_places(case.step, case, asking, ALONE):
            again = _wrong_at_new_places((cause, *case.step), case, asking, 1)
            return next(iter(again or spoilt))
    return case


def _wrong_at_new_places(step: Step, case: Case, asking: Asking, number: int) -> list[Case]:
    """The cases that the step makes at so many places of which nothing was asked."""
    came = (tried(own, case, asking, fresh=True) for own in islice(fresh(step, asking), number))
    return list(filter(None, came))


def _causes(target: Target, before: Step) -> list[Target]:
    """Earlier requests that a server may have kept: of the same model, with the same limit, the latest."""
    latest = list(dict.fromkeys(each for each in reversed(before) if each != target))
    of_model = [each for each in latest if each.place == target.place and has_place(each)]
    of_limit = [
        each for each in latest if _limit(each) is not None and _limit(each) == _limit(target)
    ]
    likely = [*latest[:1], *of_model[:3], *of_limit[:MOST_OF_LIMIT], *latest[1:2]]
    return list(dict.fromkeys(likely))


def _limit(target: Target) -> int | None:
    return target.limit if isinstance(target, Window) else None


def fresh(step: Step, asking: Asking) -> Iterator[Step]:
    """The step, moved to places of which nothing was asked yet: no page beside them, no model."""
    space = asking.space
    used = {each.place for each in (*asking.sent, *space.known) if has_place(each)}
    for off in sorted(range(-space.size, space.size), key=abs):
        moved = tuple(
            each._replace(place=each.place + off) if has_place(each) else each for each in step
        )
        free = all(
            0 <= each.place < space.size and each.place not in used
            for each in moved
            if has_place(each)
        )
        if (
            free
            and off
            and [space.is_cut(each) for each in moved] == [space.is_cut(each) for each in step]
        ):
            yield moved
