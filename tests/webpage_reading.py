"""Read an HTML report: its elements, its texts, its style and script."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from contracting import contract

BOTH = ("--models-report", "report.html", "--models-report", "report.json")
VOID = {"meta", "input", "br"}


@dataclass
class Element:
    """An element with its attributes, what is in it, and all of its text."""

    tag: str
    attributes: dict[str, str]
    inside: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, tag: str, kind: str = "") -> list[Element]:
        """The elements inside with this tag, or with any for `*`, and with this class."""
        found = [
            each
            for each in self.inside
            if tag in ("*", each.tag) and (not kind or kind in each.classes)
        ]
        return [*found, *(deep for each in self.inside for deep in each.all(tag, kind))]

    def by_id(self, name: str) -> Element:
        [found] = [each for each in self.all("*") if each.attributes.get("id") == name]
        return found


class _Reader(HTMLParser):
    """Cells and rows may lack their end tags, as HTML allows."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th", "tr"):
            ended = ("td", "th") if tag != "tr" else ("td", "th", "tr")
            while self.open[-1].tag in ended:
                self.open.pop()
        made = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].inside.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].inside.append(made)

    def handle_endtag(self, tag: str) -> None:
        while self.open.pop().tag != tag:
            pass

    def handle_data(self, text: str) -> None:
        for each in self.open:
            each.texts.append(text)


def read(page: str | Path) -> Element:
    """The page, from its text or its file."""
    reader = _Reader()
    reader.feed(page.read_text("utf-8") if isinstance(page, Path) else page)
    return reader.root


def rows(page: Element) -> list[Element]:
    """The rows of the page map."""
    return page.by_id("pages").all("li", "row")


def row(page: Element, asked: str) -> Element:
    """The first row of the page map with these parameters."""
    return next(each for each in rows(page) if each.all("code", "asked")[0].text == asked)


def drawn(found: Element, kind: str, size: int) -> list[tuple[int, int]]:
    """What is drawn of this kind in a row: the first and the last position of each, from 1."""
    places = []
    for rect in found.all("rect", kind):
        x, width = (float(rect.attributes[name].rstrip("%")) for name in ("x", "width"))
        first = round(x * size / 100)
        places.append((first + 1, first + round(width * size / 100)))
    return places


def written(pytester: pytest.Pytester, *arguments: str, app: str) -> Element:
    """The page that a run writes."""
    contract(pytester, *BOTH, *arguments, app=app)
    return read(pytester.path / "report.html")
