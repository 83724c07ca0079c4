"""Filters by stage that give other models than asked for, and stages that models say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pytest_models_contract.client.exchange import Finding, Page
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import (
    grouped,
    joined,
    named,
    several,
    share,
)
from pytest_models_contract.evidence.diagnoses.lifecycle_filters import (
    AREA,
    Stages,
    filtered_lists,
    is_cut_short,
    spelled,
    stage_of,
)
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either
from pytest_models_contract.evidence.stages import STAGES

SEVERAL = "lifecycle/several_stages"
RETIRED = "lifecycle/retired_models_are_not_listed_unasked"
CONTENT = (
    "lifecycle/stage_lists",
    SEVERAL,
    "lifecycle/active_and_deprecated",
    "lifecycle/filtered_pages_keep",
)
List = tuple[Stages, Page]


class Reading(NamedTuple):
    """A way to read the filter: the stages it gives for those that were asked for."""

    says: str
    given: Callable[[Stages], Stages]


IGNORED = "`lifecycle[]` is ignored"
READINGS = (
    Reading("only the first of several `lifecycle[]` counts", lambda stages: stages[:1]),
    Reading("only the last of several `lifecycle[]` counts", lambda stages: stages[-1:]),
    Reading(
        "`lifecycle[]` adds its stage to the active models", lambda stages: ("active", *stages)
    ),
    Reading("`lifecycle[]` gives the models of all stages", lambda _: STAGES),
)


# --- which models a filter gives -----------------------------------------------------------------


def filters(seen: Observed) -> Iterator[Cause]:
    """Filters that give the models of other stages, or not all of their own."""
    if not seen.is_violated(AREA):
        return
    lists = filtered_lists(seen)
    stages = _known_stages(lists, seen)
    plain = tuple(map(stage_of, seen.models.values()))
    for reading in (Reading(IGNORED, lambda _: plain), *READINGS):
        inside = [own for own in lists if _agrees(reading, own, stages)]
        if inside:
            yield _read_so(reading, inside, lists)
    ended = [(asked, page) for asked, page in lists if not is_cut_short(page, seen)]
    short = [(asked, page) for asked, page in ended if _missing(asked, page, stages)]
    if short:
        lost = [own for asked, page in short for own in _missing(asked, page, stages)]
        which = joined([spelled(asked) for asked, _ in short[:3]])
        title = (
            f"filtered lists lack models of their stage ({named(list(dict.fromkeys(lost)), 2)}):"
            f" those for {which}, {share(len(short), len(lists), 'filtered list')}"
        )
        yield Cause("filtered lists lack", title, either(_of(short), _several))


def _of(lists: Sequence[List]) -> Follows:
    return among([page.response for _, page in lists], *CONTENT)


def _several(check: str, _: Finding) -> bool:
    """What is expected of several stages is taken from those asked for one by one."""
    return check.startswith(SEVERAL)


def _known_stages(lists: Sequence[List], seen: Observed) -> dict[str, str]:
    """The stage of every model that was met."""
    met = {
        own: stage_of(model)
        for _, page in lists
        for own, model in zip(page.ids, page.data, strict=True)
    }
    return met | {own: stage_of(model) for own, model in seen.models.items()}


def _agrees(reading: Reading, own: List, stages: Mapping[str, str]) -> bool:
    """Whether the page holds the models of the stages as read, and these are not the right ones.

    Where more follow, it may hold some of them: `limit` is not the largest one then, or ignored.
    """
    asked, page = own
    held = set(page.ids)
    given, right = (
        {own for own, stage in stages.items() if stage in those}
        for those in (reading.given(asked), asked)
    )
    is_part = page.has_more is True and held < given and not held <= right
    return given != right and (held == given or is_part)


def _missing(asked: Stages, page: Page, stages: Mapping[str, str]) -> list[str]:
    held = set(page.ids)
    return [own for own, stage in stages.items() if stage in asked and own not in held]


def _read_so(reading: Reading, inside: Sequence[List], lists: Sequence[List]) -> Cause:
    which = joined([spelled(asked) for asked, _ in inside])
    where = f" for {which}" if len(inside) < min(4, len(lists)) else ""
    title = f"{reading.says}{where}: {several(len(inside), 'filtered list')} of {len(lists)}"
    single = [asked[0] for asked, _ in inside if len(asked) == 1]

    def through_single(check: str, _: Finding) -> bool:
        return check.startswith(SEVERAL) and any(stage in check for stage in single)

    def of_the_plain_list(check: str, _: Finding) -> bool:
        """Who does not know the filter lists the models of all stages."""
        return reading.says == IGNORED and not where and check == RETIRED

    follows = either(_of(inside), through_single, of_the_plain_list)
    return Cause(reading.says, title, follows)


# --- the list without a filter -------------------------------------------------------------------


def plain_list(seen: Observed) -> Iterator[Cause]:
    """Stages that the list without a filter should hold, or should not."""
    if not seen.is_violated(AREA):
        return
    retired = [own for own, model in seen.models.items() if stage_of(model) == "retired"]
    if retired:
        count = share(len(retired), len(seen.models), "model")
        title = f"retired models are listed without being asked for: {count} ({named(retired)})"
        yield Cause("retired listed", title, _about(retired, RETIRED))
    found = [own for _, own in seen.findings("lifecycle/active_and_deprecated")]
    lost = [own.where for own in found if "lacks" in own.seen]
    if lost:
        number = several(len(lost), "active or deprecated model")
        title = f"the list without a filter lacks {number} ({named(lost)})"
        yield Cause("plain list lacks", title, _about(lost, "lifecycle/active_and_deprecated"))


def _about(names: Sequence[str], check: str) -> Follows:
    """Whether a finding of that check is about one of these models."""
    return lambda own, found: own.startswith(check) and _name(found) in names


def _name(found: Finding) -> str:
    return found.where.partition(" (")[0]


# --- what models say of themselves ---------------------------------------------------------------


def contradictions(seen: Observed) -> Iterator[Cause]:
    """Models that say another stage than that of the filter under which they are listed."""
    wrong = {
        own: f"is listed under {stages[0]} and says {stage_of(model)}"
        for stages, page in filtered_lists(seen)
        for own, model in zip(page.ids, page.data, strict=True)
        if len(stages) == 1 and stage_of(model) not in stages
    }
    if 0 < len(wrong) <= 3:
        says = "; ".join(f"{visible(own, 60)} {how}" for own, how in wrong.items())

        def follows(check: str, found: Finding) -> bool:
            named_in = any(own in found.seen for own in wrong)
            return check.startswith(AREA) and (_name(found) in wrong or named_in)

        yield Cause("stage contradicts", f"`lifecycle` contradicts the filter: {says}", follows)


def stage_dates(seen: Observed) -> Iterator[Cause]:
    """`deprecated_at` and `retires_at` that do not go with the stage."""
    found = [own for _, own in seen.findings("lifecycle/dates_agree")]
    for (name, stage), inside in grouped(found, _date_and_stage).items():
        says = "is null" if inside[0].seen == "null" else "is set"
        models = list(dict.fromkeys(map(_name, inside)))
        number = f"{several(len(models), 'model')} ({named(models)})"
        title = f"`{name}` {says} on {stage} models: {number}"
        yield Cause(f"dates {name} {stage}", title, _of_date(name))


def _date_and_stage(found: Finding) -> tuple[str, str]:
    """The property, and the stage that the check says it does not go with."""
    return found.where.rpartition("/")[2].rstrip(")"), found.expected.rpartition(" ")[2]


def _of_date(name: str) -> Follows:
    checks = ("lifecycle/dates_agree", "lifecycle/filtered_pages_keep")
    return lambda check, found: check.startswith(checks) and found.where.rstrip(")").endswith(name)
