"""The pages of some runs, and Chromium to show them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from contracting import CONFORMANT_APP, LOADED
from webpage_servers import CHROMIUM, FAULTY, HOSTILE, KEY

QUIET = (
    *("--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
RUNS = {
    "conformant": CONFORMANT_APP,
    "broken": "faulty:broken",
    "hostile": "hostile:app",
    "cursor-ignored": "faulty:cursor_ignored",
    "wrong-end": "faulty:wrong_end",
    "first-page-only": "faulty:first_page_only",
}
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of each run, written by pytest as a user runs it."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "faulty.py").write_text(FAULTY)
    (folder / "hostile.py").write_text(HOSTILE)
    path = os.pathsep.join([str(folder), str(Path(__file__).parents[1])])
    for name, app in RUNS.items():
        environment = {**os.environ, "PYTHONPATH": path}
        if name == "hostile":
            environment["MODELS_CONTRACT_API_KEY"] = KEY
        options = ["--models-contract", "--models-app", app, "--models-report", f"{name}.html"]
        command = [sys.executable, "-m", "pytest", "-q", *LOADED, *options]
        subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)  # noqa: S603
    return {name: folder / f"{name}.html" for name in RUNS}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *root])
        yield opened
        opened.close()


@pytest.fixture
def show(browser: Any, pages: dict[str, Path]) -> Iterator[Open]:
    """Opens the page of a run in a context of its own; it may log nothing and load nothing."""
    said: list[str] = []
    contexts = []

    def opened(name: str, width: int = 1280, **how: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **how)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url))
        page.goto(pages[name].as_uri())
        assert said == [pages[name].as_uri()]
        said.clear()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []
