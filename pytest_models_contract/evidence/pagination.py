"""How a list is read: models where they were met, walks as clients follow them, and the crawl."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from pytest_models_contract.client.exchange import Page, Response, model_id, page_of
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.spec import rfc3339

MOST_PAGES = 128
NEAR = 5.0
"""How far from now a date may be to look like the clock, in seconds."""
Ask = Callable[..., Response | None]
T = TypeVar("T")
Step = tuple[int | None, str | None, bool]


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
        """The ids the walk met, newest first, whichever way it went."""
        pages = reversed(self.pages) if self.backward else self.pages
        return [found for page in pages for found in page.ids]

    def __str__(self) -> str:
        way = "backward" if self.backward else "forward"
        start = f" from {self.start}" if self.start else ""
        return f"{way}{start} with {f'limit={self.size}' if self.size else 'no limit'}"


def walk(ask: Ask, step: Step, most: int) -> Walk:
    """Follow the pages as a client does, while `has_more` says so, over at most `most` pages."""
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
    """The answers there are. Raises `Unexercised`, naming the first, when a cassette lacks them all."""
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
    """Whether a model was released this very moment, which is rare, or says so whenever it is asked."""
    now = time.time()
    # Few dates are worth a closer look; an offset takes one to the next day at most.
    days = {time.strftime("%Y-%m-%d", time.gmtime(now + day * 86_400)) for day in (-1, 0, 1)}
    dates = (own.get("created_at") for own in models if isinstance(own, dict))
    near = (date for date in dates if isinstance(date, str) and date[:10] in days)
    return any(
        moment is not None and abs(now - moment.second) < NEAR
        for moment in map(rfc3339.instant, near)
    )


class Crawl(NamedTuple):
    """The pages that brought something new, and the answer after them that did not, if there was one."""

    pages: list[Page]
    closing: Response | None


def length(reading: Crawl) -> int:
    return len({found for page in reading.pages for found in page.ids})


def crawl(ask: Ask, start: dict[str, Any]) -> Crawl:
    """Follow the list from `start` until a page brings nothing new, whatever `has_more` says."""
    pages: list[Page] = []
    known: set[str] = set()
    window = dict(start)
    for _ in range(MOST_PAGES):
        response = ask(**window)
        page = page_of(response) if response else None
        if page is None or (pages and page.data and known.issuperset(page.ids)):
            return Crawl(pages, response)
        pages.append(page)
        if not page.data or page.response.pool.crowded or model_id(page.data[-1]) is None:
            break
        known.update(page.ids)
        window["after_id"] = page.ids[-1]
    return Crawl(pages, None)
