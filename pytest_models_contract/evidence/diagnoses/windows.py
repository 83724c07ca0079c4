"""Pages with what was asked for, and the stretch of the catalogue that each should be cut from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pytest_models_contract.client.exchange import Page, Response, page_of
from pytest_models_contract.evidence.diagnoses.observed import Observed, extras
from pytest_models_contract.evidence.unusual import WORKSPACE


class Stretch(NamedTuple):
    """The models that a page is cut from: their first ones, or their last ones.

    `extra` is how many come on top of the size that was asked for.
    """

    ids: Sequence[str]
    from_end: bool = False
    extra: int = 0

    def held(self, size: int) -> int:
        """How many models a page of this size holds."""
        return min(size + self.extra, len(self.ids))

    def cut(self, size: int) -> Sequence[str]:
        """The page of so many models at most."""
        if self.from_end:
            return self.ids[max(0, len(self.ids) - size) :]
        return self.ids[:size]


@dataclass(frozen=True, eq=False)
class Window:
    """A page with what was asked for: the size, and the place of the cursor in the catalogue.

    `size` is None where no `limit` was sent, `place` where there was no cursor.
    """

    page: Page
    size: int | None
    place: int | None

    @property
    def response(self) -> Response:
        return self.page.response

    @property
    def backward(self) -> bool:
        return self.page.backward

    @property
    def cursor(self) -> str:
        """The name of the cursor parameter that was sent, or the empty string."""
        if self.place is None:
            return ""
        return "before_id" if self.backward else "after_id"

    def right(self, seen: Observed) -> Stretch:
        """What the page should be cut from."""
        if self.place is None:
            return Stretch(seen.ids)
        if self.backward:
            return Stretch(seen.ids[: self.place], from_end=True)
        return Stretch(seen.ids[self.place + 1 :])

    def due(self, seen: Observed) -> Sequence[str]:
        """The models that the page should hold."""
        right = self.right(seen)
        return right.cut(right.held(self.size or seen.revision.limit.default))


def windows(seen: Observed) -> list[Window]:
    """The pages that were asked for with a legal limit, and with one listed cursor or none."""
    return [_window(page, seen) for page in seen.pages if asked_rightly(page.response, seen)]


def window_of(response: Response, seen: Observed) -> Window | None:
    """The page of a response that was asked for rightly; None when it is no page."""
    page = page_of(response)
    return _window(page, seen) if page else None


def asked_rightly(response: Response, seen: Observed) -> bool:
    """Whether the request is one that must be answered with a page."""
    after, before, limit = map(response.request.value, ("after_id", "before_id", "limit"))
    cursor = before if after is None else after
    both = after is not None and before is not None
    known = cursor is None or cursor in seen.position
    return not both and known and (limit is None or legal(limit, seen))


def is_usual(response: Response, seen: Observed) -> bool:
    """Whether the headers and the other parameters are such as clients send."""
    variant = response.request.variant
    known = set(variant.betas) <= set(seen.revision.betas) and set(extras(response)) <= {"beta"}
    own = bool(variant.version) and variant.auth in {"key", "other-way"}
    return known and own and not names_workspace(response)


def names_workspace(response: Response) -> bool:
    """Whether the request is for a workspace that the key hardly has."""
    return WORKSPACE in dict(response.request.variant.headers)


def legal(limit: str, seen: Observed) -> bool:
    """Whether the text is a number in the range of `limit`."""
    bounds = seen.revision.limit
    plain = limit.isascii() and limit.isdecimal() and len(limit) < 9
    return plain and bounds.minimum <= int(limit) <= bounds.maximum


def _window(page: Page, seen: Observed) -> Window:
    cursor = page.before_id if page.after_id is None else page.after_id
    return Window(page, page.limit, None if cursor is None else seen.position[cursor])


def is_cut_from(window: Window, stretch: Stretch) -> bool:
    """Whether the page is a part of the stretch at its near end, however long."""
    ids = window.page.ids
    return len(ids) <= len(stretch.ids) and list(stretch.cut(len(ids))) == ids
