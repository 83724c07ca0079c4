"""Chromium, driven by Playwright, for the tests of pages; it is skipped where something is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
"""The browser that shows the pages, empty where there is none."""
_QUIET = (
    *("--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
_MISSING = [
    *([] if CHROMIUM else ["Chromium (apt-get install chromium)"]),
    *(
        f"{name} (pip install {name.replace('_', '-')})"
        for name in ("playwright", "axe_playwright_python")
        if find_spec(name) is None
    ),
]
IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}"),
]
"""The marks of a module whose tests need a browser."""
Visit = Callable[..., Any]


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser, while the block runs."""
    from playwright.sync_api import sync_playwright

    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_QUIET, *root])
        yield opened
        opened.close()


@contextmanager
def quiet_visits(browser: Any) -> Iterator[Visit]:
    """Opens files, each in a context of its own; their pages may log nothing and load nothing."""
    said: list[str] = []
    contexts = []

    def visit(path: Path, width: int = 1280, **how: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **how)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url))
        page.goto(path.as_uri())
        assert said == [path.as_uri()]
        said.clear()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert said == []


def axe(page: Any) -> str:
    """What axe-core finds on the page, as a report; empty if it finds nothing."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    return str(found.generate_report()) if found.violations_count else ""
