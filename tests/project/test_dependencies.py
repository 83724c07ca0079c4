"""The versions of what the project needs: pinned for its own tests, with minimums for users."""

from __future__ import annotations

import re
import tomllib

import pytest
from documented import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TEXT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = TEXT["project"]
USERS = [
    *PROJECT["dependencies"],
    *(one for own in PROJECT["optional-dependencies"].values() for one in own),
]
OURS = [one for group in TEXT["dependency-groups"].values() for one in group]
PINS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("text", [*USERS, *OURS])
def test_each_requirement_is_pinned_within_its_bounds(text: str) -> None:
    wanted = Requirement(text)
    pins = [pin for pin in PINS if pin.name == canonicalize_name(wanted.name)]
    versions = [next(iter(pin.specifier)).version for pin in pins]
    assert versions
    assert [version for version in versions if version not in wanted.specifier] == []


@pytest.mark.parametrize("text", USERS)
def test_each_requirement_of_users_has_a_minimum(text: str) -> None:
    assert ">=" in {found.operator for found in Requirement(text).specifier}


def test_constraints_are_names_and_versions_alone() -> None:
    assert [str(pin) for pin in PINS if pin.url or pin.extras] == []
    assert [str(pin) for pin in PINS if {one.operator for one in pin.specifier} != {"=="}] == []
    comments = re.findall("^#.*", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    assert not any("/" in comment for comment in comments)


def test_a_version_is_pinned_for_each_system() -> None:
    marked = {str(pin.marker) for pin in PINS if pin.marker}
    assert 'sys_platform == "win32"' in marked
