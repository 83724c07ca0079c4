"""A confirmed case made simple, and a sentence on when the server is wrong."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TypeVar

from pytest_models_contract.evidence.explore.asking import Asking, Ended
from pytest_models_contract.evidence.explore.confirming import Case, fresh, tried
from pytest_models_contract.evidence.explore.judging import Kind
from pytest_models_contract.evidence.explore.outcome import Found
from pytest_models_contract.evidence.explore.patterns import Pattern
from pytest_models_contract.evidence.explore.sentences import after, of_models, sentence
from pytest_models_contract.evidence.explore.shrinking import shrunk
from pytest_models_contract.evidence.explore.windows import Single, Step, Symptoms, Target, Window

T = TypeVar("T", Window, Single)
MOST_KNOWN = 2_000
"""So many of the windows that were asked for are compared with one another."""


def simplified(case: Case, asking: Asking) -> Case:
    """The simplest case that is wrong in the same way, as far as the server lets itself be asked."""
    wrong = {case.step: case}

    def is_wrong(step: Step) -> bool:
        try:
            for own in islice(fresh(step, asking), 1) if case.fresh else [step]:
                if found := tried(own, case, asking, fresh=case.fresh):
                    wrong[step] = found
        except Ended:
            return False
        return step in wrong

    return wrong[shrunk(case.step, is_wrong, free=not case.fresh)]


def explained(case: Case, asking: Asking) -> Found:
    """What is stated of a case."""
    *before, last = map(asking.request, case.step)
    flaw = case.flaw
    when = _when(case, asking)
    return Found(last, case.response.received, tuple(before), flaw.seen, flaw.expected, when)


def _when(case: Case, asking: Asking) -> str:
    """When the server is wrong; what can be said of it where it cannot be asked any more."""
    *before, last = case.step
    if before or case.fresh:
        return after(before[-1] if before else None, last, asking.space)
    kind, symptoms = case.flaw.kind, case.flaw.symptoms
    ask = partial(_symptoms, kind, asking)
    if isinstance(last, Single):
        models = {**_known(last, kind, asking), last: symptoms}
        return of_models(last.place, models, ask, asking.space.size)
    pattern = Pattern(last, asking.space, ask, {**_known(last, kind, asking), last: symptoms})
    return sentence(pattern.learn(), pattern)


def _symptoms(kind: Kind, asking: Asking, target: Target) -> Symptoms | None:
    """What is wrong with the response by one kind of rule; None when that cannot be known."""
    try:
        flaw = asking.ask(target).flaw
    except Ended:
        return None
    if flaw is None:
        return ()
    return flaw.symptoms if flaw.kind == kind else None


def _known(example: T, kind: Kind, asking: Asking) -> dict[T, Symptoms]:
    """What came of requests like the example, of very many an even selection."""
    came = [
        (target, flaw.symptoms if flaw else ())
        for target, flaw in asking.known.items()
        if isinstance(target, type(example)) and (flaw is None or flaw.kind == kind)
    ]
    return dict(came[:: 1 + len(came) // MOST_KNOWN])
