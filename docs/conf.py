"""The documentation site, which `nox -s docs` builds; its pages are plain Markdown, as GitHub shows it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

DOCS = Path(__file__).parent
ROOT = DOCS.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REPOSITORY = PROJECT["urls"]["Repository"]
# The pages of each part, in the order of the menu.
PARTS = {
    "Tutorials": ["tutorials/gateway", "tutorials/client", "tutorials/recording"],
    "How to": ["command", "ci", "proxies", "in-process", "clients", "known-deviations", "explore"],
    "Reference": [
        *("server", "options", "verdicts", "contract"),
        *("fixtures", "faults", "report", "servers"),
    ],
    "Explanation": ["levels", "revisions", "soundness", "both-sides", "compatibility"],
}
CAPTION = re.compile(r'^```(\w+) title="(.+?)"$', re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)(?P<path>[^)#]+)(?P<anchor>#[^)]*)?\)")

project = PROJECT["name"]
html_title = project
extensions = ["myst_parser"]
# These pages are for contributors, who read them in the repository.
exclude_patterns = ["architecture.md", "decisions.md", "releasing.md"]
myst_heading_anchors = 4
html_theme = "furo"
html_baseurl = PROJECT["urls"]["Documentation"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "source_repository": REPOSITORY,
    "source_branch": "main",
    "source_directory": "docs/",
}
nitpicky = True


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", for_the_site)


def for_the_site(_: Sphinx, name: str, content: list[str]) -> None:
    """Turn the Markdown of GitHub into that of the site: the menu, captions, links to other folders."""
    text = CAPTION.sub(r"```{code-block} \1\n:caption: \2", content[0])
    text = LINK.sub(lambda link: _link(link, (DOCS / name).parent), text)
    content[0] = text + ("".join(_menu()) if name == "index" else "")


def _menu() -> Iterator[str]:
    for title, pages in PARTS.items():
        yield "\n".join(
            ["", "```{toctree}", ":hidden:", f":caption: {title}", "", *pages, "```", ""]
        )


def _link(link: re.Match[str], folder: Path) -> str:
    """A link as it is, or to the repository if its page is not one of the site."""
    path = (folder / link["path"]).resolve()
    if path.is_relative_to(DOCS) and path.name not in exclude_patterns:
        return link[0]
    return f"]({REPOSITORY}/blob/main/{path.relative_to(ROOT).as_posix()}{link['anchor'] or ''})"
