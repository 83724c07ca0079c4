"""The documentation site is built strictly, and loads nothing from elsewhere; `nox -s docs` runs this."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from documented import ROOT

from pytest_models_contract import DOCUMENTATION
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.checks import of_revision

pytestmark = pytest.mark.slow
DOCS = ROOT / "docs"


class Page(HTMLParser):
    """The anchors of a page, and the addresses that a browser loads to show it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.loaded: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.anchors.add(found.get("id") or "")
        if tag == "link" and found.get("rel") in {"canonical", "search", "next", "prev", "index"}:
            return
        address = found.get("href" if tag == "link" else "src")
        if address and tag != "a":
            self.loaded.append(address)


def build(docs: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build the site as `nox -s docs` does."""
    pytest.importorskip("sphinx")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", str(docs), str(site)]
    return subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - Sphinx, on our pages


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """Every page of the site, by its address within it."""
    site = tmp_path_factory.mktemp("site")
    done = build(DOCS, site)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.relative_to(site).as_posix(): Page(path) for path in site.rglob("*.html")}


def missing(links: list[str], pages: dict[str, Page]) -> list[str]:
    """Those links to the site whose page or anchor does not exist."""
    parts = [link.removeprefix(DOCUMENTATION).partition("#") for link in links]
    return [
        f"{page}#{anchor}"
        for page, _, anchor in parts
        if (page or "index.html") not in pages
        or anchor not in pages[page or "index.html"].anchors | {""}
    ]


def test_every_link_of_a_message_leads_to_its_check(pages: dict[str, Page]) -> None:
    links = [
        facts.heading for name in Revision.known() for facts in of_revision(Revision.load(name))
    ]
    assert len(links) > len(pages)
    assert missing(links, pages) == []
    assert missing([f"{links[0]}x", f"{DOCUMENTATION}none.html"], pages)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"])
def test_every_link_of_the_repository_has_its_page(name: str, pages: dict[str, Page]) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert missing(re.findall(rf"{re.escape(DOCUMENTATION)}[^)\s]*", text), pages) == []


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, Page]) -> None:
    loaded = [address for page in pages.values() for address in page.loaded]
    assert len(loaded) > len(pages)
    assert [address for address in loaded if re.match(r"(https?:)?//", address)] == []


@pytest.mark.parametrize("link", ["[x](verdicts.md#no-such-heading)", "[x](no-such-page.md)"])
def test_a_broken_link_is_an_error(link: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    docs = tmp_path / "docs"
    shutil.copytree(
        DOCS, docs, ignore=shutil.ignore_patterns("contract.md", "faults.md", "servers.md")
    )
    for name in ("contract", "faults", "servers"):
        (docs / f"{name}.md").write_text(f"# {name}\n")
    (docs / "levels.md").write_text(f"# Levels\n\n{link}\n")
    done = build(docs, tmp_path / "site")
    assert done.returncode != 0
    assert "levels.md:3" in done.stderr
