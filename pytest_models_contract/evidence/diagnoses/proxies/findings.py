"""What the findings of the area `proxy/` have in common: their checks, their cases, what they show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pytest_models_contract.client.exchange import Finding, page_of
from pytest_models_contract.evidence.diagnoses.causes import Follows
from pytest_models_contract.evidence.diagnoses.counting import joined, named

NOTHING = "nothing reached it"
Found = Iterable[tuple[str, Finding]]
"""What checks found, each with the id of its check."""


def of(*checks: str) -> Follows:
    """Whatever the checks found whose ids begin so."""
    return lambda check, _: check.startswith(checks)


def that(is_so: Callable[[Finding], bool], *checks: str) -> Follows:
    """What these checks found that is so."""
    return lambda check, found: check.startswith(checks) and is_so(found)


def reached(found: Finding) -> bool:
    """Whether the upstream was asked."""
    return found.upstream != (NOTHING,)


def models_in(found: Finding) -> int | None:
    """How many models the response lists; None where it is no page."""
    page = page_of(found.response) if found.response.ok else None
    return None if page is None else len(page)


def case(check: str) -> str:
    """What stands in the brackets of a check's id."""
    inside = re.search(r"\[(.+)\]", check)
    return inside[1] if inside else check


def cases(found: Found) -> str:
    """The cases of the checks that found something, each once."""
    return named(list(dict.fromkeys(case(check) for check, _ in found)))


def words(found: Iterable[str]) -> str:
    """These words, each once, as a part of a sentence."""
    return joined(list(dict.fromkeys(found)))


def places(found: Found) -> str:
    """Where in responses or requests something was: `a key in the header x` is in `the header x`."""
    return words(own.seen.rpartition(" in ")[2] for _, own in found)
