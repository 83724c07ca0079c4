"""The picture in the README, from a real run: `python tests/draw_picture.py CHROMIUM docs/report.png`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

FAULT = "before_gives_the_first_models[always]"
WIDTH, HEIGHT = 1180, 1340
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update")
APP = f"""\
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS

app = Fake(key="sk-the-key-of-the-picture", faults=[FAULTS[{FAULT!r}]])
"""


def report(folder: Path) -> Path:
    """The HTML report of a run on a fake with one fault."""
    (folder / "gateway.py").write_text(APP)
    command = [sys.executable, "-m", "pytest_models_contract", "check", "gateway:app"]
    environment = {**os.environ, "MODELS_CONTRACT_API_KEY": "sk-the-key-of-the-picture"}
    subprocess.run(  # noqa: S603 - our own command
        [*command, "--report", "report.html"], cwd=folder, env=environment, check=False
    )
    return folder / "report.html"


def draw(page: Path, chromium: str, picture: str) -> None:
    """A picture of the beginning of the page."""
    from playwright.sync_api import sync_playwright

    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET, *root])
        shown = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        shown.goto(page.as_uri())
        shown.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        draw(report(Path(folder)), *sys.argv[1:])
