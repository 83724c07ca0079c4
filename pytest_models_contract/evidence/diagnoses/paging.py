"""Wrong pages: where the server reads cursors, counts models or says `has_more` otherwise than it should."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pytest_models_contract.client.exchange import Finding, Request, page_of
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import (
    ENDS,
    EXPLORED_ENVELOPES,
    EXPLORED_PAGES,
    MORE,
    PAGES,
    REFUSALS,
    SIZES,
    STARTS,
    UNDOES,
    VARIANTS,
    WALKS,
)
from pytest_models_contract.evidence.diagnoses.has_more import wrong_has_more
from pytest_models_contract.evidence.diagnoses.observed import Observed, either, once, walk_of
from pytest_models_contract.evidence.diagnoses.page_sizes import wrong_sizes
from pytest_models_contract.evidence.diagnoses.page_starts import Wrong, wrong_starts
from pytest_models_contract.evidence.diagnoses.scope import left_of
from pytest_models_contract.evidence.diagnoses.turned_pages import turned_back
from pytest_models_contract.evidence.diagnoses.windows import windows

ASPECTS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    SIZES: ("size", "start"),
    STARTS: ("start",),
    ENDS: ("start", "more"),
    MORE: ("more", "start", "size"),
    VARIANTS: ("start", "size", "more"),
    EXPLORED_PAGES: ("start", "size"),
    EXPLORED_ENVELOPES: ("more",),
}
"""What of a page a check looks at: the first of these that is wrong is what the check finds."""

TELLING = {"start": STARTS, "size": SIZES, "more": MORE}
"""The checks that look at such an aspect alone."""


@dataclass
class Blame:
    """Which cause made which page wrong, and in what: where it starts, its size, or `has_more`."""

    by_page: dict[Request, dict[str, str]] = field(default_factory=dict)

    def lay(self, aspect: str, wrong: Wrong) -> None:
        """Blame the cause for this aspect of its pages."""
        for window in wrong.pages:
            self.by_page.setdefault(once(window.response.request), {})[aspect] = wrong.name

    def reaches(self, cause: str, check: str, finding: Finding) -> bool:
        """Whether the finding of a check may follow from the cause."""
        return cause in self.causes(check, finding)

    def causes(self, check: str, finding: Finding) -> set[str]:
        """The causes of what a check found."""
        asked = once(finding.response.request)
        own = self.by_page.get(asked, {})
        for checks, aspects in ASPECTS.items():
            if check.startswith(checks):
                return set([own[aspect] for aspect in aspects if aspect in own][:1])
        if check.startswith(UNDOES):
            return set(own.values()) or self._of_size(asked)
        if not check.startswith(WALKS):
            return set()
        if asked.value("after_id") is not None and asked.value("before_id") is not None:
            starts = {each["start"] for each in self.by_page.values() if "start" in each}
            return self._of_size(asked) or starts
        return set(own.values()) | self._beside(asked)

    def _beside(self, asked: Request) -> set[str]:
        """The causes of the wrong pages of the walk that the page is part of."""
        return {
            cause
            for other, causes in self.by_page.items()
            if walk_of(other) == walk_of(asked)
            for cause in causes.values()
        }

    def _of_size(self, asked: Request) -> set[str]:
        """The causes of the wrong pages of the same size, in either direction."""
        return {
            cause
            for other, causes in self.by_page.items()
            if other.variant == asked.variant and other.value("limit") == asked.value("limit")
            for cause in causes.values()
        }


def paging(seen: Observed) -> Iterator[Cause]:
    """The causes of wrong pages: cursors first, then sizes as cursors are read, then `has_more`."""
    if not seen.crawl or not seen.is_violated(*PAGES, *VARIANTS):
        return
    found = wrong_pages(turned_back(seen) or seen)
    blame = blamed(found)
    for aspect, wrong in found:
        follows = either(partial(blame.reaches, wrong.name), partial(_serves, wrong, seen))
        yield Cause(wrong.name, wrong.title, follows, wrong.hint, TELLING[aspect])


def wrong_pages(seen: Observed) -> list[tuple[str, Wrong]]:
    """What is wrong with pages, each with the aspect in which it is."""
    pages = windows(seen)
    stretches = {once(own.response.request): own.right(seen) for own in pages}
    found: list[tuple[str, Wrong]] = []
    for wrong, read in wrong_starts(pages, seen):
        stretches.update(read)
        found.append(("start", wrong))
    found += [("size", wrong) for wrong in wrong_sizes(pages, stretches, seen)]
    found += [("more", wrong) for wrong in wrong_has_more(pages, stretches, seen)]
    return found


def blamed(found: Sequence[tuple[str, Wrong]]) -> Blame:
    """Which of the causes made which page wrong."""
    blame = Blame()
    for aspect, wrong in found:
        blame.lay(aspect, wrong)
    return blame


def _serves(wrong: Wrong, seen: Observed, check: str, finding: Finding) -> bool:
    """Whether a page comes of the cause though its limit is illegal."""
    limit, page = finding.response.request.value("limit"), page_of(finding.response)
    if not check.startswith(REFUSALS) or limit is None or page is None or wrong.serves is None:
        return False
    return wrong.serves(limit, left_of(finding.response, seen)) == len(page)
