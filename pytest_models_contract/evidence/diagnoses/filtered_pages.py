"""Pages under a filter: paging through the models of a stage, refusals, the schema, the order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pytest_models_contract.client.exchange import Page, Response, page_of, shown
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import grouped, joined, several, share
from pytest_models_contract.evidence.diagnoses.has_more import wrong_has_more
from pytest_models_contract.evidence.diagnoses.lifecycle_filters import (
    AREA,
    filtered_lists,
    is_cut_short,
    is_legal,
    spelled,
    stage_of,
    stages_of,
)
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    once,
)
from pytest_models_contract.evidence.diagnoses.order import is_oldest_first
from pytest_models_contract.evidence.diagnoses.page_sizes import wrong_sizes
from pytest_models_contract.evidence.diagnoses.page_starts import Wrong, wrong_starts
from pytest_models_contract.evidence.diagnoses.paging import wrong_pages
from pytest_models_contract.evidence.diagnoses.spoiled_pages import reversed_pages
from pytest_models_contract.evidence.diagnoses.turned_pages import turned_back
from pytest_models_contract.evidence.diagnoses.windows import windows
from pytest_models_contract.evidence.stages import STAGES

KEEP = "lifecycle/filtered_pages_keep"
FOLLOW = "lifecycle/filtered_pages_follow"


# --- paging --------------------------------------------------------------------------------------


def filtered_paging(seen: Observed) -> Iterator[Cause]:
    """Wrong pages of the models that a filter gives, taken as a list of their own."""
    if not seen.is_violated("lifecycle/filtered_pages", "lifecycle/several"):
        return
    yield from _forgotten_filter(seen)
    found = [
        (wrong.name, wrong)
        for stages, whole in filtered_lists(seen)
        if whole.data and not is_cut_short(whole, seen)
        for wrong in _wrong(_Listed(whole, _pages_of(stages, seen), seen))
    ]
    plain = {wrong.name: wrong for _, wrong in wrong_pages(turned_back(seen) or seen)}
    cut = [page for _, page in filtered_lists(seen) if is_cut_short(page, seen)]
    right = [page.response for page in cut if not _holds_others(page)]
    for name, wrong in plain.items():
        if name.startswith("size"):
            yield Cause(name, wrong.title, among(right, AREA), wrong.hint)
    for name, alike in grouped(found, lambda pair: pair[0]).items():
        responses = [own.response for _, wrong in alike for own in wrong.pages]
        follows = among(responses, AREA)
        same = next((wrong for own, wrong in plain.items() if _is_one_cause(name, own)), None)
        if same:
            yield Cause(same.name, same.title, follows, same.hint)
            continue
        says, hint = alike[0][1].title.partition(": ")[0], alike[0][1].hint
        title = f"under a `lifecycle[]` filter, {says}: {several(len(responses), 'page')}"
        yield Cause(f"filtered {name}", title, follows, hint)


def _is_one_cause(filtered: str, plain: str) -> bool:
    """Whether the filter changes nothing, by the names of the causes with it and without."""
    return filtered.startswith(plain) or set(filtered.split()) <= set(plain.split())


def _pages_of(stages: Sequence[str], seen: Observed) -> list[Page]:
    lists = [response for response in seen.lists if stages_of(response) == stages]
    return [page for page in map(page_of, lists) if page]


class _Listed(Observed):
    """What was seen of the list under one filter."""

    def __init__(self, whole: Page, pages: Sequence[Page], seen: Observed) -> None:
        super().__init__(seen.exchanges, seen.revision, [whole], ())
        self.pages = list(pages)


def _wrong(seen: _Listed) -> Iterator[Wrong]:
    pages = windows(seen)
    stretches = {once(own.response.request): own.right(seen) for own in pages}
    for wrong, read in wrong_starts(pages, seen):
        stretches.update(read)
        yield wrong
    yield from wrong_sizes(pages, stretches, seen)
    yield from wrong_has_more(pages, stretches, seen)


def _forgotten_filter(seen: Observed) -> Iterator[Cause]:
    """Pages after or before a listed model that hold models of other stages."""
    pages = [
        page for page in map(page_of, seen.lists) if page and is_legal(stages_of(page.response))
    ]
    beside = [page for page in pages if (page.after_id or page.before_id or "") in seen.position]
    inside = [page.response for page in beside if _holds_others(page)]
    if inside:
        number = several(len(inside), "page")
        title = f"the `lifecycle[]` filter is ignored with a cursor: {number} with other stages"
        yield Cause("filter forgotten", title, among(inside, AREA))


def _holds_others(page: Page) -> bool:
    return not set(map(stage_of, page.data)) <= set(stages_of(page.response))


# --- refusals ------------------------------------------------------------------------------------


def refused_filters(seen: Observed) -> Iterator[Cause]:
    """Legal filters that are refused or crash."""
    asked = [response for response in seen.lists if is_legal(stages_of(response))]
    odd = [response for response in asked if not response.ok]
    for status, inside in grouped(odd, lambda response: response.status or -1).items():
        how = f"answered with {status}" if status > 0 else "not answered"
        number = several(len(inside), "request")
        title = f"a `lifecycle[]` filter{_which(inside, asked)} is {how}: {number}"
        crashed = [own for own in seen.lists if stages_of(own) and own.status == status >= 500]
        follows = among([*inside, *crashed], AREA)
        yield Cause(f"filter {status}", title, follows, seen.quote(inside[0]))


def _which(inside: Sequence[Response], asked: Sequence[Response]) -> str:
    """Which filters it is, where others are answered."""
    if len(inside) < len(asked) and all(map(_has_cursor, inside)):
        return " after the last model"
    least = min(len(stages_of(own)) for own in inside)
    if least > max((len(stages_of(own)) for own in asked if own.ok), default=0):
        return f" with {least} stages" if least == len(STAGES) else " with several stages"
    common = set.intersection(*(set(stages_of(own)) for own in inside))
    return f" with {joined(sorted(common))}" if common else ""


def _has_cursor(response: Response) -> bool:
    return any(response.request.value(name) for name in ("after_id", "before_id"))


# --- the schema and the models -------------------------------------------------------------------


def broken_pages(seen: Observed) -> Iterator[Cause]:
    """Filtered pages that do not keep the schema, or have their models otherwise than the plain list."""
    found = [own for _, own in seen.findings(KEEP, FOLLOW)]
    for own in found:
        problems = list(seen.revision.validator("model_list#").iter_errors(own.response.json))
        if problems:
            what = f"{spelled(stages_of(own.response))}, {several(len(problems), 'place')}"
            says = f"a page under a `lifecycle[]` filter {_problem(problems[0])}"
            title = f"{says}, unlike the plain list: filter {what}"
            follows = among([each.response for each in found], KEEP, FOLLOW, "lifecycle/dates")
            yield Cause("filtered schema", title, follows)
            return
    for name in ("first_id", "last_id"):
        wrong = [own for own in found if own.where == f"/{name}"]
        if wrong:
            number = several(len(wrong), "filtered page")
            title = f"`{name}` is not the id at that end under a `lifecycle[]` filter: {number}"
            yield Cause(f"filtered {name}", title, among([own.response for own in wrong], AREA))
    paths = {prop.path for prop in seen.revision.properties}
    for name in dict.fromkeys(own.seen.partition(":")[0] for own in found):
        if name in paths:
            number = several(len(found), "filtered list")
            title = f"models have another `{name}` under a `lifecycle[]` filter: {number}"
            follows = either(among([own.response for own in found], AREA), _alone(name))
            yield Cause(f"filtered {name}", title, follows)


def _alone(name: str) -> Follows:
    """Whether a model that only a filter lists has another value of this property when it is retrieved."""
    return lambda check, found: (
        check == "retrieve/retired_model_equals_its_list_entry"
        and found.seen.partition(":")[0] == name
    )


def _problem(problem: Any) -> str:
    """What the schema says is wrong, in words that go on after "a page"."""
    if problem.validator == "required":
        return f"lacks {visible(problem.message.partition(' is')[0], 60)}".replace("'", "`")
    if not problem.absolute_path:
        return f"is {shown(problem.instance, 40)}"
    path = ".".join(str(part) for part in problem.absolute_path if not isinstance(part, int))
    return f"has {shown(problem.instance, 40)} as `{path}`"


# --- the order -----------------------------------------------------------------------------------


def filtered_order(seen: Observed) -> Iterator[Cause]:
    """Filtered lists that do not stand newest first."""
    lists = [(stages, page) for stages, page in filtered_lists(seen) if len(page) > 1]
    inside = [(stages, page) for stages, page in lists if is_oldest_first(page.data) is not False]
    if not inside or not seen.is_violated(AREA):
        return
    turned = [stages for stages, page in inside if is_oldest_first(page.data)]
    joint = [stages for stages, _ in lists if len(stages) > 1]
    if turned:
        title = f"filtered lists are sorted oldest first: {share(len(turned), len(lists), 'filtered list')}"
    elif all(len(stages) > 1 for stages, _ in inside):
        count = share(len(inside), len(joint), "such list")
        title = f"lists of several stages are sorted by stage, not newest first: {count}"
    else:
        count = share(len(inside), len(lists), "filtered list")
        title = f"filtered lists are not sorted newest first: {count}"
    wrong = {stages for stages, _ in inside}
    follows = among([own for own in seen.lists if stages_of(own) in wrong], AREA)
    if turned and (back := turned_back(seen)):
        yield replace(reversed_pages(back), follows=follows)
    else:
        yield Cause("filtered order", title, follows)
