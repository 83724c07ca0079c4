"""Requests that should be refused: illegal limits that are served, errors that come as a success."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import Response, page_of
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import REFUSALS
from pytest_models_contract.evidence.diagnoses.counting import joined, named, several
from pytest_models_contract.evidence.diagnoses.list_responses import is_due
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    is_error,
    is_list,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.scope import left_of
from pytest_models_contract.evidence.diagnoses.windows import legal


def has_illegal_limit(response: Response, seen: Observed) -> bool:
    """Whether a list was asked for with a `limit` that is no number from 1 to 1000."""
    limit = response.request.value("limit")
    return is_list(response) and limit is not None and not legal(limit, seen)


def _illegal(seen: Observed) -> list[Response]:
    return [response for response in seen.lists if has_illegal_limit(response, seen)]


def served_limits(seen: Observed) -> Iterator[Cause]:
    """Illegal limits that get a page."""
    served = [response for response in _illegal(seen) if response.ok and not is_error(response)]
    if served:
        values = named(list(dict.fromkeys(map(spelled, served))), 6)
        how = _how(served, seen)
        title = f"illegal values of `limit` are not refused but served{how}: {values}"
        hint = "refuse what is not 1 to 1000 with 400"
        yield Cause("limits served", title, among(served, *REFUSALS), hint)


def redirected_limits(seen: Observed) -> Iterator[Cause]:
    """Illegal limits that get a redirect, or a status that is no refusal either."""
    inside = [own for own in _illegal(seen) if 0 < own.status < 400 and not own.ok]
    if inside:
        first = inside[0]
        place = first.header("location")
        to = f" and a redirect to {visible(place, 60)}" if place else ""
        values = named(list(dict.fromkeys(map(spelled, inside))), 6)
        title = f"illegal values of `limit` get {first.status}{to}, no refusal: {values}"
        hint = (
            "a framework that redirects after a failed validation wants `Accept: application/json`"
        )
        yield Cause("limits redirected", title, among(inside, *REFUSALS), hint if place else "")


def spelled(response: Response) -> str:
    """An illegal limit as a person would name it."""
    limit = response.request.value("limit") or ""
    if not limit:
        return "an empty one"
    if not limit.isascii():
        return "an Arabic digit"
    return limit if len(limit) < 9 else f"{limit[:3]}… ({len(limit)} digits)"


def _how(served: Sequence[Response], seen: Observed) -> str:
    """What the pages are, where all are the same thing."""
    pages = [page for page in map(page_of, served) if page]
    bare = page_of(seen.bare) if seen.bare else None
    if not pages:
        return ""
    if any(len(page) != _taken_literally(page.response, seen) for page in pages):
        if bare and all(page.ids == bare.ids for page in pages):
            return " as if none was sent"
        if all(_is_nearest(response, seen) for response in served):
            return " as the nearest legal value"
    sizes = {len(page) for page in pages}
    if sizes == {0}:
        return " with an empty page"
    return f" with {several(sizes.pop(), 'model')}" if len(sizes) == 1 else ""


def _taken_literally(response: Response, seen: Observed) -> int:
    """How many models come where the number in the limit counts as it is: that tells nothing else."""
    limit = response.request.value("limit") or ""
    try:
        number = float(limit)
    except ValueError:
        number = float((re.match(r"\d+", limit) or "0")[0])
    return int(min(max(number, 0), left_of(response, seen)))


def _is_nearest(response: Response, seen: Observed) -> bool:
    """Whether the page is that of the least, or of the greatest legal limit."""
    limit, page = response.request.value("limit") or "", page_of(response)
    if page is None or not re.fullmatch(r"-?\d{1,30}", limit, re.ASCII):
        return False
    left = left_of(response, seen)
    bounds = seen.revision.limit
    return len(page) == min(max(int(limit), bounds.minimum), bounds.maximum, left)


def errors_with_200(seen: Observed) -> Iterator[Cause]:
    """Errors that come as a success."""
    found = [own for own in seen.responses.values() if own.ok and is_error(own)]
    if found:
        kinds = joined(list(dict.fromkeys(_what(response, seen) for response in found))[:3])
        said = next(filter(None, map(seen.said, found)), "")
        quoted = f', such as "{said}"' if said else ""
        number = several(len(found), "response")
        title = f"errors come with status {found[0].status}: {number} to {kinds}{quoted}"
        yield Cause("errors with 200", title, whatever(found), "clients treat it as a success")


def _what(response: Response, seen: Observed) -> str:
    if not is_list(response):
        return "requests for one model"
    if is_due(response, seen):
        return "requests for the list"
    return (
        "illegal limits" if has_illegal_limit(response, seen) else "unusual requests for the list"
    )
