"""The pages of the list, each drawn over the positions of the catalogue: what it held and should hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pytest_models_contract.client.exchange import Page, Response, counted, page_of
from pytest_models_contract.evidence import expected_pages
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.overview.texts import Clean
from pytest_models_contract.evidence.pagination import Walk

MOST_ROWS = 40
"""So many pages of a walk are drawn."""
MOST_RUNS = 60
"""So many runs of positions are drawn in a row."""
PLAIN = "no parameters"
NO_PAGE: Any = {"data": []}
"""Stands for the envelope of a response that is no page."""
Runs = list[list[int]]


@dataclass
class PageRow:
    """A list request over the positions of the catalogue.

    `held` and `expected` are runs of positions: the first and the last of each, from 0. `expected` is
    None where nothing is known of it. `unknown` counts ids that the catalogue lacks. `result` says
    how the response was, `wrong` what is wrong with it, empty where nothing is.
    """

    asked: str
    held: Runs
    expected: Runs | None
    unknown: int = 0
    result: str = ""
    wrong: str = ""


@dataclass
class Group:
    """Rows that belong together: the pages of a walk in its order, or single pages. `left` are not drawn."""

    title: str
    rows: list[PageRow]
    left: int = 0


def groups(evidence: Evidence, ids: Sequence[str], clean: Clean) -> list[dict[str, Any]]:
    """The pages that were read so far, by walk; `ids` are the models of the catalogue in order."""
    read = vars(evidence)
    if "crawl" not in read or evidence.other_format:
        return []
    drawing = _Drawing(evidence, {found: n for n, found in enumerate(ids)}, clean)
    walks = evidence.walks if "walks" in read else []
    walked = {response.request for walk in walks for response in walk.responses}
    crawled = [page.response for page in evidence.crawl]
    seen = walked | {response.request for response in crawled}
    responses = evidence.responses if "responses" in read else []
    single = [each for each in responses if each.request not in seen and drawing.can(each)]
    found = [
        drawing.group("The whole list", crawled, drawing.whole(evidence.ids, evidence.ids)),
        drawing.group("Single pages", single),
        *(drawing.walk(each) for each in walks),
    ]
    return [asdict(each) for each in found if each.rows]


@dataclass(frozen=True)
class _Drawing:
    """How the pages of some evidence are drawn, with the place of each id."""

    evidence: Evidence
    places: dict[str, int]
    clean: Clean

    @property
    def judged(self) -> bool:
        """Whether pages can be compared with the catalogue."""
        return not (self.evidence.unusable_ids or self.evidence.changing)

    def can(self, response: Response) -> bool:
        """Whether the place of the page in the catalogue is known: that of its cursor."""
        cursors = (response.request.value(name) for name in ("after_id", "before_id"))
        return all(cursor in self.evidence.position for cursor in cursors if cursor is not None)

    def group(
        self, title: str, responses: Sequence[Response], last: PageRow | None = None
    ) -> Group:
        shown = responses[:MOST_ROWS]
        rows = [self.row(each) for each in shown]
        if last and (len(responses) > 1 or last.wrong):
            rows.append(last)
        return Group(self.clean(title), rows, len(responses) - len(shown))

    def walk(self, walk: Walk) -> Group:
        """The pages of a walk, and all of its models together."""
        wrong = expected_pages.wrong_walk(walk, self.evidence) if self.judged else None
        expected = expected_pages.expected_on(walk, self.evidence)
        together = self.whole(walk.ids, expected, "All pages together")
        if wrong:
            endless = "the list never ends: " if walk.loop else ""
            together.wrong = self.clean(f"{endless}{wrong.seen}")
        return self.group(f"A walk {walk}", walk.responses, together)

    def whole(
        self, held: Sequence[str], expected: Sequence[str], title: str = "All pages together"
    ) -> PageRow:
        """Models of several pages. Beyond the catalogue as it was read there is only what is missing."""
        beyond = list(self.places) if expected is self.evidence.ids else expected
        row = PageRow(title, self.runs(held), self.runs(beyond), self.unknown(held))
        row.result = counted(len(set(held)))
        lost = len(set(beyond) - set(held))
        if lost and not self.evidence.unfinished:
            row.wrong = f"{counted(lost)} missing"
        return row

    def row(self, response: Response) -> PageRow:
        query = " ".join(f"{name}={value}" for name, value in response.request.query)
        asked, page = self.clean(query or PLAIN), page_of(response)
        if page is None:
            wrong = response.status_text + (", not a page" if response.ok else "")
            missed = self.expected(Page(response, NO_PAGE))
            return PageRow(
                asked, [], None if missed is None else self.runs(missed), 0, wrong, wrong
            )
        expected = self.expected(page)
        held = PageRow(asked, self.runs(page.ids), None, self.unknown(page.ids))
        held.result = f"{counted(len(page))}, {_follows(page)}"
        if expected is not None:
            held.expected = self.runs(expected)
            held.wrong = self.clean(wrong_with(page, expected, self.evidence))
        return held

    def expected(self, page: Page) -> list[str] | None:
        return expected_pages.expected_ids(page, self.evidence) if self.judged else None

    def unknown(self, ids: Iterable[str]) -> int:
        return sum(found not in self.places for found in ids)

    def runs(self, ids: Iterable[str]) -> Runs:
        return runs_of(self.places[found] for found in ids if found in self.places)


def runs_of(places: Iterable[int]) -> Runs:
    """The places in order, those that follow each other together; at most `MOST_RUNS`.

    >>> runs_of([3, 4, 5, 0, 1, 9])
    [[3, 5], [0, 1], [9, 9]]
    """
    runs: Runs = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        elif len(runs) == MOST_RUNS:
            break
        else:
            runs.append([place, place])
    return runs


def _follows(page: Page) -> str:
    if isinstance(page.has_more, bool):
        return "more follow" if page.has_more else "the last page"
    return "has_more is not true or false"


def wrong_with(page: Page, expected: Sequence[str], evidence: Evidence) -> str:
    """What is wrong with a page, by the same comparison as the checks of cursors and limits; else empty."""
    beyond_the_end = bool(page.data) and not expected
    if beyond_the_end or expected_pages.wrong_window(page, evidence):
        return _wrong_models(page, expected, evidence)
    if len(page) != len(expected):
        return f"{counted(len(page))}, expected {len(expected):,}"
    wrong = expected_pages.wrong_has_more(page, evidence)
    return f"{wrong.seen}, expected {wrong.expected}" if wrong else ""


def _wrong_models(page: Page, expected: Sequence[str], evidence: Evidence) -> str:
    if page.ids and page.ids == evidence.ids[: len(page)]:
        if page.backward:
            return "from the wrong end: the newest models, not those next to the cursor"
        return "the first page again"
    elsewhere = set(page.ids).isdisjoint([*expected, page.cursor])
    if page.ids and page.ids == evidence.ids[-len(page) :] and elsewhere and not page.backward:
        return "from the wrong end: the oldest models, not those next to the cursor"
    return ", ".join(_differences(page.ids, expected)) or "another order"


def _differences(ids: Sequence[str], expected: Sequence[str]) -> Iterator[str]:
    held, wanted = set(ids), set(expected)
    if lost := len(wanted - held):
        yield f"{counted(lost)} missing"
    if extra := len(held - wanted):
        yield f"{counted(extra)} from another place"
    if twice := len(ids) - len(held):
        yield f"{counted(twice)} twice"
