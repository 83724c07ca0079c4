"""`docs/architecture.md` shows the rooms that exist."""

from __future__ import annotations

import re
import tomllib

from documented import ROOT

PACKAGE = ROOT / "pytest_models_contract"
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LAYERS = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
ARROWS = re.findall(r"^ +(\w+)(?:\[[^\]]*\])? --> (\w+)", TEXT, re.MULTILINE)


def test_the_graph_shows_the_layers() -> None:
    assert {room for arrow in ARROWS for room in arrow} == set(LAYERS)


def test_the_layers_are_the_folders() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {*folders, "plugin"} == set(LAYERS)


def test_the_arrows_go_down() -> None:
    assert [arrow for arrow in ARROWS if LAYERS.index(arrow[0]) >= LAYERS.index(arrow[1])] == []


def test_every_path_exists() -> None:
    paths = re.findall(r"`((?:\w+/)+[\w.]*)`", TEXT)
    known = [*(ROOT / name for name in ("", "tests")), PACKAGE]
    assert paths
    assert [path for path in paths if not any((folder / path).exists() for folder in known)] == []


def test_the_page_is_short() -> None:
    assert len(TEXT.splitlines()) < 70
