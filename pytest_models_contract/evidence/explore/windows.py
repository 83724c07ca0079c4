"""What an exploration asks for: a window of the list, or a single model, by places in the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Cursor: TypeAlias = Literal["", "after_id", "before_id"]
CURSORS: tuple[Cursor, ...] = ("", "after_id", "before_id")


class Window(NamedTuple):
    """A page to ask for: which cursor is sent, the place of its model in the catalogue, the limit.

    Places count from 0. Without a cursor the place is 0; a limit of None is not sent.
    """

    cursor: Cursor
    place: int
    limit: int | None

    def left(self, count: int) -> int:
        """How many of `count` models there are beyond the cursor, in the direction asked for."""
        if self.cursor == "before_id":
            return self.place
        return count - 1 - self.place if self.cursor else count


class Single(NamedTuple):
    """A model to ask for alone, by its place in the catalogue."""

    place: int


Target: TypeAlias = Window | Single
Step: TypeAlias = tuple[Target, ...]
"""Requests that are sent one after the other, in this order."""
Symptoms: TypeAlias = tuple[str, ...]
"""What is wrong with a response, in words, the most telling first; empty when nothing is."""


@dataclass(frozen=True)
class Space:
    """What can be asked for: `size` models, limits up to `maximum`, `default` where none is sent.

    `special` are places whose ids or dates are unlike others, `known` what the suite asks anyway.
    """

    size: int
    default: int
    maximum: int
    special: Sequence[int] = ()
    known: Collection[Target] = ()

    def page(self, window: Window) -> range:
        """The places of the models that the page must hold."""
        size = min(window.limit or self.default, window.left(self.size))
        place = window.place
        start = {"": 0, "after_id": place + 1, "before_id": place - size}[window.cursor]
        return range(start, start + size)

    def has_more(self, window: Window) -> bool:
        """Whether models follow the page in its direction."""
        page = self.page(window)
        return page.start > 0 if window.cursor == "before_id" else page.stop < self.size

    def is_cut(self, target: Target) -> bool:
        """Whether the end of the list cuts the page short."""
        return isinstance(target, Window) and len(self.page(target)) < (
            target.limit or self.default
        )

    def end(self, window: Window) -> int:
        """How many models precede the page's far end, in the order of the catalogue."""
        page = self.page(window)
        return page.start if window.cursor == "before_id" else page.stop


def has_place(target: Target) -> bool:
    """Whether a model is named in the request."""
    return isinstance(target, Single) or bool(target.cursor)


def opposite(cursor: Cursor) -> Cursor:
    """The cursor that leads the other way."""
    return "before_id" if cursor == "after_id" else "after_id"
