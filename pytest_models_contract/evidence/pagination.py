"""How a list is read: walks as clients follow them, and the crawl."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from pytest_models_contract.client.exchange import (
    Occurrence,
    Page,
    Response,
    counted,
    model_id,
    page_of,
)
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.plan import Step
from pytest_models_contract.spec import rfc3339

MOST_PAGES = 130
"""A list is read up to so many pages: one of 100,000 models has 100."""
NEAR = 5.0
"""A date this close to now looks like the server's clock, in seconds."""
Ask = Callable[..., Response | None]
T = TypeVar("T")


@dataclass(frozen=True)
class Walk:
    """The pages of one walk as a client follows them, and how it ended."""

    size: int | None
    start: str | None
    backward: bool
    responses: Sequence[Response]
    loop: str

    @cached_property
    def pages(self) -> list[Page]:
        return [page for response in self.responses if (page := page_of(response))]

    @property
    def ids(self) -> list[str]:
        """The ids on the walk, newest first in both directions."""
        pages = reversed(self.pages) if self.backward else self.pages
        return [found for page in pages for found in page.ids]

    def __str__(self) -> str:
        direction = "backward" if self.backward else "forward"
        start = f" from {self.start}" if self.start else ""
        return f"{direction}{start} with {f'limit={self.size}' if self.size else 'no limit'}"


def walk(ask: Ask, step: Step, most: int) -> Walk:
    """Follow the pages as a client does, while `has_more` is true, over at most `most` pages."""
    most = min(most, MOST_PAGES)
    size, start, backward = step
    name = "before_id" if backward else "after_id"
    responses: list[Response] = []
    cursor, used = start, {start}
    for _ in range(most):
        response = ask(limit=size, **{name: cursor})
        if response is None:
            return Walk(size, start, backward, [], "")
        responses.append(response)
        page = page_of(response)
        if page is None or not page.data or page.envelope.get("has_more", True) in (False, None):
            return Walk(size, start, backward, responses, "")
        cursor = page.ids[0 if backward else -1]
        if cursor in used:
            loop = f"the cursor {cursor} came again after {len(responses)} pages"
            return Walk(size, start, backward, responses, loop)
        used.add(cursor)
    return Walk(size, start, backward, responses, f"no end after {most} pages")


def answered(requests: Iterable[Callable[[], T]]) -> list[T]:
    """What the calls return, without those that a cassette lacks. Raises `Unexercised` when it lacks all."""
    responses: list[T] = []
    missing: list[Unexercised] = []
    for ask in requests:
        try:
            responses.append(ask())
        except Unexercised as lack:
            missing.append(lack)
    if missing and not responses:
        raise missing[0]
    return responses


def any_is_new(models: Iterable[object]) -> bool:
    """Whether a model has a release date of just now: the server may send its clock as the date."""
    now = time.time()
    # Only dates of these days are parsed; an offset moves a date by one day at most.
    days = {time.strftime("%Y-%m-%d", time.gmtime(now + day * 86_400)) for day in (-1, 0, 1)}
    dates = (own.get("created_at") for own in models if isinstance(own, dict))
    near = (date for date in dates if isinstance(date, str) and date[:10] in days)
    return any(
        moment is not None and abs(now - moment.second) < NEAR
        for moment in map(rfc3339.instant, near)
    )


class Crawl(NamedTuple):
    """The pages that brought new models, and the response after them that did not, if any."""

    pages: list[Page]
    closing: Response | None

    @property
    def continues(self) -> bool:
        """Whether the list has more models than could be read."""
        if not self.pages or not self.pages[-1].data:
            return False
        if self.closing is not None:
            return self._goes_in_a_circle or self._is_refused
        return bool(self.pages[-1].has_more) or len(self.pages) == MOST_PAGES

    @property
    def _goes_in_a_circle(self) -> bool:
        """Whether a full first page says that more models follow, and comes again after its cursor."""
        first, again = self.pages[0], page_of(self.closing) if self.closing else None
        full = first.has_more is True and len(first) >= (first.limit or 1)
        return len(self.pages) == 1 and full and again is not None and again.ids == first.ids

    @property
    def _is_refused(self) -> bool:
        """Whether a full page says that more models follow, and these are refused."""
        last, size = self.pages[-1], self.pages[-1].limit or len(self.pages[0])
        refused = self.closing is not None and not self.closing.ok
        return refused and last.has_more is True and len(last) >= size

    @property
    def too_long(self) -> str:
        """How far a list was read that has too many pages, or too much for the memory; else empty."""
        if not self.continues:
            return ""
        enough = len(self.pages) == MOST_PAGES or self.pages[-1].response.pool.nearly_full
        return f"no end after {len(self.pages)} pages, {counted(length(self))}" if enough else ""


def length(reading: Crawl) -> int:
    return len({found for page in reading.pages for found in page.ids})


def crawl(ask: Ask, start: dict[str, Any], most: int) -> Crawl:
    """Follow the list from `start` until a page brings no new model, whatever `has_more` says.

    At most `most` pages are read.
    """
    pages: list[Page] = []
    known: set[str] = set()
    window = dict(start)
    for _ in range(most):
        response = ask(**window)
        page = page_of(response) if response else None
        if page is None or (pages and page.data and known.issuperset(page.ids)):
            return Crawl(pages, response)
        pages.append(page)
        if not page.data or page.response.pool.nearly_full or model_id(page.data[-1]) is None:
            break
        known.update(page.ids)
        window["after_id"] = page.ids[-1]
    return Crawl(pages, None)


def read_from(
    starts: Iterable[dict[str, Any]], ask: Ask, most: int, plainest: Page | None
) -> Crawl:
    """The list from the first start that leads to pages, or from the plainest page if it has more models."""
    readings = (crawl(ask, start, most) for start in starts)
    found = next((reading for reading in readings if reading.pages), Crawl([], None))
    longer = plainest is not None and len(set(plainest.ids)) > length(found)
    return crawl(ask, {}, most) if longer else found


def cost_of_more(responses: Iterable[Response], ids: Sequence[str], *, backward: bool) -> str:
    """What clients do at the end of a list that says there that more models follow."""
    name, end = ("before_id", ids[:1]) if backward else ("after_id", ids[-1:])
    beyond = [response for response in responses if [response.request.value(name)] == end]
    pages = [page for response in beyond if (page := page_of(response))]
    if any(page.data and page.has_more is True for page in pages):
        return "a walk never ends: the request beyond the last model gets models again"
    refused = next((response for response in beyond if not response.ok), None)
    got = f"which gets {refused.status_text}" if refused else "for an empty page"
    return f"clients send 1 more request at the end of each walk, {got}"


def each_once(pages: Sequence[Page]) -> list[Occurrence]:
    """The models of the pages where they were met first."""
    met: dict[str, Occurrence] = {}
    for page in pages:
        for found, occurrence in zip(page.ids, page.occurrences, strict=True):
            met.setdefault(found, occurrence)
    return list(met.values())
