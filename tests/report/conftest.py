"""The pages of some runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from browsing import Visit
from contracting import CONFORMANT_APP, LOADED
from webpage_servers import FAULTY, HOSTILE, KEY

RUNS = {
    "conformant": CONFORMANT_APP,
    "broken": "faulty:broken",
    "hostile": "hostile:app",
    "cursor-ignored": "faulty:cursor_ignored",
    "wrong-end": "faulty:wrong_end",
    "first-page-only": "faulty:first_page_only",
}


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


@pytest.fixture
def show(visit: Visit, pages: dict[str, Path]) -> Visit:
    """Opens the page of a run."""
    return lambda name, *width, **how: visit(pages[name], *width, **how)
