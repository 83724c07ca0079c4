"""A typed project that uses the fixtures: it runs, and two type checkers find no error."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from documented import ROOT

SAMPLE = ROOT / "tests" / "typed_use"
WRONG = """

def test_wrong(models_fake: FakeServer, models_catalogue: Catalogue, models_api: ModelsAPI) -> None:
    models_fake.serve('three')
    models_catalogue[0]['name']
    models_catalogue[1:][0]['Id']
    models_api.page().envelope['more']
    models_api.page().data[0]['typ']
    models_api.model('one')['created']
"""


def mypy(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=cache"]
    return checked(command, folder)


def pyright(folder: Path) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("pyright", reason="pyright is not installed; `nox -s types` installs it")
    config = {"typeCheckingMode": "strict", "extraPaths": [str(ROOT)], "include": ["."]}
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    return checked([sys.executable, "-m", "pyright", "--pythonpath", sys.executable], folder)


def checked(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    files = [] if "pyright" in command else ["conftest.py", "check_use.py"]
    return subprocess.run(  # noqa: S603 - a type checker on our sample
        [*command, *files],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    for path in SAMPLE.glob("*.py"):
        (tmp_path / path.name).write_text(path.read_text())
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("checker", [mypy, pyright])
def test_the_type_checker_finds_no_error(
    sample: Path, checker: Callable[[Path], subprocess.CompletedProcess[str]]
) -> None:
    assert "type: ignore" not in "".join(path.read_text() for path in sample.glob("*.py"))
    done = checker(sample)
    assert done.returncode == 0, done.stdout + done.stderr
    with (sample / "check_use.py").open("a") as file:
        file.write(WRONG)
    done = checker(sample)
    assert done.returncode == 1
    for wrong in ("serve", "name", "Id", "more", "typ", "created"):
        # pyright explains some errors on a second line.
        assert re.search(rf"error: .*(\n\s+.*)?\b{wrong}\b", done.stdout), wrong


@pytest.mark.slow
def test_the_sample_runs(sample: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "pytest_models_contract", "-Werror", "check_use.py"],
        cwd=sample,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    assert pytest.RunResult.parse_summary_nouns(done.stdout.splitlines())["passed"] == 5
