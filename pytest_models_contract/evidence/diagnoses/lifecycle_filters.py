"""Filters by stage: the stages that were asked for, and those that models say of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_models_contract.client.exchange import ABSENT, Page, Response, page_of, shown
from pytest_models_contract.client.requests import page_request
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.windows import asked_rightly
from pytest_models_contract.evidence.stages import STAGES

AREA = "lifecycle/"
Stages = tuple[str, ...]


def stages_of(response: Response) -> Stages:
    """The stages that were asked for."""
    return tuple(value for name, value in response.request.query if name == "lifecycle[]")


def is_legal(stages: Sequence[str]) -> bool:
    return 0 < len(stages) <= len(STAGES) and set(stages) <= set(STAGES)


def stage_of(model: Any) -> str:
    """The stage that a model says, or what it says in place of one."""
    stage = model.get("lifecycle", ABSENT) if isinstance(model, dict) else ABSENT
    return stage if isinstance(stage, str) else shown(stage, 30)


def filtered_lists(seen: Observed) -> list[tuple[Stages, Page]]:
    """The whole list under each legal filter that was asked for."""
    largest = str(seen.revision.limit.maximum)
    return [
        (stages, page)
        for response in seen.lists
        if is_legal(stages := stages_of(response))
        and (page := page_of(response))
        and response.request.value("limit") == largest
        and not (page.after_id or page.before_id)
    ]


def is_cut_short(page: Page, seen: Observed) -> bool:
    """Whether more follow on a page of the largest size, as on that of the plain list."""
    plain = seen.responses.get(page_request(limit=seen.revision.limit.maximum))
    largest = page_of(plain) if plain else None
    cut = largest is not None and largest.has_more is True and len(largest) < len(seen.ids)
    return cut and page.has_more is True


def fails_without(response: Response, seen: Observed) -> bool:
    """Whether requests like it, but without a filter, all get the same status."""
    form = _form(response, _filtered_ids(response, seen))
    alike = [
        own.status
        for own in seen.lists
        if not stages_of(own)
        and own.request.variant == response.request.variant
        and asked_rightly(own, seen)
        and _form(own, seen.ids) == form
    ]
    return bool(alike) and set(alike) == {response.status}


def _filtered_ids(response: Response, seen: Observed) -> Sequence[str]:
    """The ids of the whole list under the filter of the request."""
    whole = dict(filtered_lists(seen)).get(stages_of(response))
    return whole.ids if whole else []


def _form(response: Response, ids: Sequence[str]) -> tuple[bool, ...]:
    """Which parameters for paging were sent, and whether the cursor is the model at that end of the list."""
    limit, after, before = map(response.request.value, ("limit", "after_id", "before_id"))
    at_end = bool(ids) and (after == ids[-1] or before == ids[0])
    return limit is not None, after is not None, before is not None, at_end


def spelled(stages: Sequence[str]) -> str:
    """A filter in words."""
    return "+".join(stages)
