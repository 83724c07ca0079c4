"""What is worth a word of the run and violates nothing: an empty list, a slow one, one that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pytest_models_contract.client import profile
from pytest_models_contract.client.exchange import Response, counted
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.evidence.steadiness import STEADY
from pytest_models_contract.evidence.wording import EMPTY, NO_MODELS

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence

WORTH_NOTING = 0.25
"""So long somebody must have waited in vain, in seconds."""
MOST_NAMED = 5


def notes_of(evidence: Evidence) -> list[str]:
    """The notes of a run, in sentences. Nothing is asked for them."""
    read = "crawl" in vars(evidence)
    empty = [NO_MODELS] if read and evidence.why_no_models == EMPTY and not evidence.ids else []
    states = [*evidence.earlier, *([evidence.ids] if read else [])]
    changing = vars(evidence).get("steadiness", STEADY).changing
    changed = [] if changing else _changes(states)
    return [*empty, *changed, *_slow(evidence.api.exchanges), *evidence.noted, *_alone(evidence)]


def _changes(states: Sequence[Sequence[str]]) -> Iterator[str]:
    for before, now in pairwise(states):
        gone = [found for found in before if found not in set(now)]
        new = [found for found in now if found not in set(before)]
        if gone or new:
            which = [f"{word}: {_some(ids)}" for word, ids in (("gone", gone), ("new", new)) if ids]
            sizes = f"{counted(len(before))}, then {len(now):,}"
            yield f"the catalogue changed during the run: {sizes}; {'; '.join(which)}"


def _some(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return ", ".join(visible(found) for found in ids[:MOST_NAMED]) + more


def _alone(evidence: Evidence) -> Iterator[str]:
    if trouble := evidence.api.ahead.trouble:
        yield f"requests are sent one at a time: {trouble}"


def _slow(responses: Sequence[Response]) -> Iterator[str]:
    lists = [own for own in responses if own.request.path == LIST and own.ok]
    slowest = max(lists, key=lambda response: response.seconds, default=None)
    if slowest and slowest.seconds > profile.patience():
        asked = visible(str(slowest.request), 200)
        yield (
            f"the slowest list took {slowest.seconds:.1f} s ({asked});"
            f" Claude Code waits {profile.patience():g} s for its list"
        )


def one_after_the_other(
    alone: Sequence[Response], at_once: Sequence[Sequence[Response]]
) -> Iterator[str]:
    """What is noted of lists that were asked alone, and then at the same moment, some at a time."""
    each = [response.seconds for response in alone if response.request.path == LIST]
    together = sum(_longest(group) for group in at_once)
    if len(each) < 2 or sum(each) - max(each) < WORTH_NOTING or together < 0.8 * sum(each):
        return
    yield (
        "requests for the list that are sent at the same time are answered one after the other:"
        f" {len(each)} of them took {together:.1f} s together, {max(each):.1f} s at most when sent alone"
    )


def _longest(group: Sequence[Response]) -> float:
    return max((each.seconds for each in group if each.request.path == LIST), default=0.0)
