"""The two worked examples of CONTRIBUTING.md, applied to a copy of the project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from documented import ROOT, Section, sections

PACKAGE = "pytest_models_contract"
WORKED = {section.heading: section for section in sections(ROOT / "CONTRIBUTING.md")}
FAULTY_APP = """
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS

app = Fake(faults=[FAULTS["one_name_for_all"]])
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project, with the layout of the wheel."""
    package = tmp_path / PACKAGE
    shutil.copytree(ROOT / PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("schemas", "cassettes"):
        shutil.copytree(ROOT / name, package / name)
    return tmp_path


def apply(section: Section, checkout: Path) -> None:
    """Write the files of the section into the copy."""
    for name, text in section.files.items():
        path = checkout / PACKAGE / name.removeprefix(f"{PACKAGE}/")
        if path.suffix == ".json":
            path.write_text(json.dumps(merged(json.loads(path.read_text()), json.loads(text))))
        else:
            path.write_text(f"{path.read_text()}\n\n{text}")


def merged(known: Any, more: Any) -> Any:
    if isinstance(known, dict):
        return known | {key: merged(known.get(key), value) for key, value in more.items()}
    return [*known, *more] if isinstance(known, list) else more


def run(checkout: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    """The checks of a run of the copy, by id."""
    done = subprocess.run(  # noqa: S603 - pytest, on our copy
        [
            *(sys.executable, "-m", "pytest", "-p", PACKAGE, "--models-contract"),
            *("--models-report", "report.json", *arguments),
        ],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    report = json.loads((checkout / "report.json").read_text())
    return {check["id"]: check for check in report["checks"]}


def violated(checks: dict[str, dict[str, Any]]) -> list[str]:
    """The violated checks without advice: a fake without a key lets everybody in."""
    return [
        name
        for name, check in checks.items()
        if (check["verdict"], check["level"]) == ("violated", "must")
    ]


@pytest.mark.slow
def test_a_check_is_added_as_shown(checkout: Path) -> None:
    apply(WORKED["Add a check"], checkout)
    (checkout / "faulty.py").write_text(FAULTY_APP)
    conformant = run(checkout, f"--models-app={PACKAGE}.fake:Fake")
    assert conformant["model_list/names_are_unique"]["evidence"] == "27 models"
    assert violated(conformant) == []
    assert violated(run(checkout, "--models-app=faulty:app")) == ["model_list/names_are_unique"]


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["envelope_is[data-of-ids]", "every_model[display_name-absent]"])
def test_the_check_ignores_models_without_a_name(checkout: Path, fault: str) -> None:
    apply(WORKED["Add a check"], checkout)
    (checkout / "faulty.py").write_text(FAULTY_APP.replace("one_name_for_all", fault))
    found = run(checkout, "--models-app=faulty:app")
    assert found["model_list/names_are_unique"]["verdict"] == "holds"


@pytest.mark.slow
def test_an_older_revision_has_no_such_check(checkout: Path) -> None:
    apply(WORKED["Add a check"], checkout)
    older = run(checkout, f"--models-app={PACKAGE}.fake:Fake", "--models-revision=2024-12-17")
    assert "model_list/names_are_unique" not in older


@pytest.mark.slow
def test_a_revision_is_added_as_shown(checkout: Path) -> None:
    schemas = checkout / PACKAGE / "schemas"
    newest = max(path.name for path in schemas.glob("20*"))
    shutil.copytree(schemas / newest, schemas / "2027-01-15")
    apply(WORKED["Add a revision"], checkout)
    (checkout / "app.py").write_text(
        f"from {PACKAGE}.fake import Fake\n\napp = Fake(revision='{newest}')\n"
    )
    checks = run(checkout, "--models-app=app:app", "--models-revision=2027-01-15")
    assert violated(checks) == ["model_info/family"]
    assert "model_info/family" not in run(checkout, "--models-app=app:app")


@pytest.mark.parametrize("name", ["SINCE", "catalogue.json"])
def test_the_places_for_the_fake_exist(name: str) -> None:
    code = (ROOT / PACKAGE / "fake" / "catalogue.py").read_text()
    assert name in code
