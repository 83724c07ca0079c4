"""What a page, the end of the list and a walk should be, by the catalogue as it was crawled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from pytest_models_contract.client.exchange import (
    Finding,
    Page,
    Request,
    Response,
    counted,
    page_of,
)
from pytest_models_contract.client.requests import page_request
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.pagination import Walk, cost_of_more
from pytest_models_contract.evidence.wording import compared, contents, listed, some
from pytest_models_contract.spec.revision import Revision

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence


def expected_ids(page: Page, evidence: Evidence) -> list[str] | None:
    """The ids the page should hold; None when the catalogue lacks its cursor."""
    size = page.limit or evidence.revision.limit.default
    if page.cursor is not None and page.cursor not in evidence.position:
        return None
    if page.before_id is not None:
        end = evidence.position[page.before_id]
        return evidence.ids[max(0, end - size) : end]
    first = evidence.position[page.after_id] + 1 if page.after_id is not None else 0
    return evidence.ids[first : first + size]


def is_whole(page: Page, revision: Revision) -> bool:
    """Whether the page has all keys of the envelope, each with a legal value."""
    return all(key.met_by(page.envelope) for key in revision.envelope)


def wrong_window(page: Page, evidence: Evidence) -> Finding | None:
    """A page with other models than those at its cursor; the number of models does not count."""
    expected = expected_ids(page, evidence)
    if expected is None:
        return None
    size = min(len(page), len(expected))
    near = slice(len(page) - size, None) if page.backward else slice(0, size)
    wanted = expected[len(expected) - size :] if page.backward else expected[:size]
    if page.ids[near] == wanted:
        return None
    seen, wanted_ids = compared(page.ids, expected)
    return page.response.finding(seen, wanted_ids, str(page.response.request))


def not_empty(response: Response) -> Finding | None:
    """A response beyond the end of the list that is not an empty page with `has_more` false."""
    page = page_of(response)
    if page and not page.data and page.has_more is not True:
        return None
    if page and not page.data:
        return response.finding("an empty page with has_more true", "has_more false")
    return response.finding(contents(page, response), "an empty page with has_more false")


def wrong_walk(walk: Walk, evidence: Evidence) -> Finding | None:
    """A walk without an end, or one that does not meet every model once, in order."""
    last = walk.responses[-1]
    if evidence.unfinished and not walk.backward:
        return _wrong_beginning(walk, evidence)
    if walk.loop:
        return last.finding(walk.loop, "an end", str(walk))
    if not last.ok:
        seen = f"{last.status_text} after {len(walk.pages)} pages"
        return last.finding(seen, "a page", str(walk))
    expected = expected_on(walk, evidence)
    if walk.ids == expected or (evidence.end_not_reached and not walk.backward):
        return None
    seen = _lost_or_repeated(walk.ids, expected)
    return last.finding(seen, f"{counted(len(expected))}, each once", str(walk))


def _wrong_beginning(walk: Walk, evidence: Evidence) -> Finding | None:
    """A walk through a list without an end that loses or repeats a model."""
    expected = expected_on(walk, evidence)[: len(walk.ids)]
    met = walk.ids[: len(expected)]
    if met == expected:
        return None
    wanted = f"{counted(len(expected))}, each once"
    return walk.responses[-1].finding(_lost_or_repeated(met, expected), wanted, str(walk))


def expected_on(walk: Walk, evidence: Evidence) -> list[str]:
    """The ids that the pages of a walk should hold together, in order."""
    start = evidence.position.get(walk.start or "", None)
    if walk.backward:
        return evidence.ids[:start]
    return evidence.ids[(start + 1) if start is not None else 0 :]


def _lost_or_repeated(met: Sequence[str], expected: Sequence[str]) -> str:
    known, wanted = set(met), set(expected)
    lost = [found for found in expected if found not in known]
    if lost:
        return f"{len(lost)} of {counted(len(expected))} lost: {listed(lost)}"
    unexpected = [found for found in met if found not in wanted]
    if unexpected:
        return f"{some(unexpected)}, which do not belong to this walk"
    if len(met) != len(known):
        return f"{counted(len(met) - len(known))} listed twice"
    misplaced = next(found for found, right in zip(met, expected, strict=True) if found != right)
    return f"another order, from {misplaced} on"


def wrong_has_more(
    page: Page, evidence: Evidence, responses: Sequence[Response] = ()
) -> Finding | None:
    """A page whose `has_more` is not whether models follow in its direction.

    `responses` show what clients do at the end of the list.
    """
    more = _models_follow(page, evidence)
    if more is None or page.has_more == more:
        return None
    hint = "clients stop here and miss the rest"
    if not more:
        hint = cost_of_more(responses, evidence.ids, backward=page.backward)
    seen, expected = f"has_more {page.has_more}".lower(), f"{more}".lower()
    return page.response.finding(seen, expected, str(page.response.request), hint=hint)


def _models_follow(page: Page, evidence: Evidence) -> bool | None:
    """Whether more models follow the page in its direction; None when the end was not reached."""
    ends = [evidence.position[found] for found in page.ids if found in evidence.position]
    if page.backward:
        return min(ends) > 0 if ends else False
    if not ends or max(ends) == len(evidence.ids) - 1:
        return None if evidence.end_not_reached else False
    return True


def following_pages(walk: Walk) -> list[tuple[Page, Page]]:
    """Pairs of pages that follow each other on the walk and share no model."""
    pages = [page for page in walk.pages if page.data]
    return [(one, two) for one, two in pairwise(pages) if not set(one.ids) & set(two.ids)]


def last_step(evidence: Evidence) -> tuple[Page, Page] | None:
    """The last two pages that follow each other on a walk forward, if there are two."""
    forward = (walk for walk in evidence.walks if not walk.backward)
    return next(reversed([pair for walk in forward for pair in following_pages(walk)]), None)


def page_before(step: tuple[Page, Page]) -> Request:
    """The request that leads from the second page back to the first."""
    return page_request(before_id=step[1].ids[0], limit=step[0].limit)


# --- judged -------------------------------------------------------------------------------------


def judge_window(pages: Sequence[Page], evidence: Evidence, check: Check) -> None:
    """Pages hold the models at their cursor; how many is a matter of the limit."""
    require_ids(evidence)
    check.judge(
        pages,
        partial(wrong_window, evidence=evidence),
        what="pages",
        if_none="a list of one model has nothing beyond a cursor"
        if evidence.ids
        else evidence.why_no_models,
        compares=True,
    )


def judge_end(name: str, cursor: Sequence[str], evidence: Evidence, check: Check) -> None:
    require_ids(evidence)
    check.judge(
        [
            response
            for response in evidence.responses
            if response.request.value(name) in cursor and (not response.ok or page_of(response))
        ],
        not_empty,
        what="responses",
        if_none=evidence.unfinished or "the end of the list was not reached"
        if evidence.ids
        else evidence.why_no_models,
        compares=True,
    )


def judge_walks(backward: bool, evidence: Evidence, check: Check) -> None:
    require_ids(evidence)
    check.judge(
        [walk for walk in evidence.walks if walk.backward == backward],
        partial(wrong_walk, evidence=evidence),
        what="walks",
        if_none="a walk needs more than one model" if evidence.ids else evidence.why_no_models,
        compares=True,
    )
    if evidence.unfinished and not backward:
        raise Unexercised(evidence.unfinished)


def judge_has_more(backward: bool, evidence: Evidence, check: Check) -> None:
    require_ids(evidence)
    pages = [
        page
        for page in evidence.pages
        if page.backward == backward and (page.data or not evidence.ids)
    ]
    legal = [page for page in pages if isinstance(page.has_more, bool)]
    check.judge(
        _at_their_cursor(legal, evidence),
        partial(wrong_has_more, evidence=evidence, responses=evidence.responses),
        what="pages",
        if_none=_why_no_has_more(backward, pages, legal)
        if evidence.ids
        else evidence.why_no_models,
        compares=True,
    )


def _at_their_cursor(pages: Sequence[Page], evidence: Evidence) -> list[Page]:
    """The pages whose models are those at their cursor: on others, `has_more` is right or wrong by chance.

    Where a cursor gets the first page in place of its own, the first page is right by chance as well.
    """
    misplaced = [_is_misplaced(page, evidence) for page in pages]
    first = [page.cursor is not None and _starts_the_list(page, evidence) for page in pages]
    ignored = any(map(all, zip(misplaced, first, strict=True)))
    return [
        page
        for page, wrong, again in zip(pages, misplaced, first, strict=True)
        if not (wrong or (ignored and again))
    ]


def _is_misplaced(page: Page, evidence: Evidence) -> bool:
    beyond_the_end = bool(page.data) and expected_ids(page, evidence) == []
    return beyond_the_end or wrong_window(page, evidence) is not None


def _starts_the_list(page: Page, evidence: Evidence) -> bool:
    return page.ids == evidence.ids[: len(page)]


def _why_no_has_more(backward: bool, pages: Sequence[Page], legal: Sequence[Page]) -> str:
    direction = "backward" if backward else "forward"
    if not pages:
        return f"no page {direction} has models"
    if not legal:
        return f"no page {direction} has true or false: see model_list/has_more"
    window = "before_id_ends_before_the_cursor" if backward else "after_id_starts_after_the_cursor"
    return f"no page {direction} has the models that it should: see cursors/{window}"


def require_ids(evidence: Evidence) -> None:
    """Raise `Unexercised` where ids are missing or repeated: no rule about cursors can be judged then."""
    if evidence.changing:
        raise Unexercised(evidence.changing)
    if evidence.unusable_ids:
        raise Unexercised(evidence.unusable_ids)
