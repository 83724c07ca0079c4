"""The contents of the documents, read from their Markdown: files, commands, options, fixtures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
URLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
REPOSITORY = URLS["Repository"]
FENCE = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r'title="([^"]+)"')
INLINE = re.compile(r"`((?:pytest|python|pip|nox|pre-commit|twine) [^`]+)`")
SHELL = {"console", "sh", "bash", "shell"}


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it is to be saved as (or ""), its text."""

    language: str
    title: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The commands of a shell block; in a console those after a `$`, the rest is output."""
        if self.language not in SHELL:
            return []
        lines = self.text.replace("\\\n", " ").splitlines()
        if self.language == "console":
            return [line[2:].strip() for line in lines if line.startswith("$ ")]
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@dataclass
class Section:
    """A section of a document: its blocks and inline commands, and the blocks that all sections share."""

    document: str
    heading: str
    blocks: list[Block] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    shared: list[Block] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.document}: {self.heading}" if self.heading else self.document

    @property
    def files(self) -> dict[str, str]:
        """The files to save before the commands are run."""
        return {block.title: block.text for block in (*self.shared, *self.blocks) if block.title}

    @property
    def commands(self) -> list[str]:
        """The commands to run, in order."""
        return [*(command for block in self.blocks for command in block.commands), *self.inline]


def documents() -> list[Path]:
    """The documents that users and contributors read."""
    own = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
    return [*own, *sorted((ROOT / "docs").rglob("*.md"))]


def sections(path: Path) -> list[Section]:
    """The sections of a document; the first one is the text before any `##` heading."""
    name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    found = [_section(name, heading, body) for heading, body in _split(text)]
    for section in found[1:]:
        section.shared = found[0].blocks
    return found


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a document, in order."""
    return list(_blocks(path.read_text(encoding="utf-8")))


def all_sections() -> list[Section]:
    """The sections of all documents."""
    return [section for path in documents() for section in sections(path)]


def _section(document: str, heading: str, body: str) -> Section:
    inline = INLINE.findall(FENCE.sub("", body))
    return Section(document, heading, list(_blocks(body)), inline)


def _split(text: str) -> list[tuple[str, str]]:
    fences = FENCE.findall(text)
    hidden = FENCE.sub(lambda _: "\0", text)
    parts = re.split(r"^## (.+)$", hidden, flags=re.MULTILINE)
    whole = iter(f"```{language}{info}\n{body}```" for language, info, body in fences)
    shown = [re.sub("\0", lambda _: next(whole), part) for part in parts]
    return [("", shown[0]), *zip(shown[1::2], shown[2::2], strict=True)]


def _blocks(text: str) -> Iterator[Block]:
    for language, info, body in FENCE.findall(text):
        title = TITLE.search(info)
        yield Block(language, title[1] if title else "", body)
