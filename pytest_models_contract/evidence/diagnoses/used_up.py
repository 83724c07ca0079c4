"""Servers that serve for a while, and then no more."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.client.exchange import Finding, page_of
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import ERROR_BODY
from pytest_models_contract.evidence.diagnoses.counting import several, share
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    is_list,
    is_plain,
    once,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.traits import cursor_of
from pytest_models_contract.evidence.diagnoses.windows import asked_rightly

LEAST = 3
"""So many lists without models show that none are left."""


def no_more_answers(seen: Observed) -> Iterator[Cause]:
    """Everything fails from some request on, also what was served before."""
    sent = seen.sent
    number = max((place for place, own in enumerate(sent, 1) if own.ok), default=0)
    before, after = sent[:number], sent[number:]
    served = {once(own.request) for own in before if own.ok and is_list(own)}
    statuses = {own.status for own in after}
    if len(statuses) != 1 or not any(once(own.request) in served for own in after):
        return
    first = "request is" if number == 1 else f"{number} requests are"
    count = share(len(after), len(after), "later request")
    title = f"only the first {first} answered: {count} gets {statuses.pop()}"
    hint = "answer each request: a stub may be set up to answer once"
    yield Cause("no more answers", title, either(whatever(after), among(after, *ERROR_BODY)), hint)


def no_more_models(seen: Observed) -> Iterator[Cause]:
    """Lists that are empty from some request on, where there were models before."""
    plain = (own for own in seen.sent if is_list(own) and is_plain(own))
    due = (own for own in plain if asked_rightly(own, seen) and cursor_of(own) is None)
    pages = [page for page in map(page_of, due) if page]
    number = max((place for place, page in enumerate(pages, 1) if page.data), default=0)
    empty = len(pages) - number
    if number and empty >= LEAST:
        first = several(len(pages[0]), "model")
        title = f"the list is used up: {first} at first, none in {empty} later lists"
        hint = (
            "a list that is shared between requests may be changed by one, as by `splice` or `pop`"
        )
        yield Cause("no more models", title, _of_any_list, hint)


def _of_any_list(_: str, found: Finding) -> bool:
    return is_list(found.response)
