"""Filters by stage: lists that hold other models than asked for, and stages that models say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pytest_models_contract.client.exchange import ABSENT, Finding, Page, Response, page_of, shown
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import joined, named, several, share
from pytest_models_contract.evidence.diagnoses.has_more import wrong_has_more
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    is_filtered,
    message_of,
    once,
)
from pytest_models_contract.evidence.diagnoses.order import is_oldest_first
from pytest_models_contract.evidence.diagnoses.page_sizes import wrong_sizes
from pytest_models_contract.evidence.diagnoses.page_starts import Wrong, wrong_starts
from pytest_models_contract.evidence.diagnoses.windows import windows

AREA = "lifecycle/"
STAGES = ("active", "deprecated", "retired")
CONTENT = (
    "lifecycle/stage_lists",
    "lifecycle/several_stages",
    "lifecycle/active_and_deprecated",
    "lifecycle/filtered_pages_keep",
)


def stages_of(response: Response) -> tuple[str, ...]:
    return tuple(value for name, value in response.request.query if name == "lifecycle[]")


def _wholes(seen: Observed) -> list[tuple[tuple[str, ...], Response]]:
    """The responses to the whole list under legal filters."""
    return [
        (stages, response)
        for response in seen.lists
        if (stages := stages_of(response))
        and set(stages) <= set(STAGES)
        and len(stages) <= len(STAGES)
        and response.request.value("limit") == str(seen.revision.limit.maximum)
        and not response.request.value("after_id")
        and not response.request.value("before_id")
    ]


def _stage(model: Any) -> str:
    """The stage that a model says, or what it says in place of one."""
    stage = model.get("lifecycle", ABSENT) if isinstance(model, dict) else ABSENT
    return stage if isinstance(stage, str) else shown(stage, 30)


# --- which models a filter gives -----------------------------------------------------------------


class Reading(NamedTuple):
    """A way to read the filter: the stages it gives for those that were asked for."""

    says: str
    given: Callable[[tuple[str, ...]], tuple[str, ...]]


READINGS = (
    Reading("`lifecycle[]` is ignored", lambda _: STAGES[:2]),
    Reading("of several `lifecycle[]` only the first counts", lambda own: own[:1]),
    Reading("of several `lifecycle[]` only the last counts", lambda own: own[-1:]),
    Reading("`lifecycle[]` adds its stage to the active models", lambda own: ("active", *own)),
    Reading("`lifecycle[]` gives the models of all stages", lambda _: STAGES),
)


def filters(seen: Observed) -> Iterator[Cause]:
    """Filters that give the models of other stages."""
    if not seen.is_violated(AREA):
        return
    asked = [(stages, page) for stages, response in _wholes(seen) if (page := page_of(response))]
    met = {
        own: _stage(model)
        for _, page in asked
        for own, model in zip(page.ids, page.data, strict=True)
    }
    met.update({own: _stage(model) for own, model in seen.models.items()})
    wrong = [
        (stages, page)
        for stages, page in asked
        if _given(page) - set(stages) or _missing(stages, page, met)
    ]
    for reading in READINGS:
        inside = [own for own in wrong if _agrees(reading, *own, met)]
        if not inside:
            continue
        which = joined(["+".join(stages) for stages, _ in inside])
        where = f" for {which}" if len(inside) < len(asked) and len(inside) < 4 else ""
        title = f"{reading.says}{where}: {several(len(inside), 'filtered list')} of {len(asked)}"
        responses = [page.response for _, page in inside]
        single = {stages[0] for stages, _ in inside if len(stages) == 1}
        yield Cause(
            reading.says, title, either(among(responses, *CONTENT), _through_single(single))
        )
    yield from _lacking(asked, wrong, met)


def _through_single(stages: set[str]) -> Callable[[str, Finding], bool]:
    """What is expected of several stages is taken from those asked for one by one."""
    return lambda check, _: (
        check.startswith("lifecycle/several") and any(stage in check for stage in stages)
    )


def _given(page: Page) -> set[Any]:
    return set(map(_stage, page.data))


def _missing(stages: Sequence[str], page: Page, met: dict[str, Any]) -> list[str]:
    return [own for own, stage in met.items() if stage in stages and own not in set(page.ids)]


def _agrees(reading: Reading, stages: tuple[str, ...], page: Page, met: dict[str, Any]) -> bool:
    """Whether the page holds the models of just those stages, and these are not the right ones."""
    given = set(reading.given(stages))
    expected = {own for own, stage in met.items() if stage in given}
    return given != set(stages) and set(page.ids) == expected


def _lacking(
    asked: Sequence[tuple[tuple[str, ...], Page]],
    wrong: Sequence[tuple[tuple[str, ...], Page]],
    met: dict[str, Any],
) -> Iterator[Cause]:
    """Filtered lists without models of their stage that other lists hold."""
    short = [(stages, page) for stages, page in wrong if _missing(stages, page, met)]
    if short:
        lost = list(
            dict.fromkeys(own for stages, page in short for own in _missing(stages, page, met))
        )
        which = joined(["+".join(stages) for stages, _ in short][:3])
        title = f"filtered lists lack models of their stage ({named(lost, 2)}): those for {which}, {share(len(short), len(asked), 'filtered list')}"
        yield Cause(
            "filtered lists lack",
            title,
            either(
                among([page.response for _, page in short], *CONTENT),
                lambda check, _: check.startswith("lifecycle/several"),
            ),
        )


def plain_list(seen: Observed) -> Iterator[Cause]:
    """Stages that the list without a filter should hold, or should not."""
    if retired := [own for own, model in seen.models.items() if _stage(model) == "retired"]:
        title = f"retired models are listed without being asked for: {share(len(retired), len(seen.models), 'model')} ({named(retired)})"
        yield Cause(
            "retired listed",
            title,
            lambda check, found: (
                check.startswith("lifecycle/retired_models") or _names(found) in retired
            ),
        )
    found = [own for _, own in seen.findings("lifecycle/active_and_deprecated")]
    lost = [own.where for own in found if "lacks" in own.seen]
    if lost:
        title = f"the list without a filter lacks models: {several(len(lost), 'active or deprecated one')} ({named(lost)})".replace(
            "ones", "models"
        ).replace("one (", "model (")
        yield Cause(
            "plain list lacks",
            title,
            lambda check, own: check.startswith(AREA) and own.where in lost,
        )


def _names(found: Finding) -> str:
    return found.where.partition(" (")[0]


# --- what models say of themselves -----------------------------------------------------------------


def contradictions(seen: Observed) -> Iterator[Cause]:
    """Models that say another stage than the filter under which they are listed."""
    liars: dict[str, str] = {}
    for stages, response in _wholes(seen):
        page = page_of(response)
        for own, model in (
            zip(page.ids, page.data, strict=True) if page and len(stages) == 1 else ()
        ):
            if _stage(model) not in stages:
                liars[own] = f"listed under {stages[0]}, it says {_stage(model)!r}".replace("'", "")
    if liars and len(liars) <= 3:
        title = f"`lifecycle` contradicts the filter: {'; '.join(f'{visible(own, 60)} {says}' for own, says in liars.items())}"

        def follows(check: str, found: Finding) -> bool:
            return check.startswith((AREA, "model_info/lifecycle")) and (
                _names(found) in liars or any(own in found.seen for own in liars)
            )

        yield Cause("stage contradicts", title, follows)


def stage_dates(seen: Observed) -> Iterator[Cause]:
    """`deprecated_at` and `retires_at` that do not go with the stage."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for _, own in seen.findings("lifecycle/dates_agree"):
        stage = own.expected.rpartition(" ")[2]
        name = own.where.rpartition("/")[2].rstrip(")")
        kinds.setdefault((name, stage), []).append(own)
    for (name, stage), found in kinds.items():
        says = "is null" if found[0].seen == "null" else "is set"
        models = list(dict.fromkeys(map(_names, found)))
        title = (
            f"`{name}` {says} on {stage} models: {several(len(models), 'model')} ({named(models)})"
        )
        responses = [own.response for own in found]

        def follows(
            check: str, own: Finding, name: str = name, responses: list[Response] = responses
        ) -> bool:
            if check.startswith("lifecycle/dates_agree"):
                return own.where.rstrip(")").endswith(name)
            return check.startswith("lifecycle/filtered_pages_keep") and own.where.endswith(
                f"/{name}"
            )

        yield Cause(f"dates {name} {stage}", title, follows)


# --- pages under a filter ------------------------------------------------------------------------------


def filtered_pages(seen: Observed) -> Iterator[Cause]:
    """Paging under a filter: the models that it gives as a list of their own."""
    if not seen.is_violated("lifecycle/filtered_pages", "lifecycle/several"):
        return
    yield from _forgotten(seen)
    found: dict[str, tuple[Wrong, list[Response]]] = {}
    for stages, response in _wholes(seen):
        page = page_of(response)
        pages = [
            own for own in map(page_of, seen.lists) if own and stages_of(own.response) == stages
        ]
        if page is None or not page.data:
            continue
        for wrong in _wrong(Listed(page, pages, seen)):
            kept = found.setdefault(wrong.name, (wrong, []))
            kept[1].extend(own.response for own in wrong.pages)
    for wrong, responses in found.values():
        title = f"under a `lifecycle[]` filter, {wrong.title.partition(': ')[0]}: {several(len(responses), 'page')}"
        yield Cause(f"filtered {wrong.name}", title, among(responses, AREA), wrong.hint)


def _forgotten(seen: Observed) -> Iterator[Cause]:
    """Pages after or before a cursor that are those of the list without the filter."""
    inside = []
    for page in map(page_of, seen.lists):
        cursor = page and (page.after_id or page.before_id)
        if (
            page is None
            or not cursor
            or not stages_of(page.response)
            or cursor not in seen.position
        ):
            continue
        if page.data and {*map(_stage, page.data)} - {*stages_of(page.response)}:
            inside.append(page.response)
    if inside:
        title = f"with a cursor the `lifecycle[]` filter is forgotten: {several(len(inside), 'page')} with models of other stages"
        yield Cause("filter forgotten", title, among(inside, AREA))


class Listed(Observed):
    """What was seen of the list under one filter."""

    def __init__(self, whole: Page, pages: Sequence[Page], seen: Observed) -> None:
        super().__init__(seen.exchanges, seen.revision, [whole], ())
        self.pages = list(pages)


def _wrong(seen: Listed) -> Iterator[Wrong]:
    pages = windows(seen)
    stretches = {once(own.response.request): own.right(seen) for own in pages}
    for wrong, read in wrong_starts(pages, seen):
        stretches.update(read)
        yield wrong
    yield from wrong_sizes(pages, stretches, seen)
    yield from wrong_has_more(pages, stretches, seen)


def filtered_answers(seen: Observed) -> Iterator[Cause]:
    """Filters that are refused or crash, and filtered pages that break the schema."""
    asked = [
        own
        for own in seen.lists
        if is_filtered(own) and set(stages_of(own)) <= set(STAGES) and len(stages_of(own)) <= 3
    ]
    for status in dict.fromkeys(own.status for own in asked if not own.ok):
        inside = [own for own in asked if own.status == status]
        which = _which(inside, asked)
        how = f"answered with {status}" if status else "not answered"
        said = message_of(inside[0])
        title = f"a `lifecycle[]` filter{which} is {how}: {several(len(inside), 'request')}"
        crashed = [own for own in seen.lists if is_filtered(own) and own.status == status >= 500]
        yield Cause(
            f"filter {status}",
            title,
            among([*inside, *crashed], AREA),
            f'the server says "{said}"' if said else "",
        )
    yield from _broken(seen)
    yield from _turned(seen)


def _which(inside: Sequence[Response], asked: Sequence[Response]) -> str:
    ends = [
        own for own in inside if own.request.value("after_id") or own.request.value("before_id")
    ]
    if len(ends) == len(inside) and len(inside) < len(asked):
        return " after the last model"
    numbers = {len(stages_of(own)) for own in inside}
    others = {len(stages_of(own)) for own in asked if own.ok}
    if min(numbers) > max(others, default=0):
        return (
            f" with {min(numbers)} stages"
            if min(numbers) == len(STAGES)
            else " with several stages"
        )
    common = set.intersection(*(set(stages_of(own)) for own in inside))
    return f" with {joined(sorted(common))}" if common else ""


def _broken(seen: Observed) -> Iterator[Cause]:
    """What the schema check of filtered pages found that the plain list has not."""
    found = [own for _, own in seen.findings("lifecycle/filtered_pages_keep")]
    for own in found:
        problems = list(seen.revision.validator("model_list#").iter_errors(own.response.json))
        if problems:
            first = problems[0]
            lacking = first.validator == "required"
            what = (
                f"lacks {visible(first.message.partition(' is')[0], 60)}".replace("'", "`")
                if lacking
                else f"has {shown(first.instance, 40)} as `{'.'.join(str(p) for p in first.absolute_path if not isinstance(p, int))}`"
            )
            stages = "+".join(stages_of(own.response))
            title = f"a page under a `lifecycle[]` filter {what}, unlike the plain list: filter {stages}, {several(len(problems), 'place')}"
            yield Cause(
                f"filtered schema {what}",
                title,
                among(
                    [each.response for each in found],
                    "lifecycle/filtered_pages_keep",
                    "lifecycle/dates",
                ),
            )
            return
    for own in found:
        name = own.seen.partition(":")[0]
        if ":" in own.seen and name in {prop.path for prop in seen.revision.properties}:
            title = f"models have another `{name}` under a `lifecycle[]` filter: {several(len(found), 'filtered list')}"
            yield Cause(f"filtered {name}", title, among([each.response for each in found], AREA))
            return


def _turned(seen: Observed) -> Iterator[Cause]:
    """Filtered lists that stand in another order than newest first."""
    inside = []
    for stages, response in _wholes(seen):
        page = page_of(response)
        if page and len(page) > 1 and is_oldest_first(page.data) is not False:
            inside.append((stages, page))
    several_of = [own for own in inside if len(own[0]) > 1]
    if not inside:
        return
    turned = [own for own in inside if is_oldest_first(own[1].data)]
    title = f"filtered lists stand oldest first: {share(len(turned), len(_wholes(seen)), 'filtered list')}"
    if not turned:
        title = f"filtered lists do not stand newest first: {share(len(inside), len(_wholes(seen)), 'filtered list')}, such as {'+'.join(inside[0][0])}"
    if several_of and len(several_of) == len(inside) and not turned:
        title = f"of several stages one comes after the other, not newest first: {share(len(inside), len([w for w in _wholes(seen) if len(w[0]) > 1]), 'such list')}"
    stages = {own[0] for own in inside}
    responses = [own for own in seen.lists if stages_of(own) in stages]
    yield Cause("filtered order", title, among(responses, AREA))
