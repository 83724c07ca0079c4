"""What is written for one option: on the command line, or under its ini option."""

from __future__ import annotations

import os
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

YES = {"1", "yes", "true", "on"}


def flag(name: str) -> str:
    """The option as it is typed."""
    return "--" + name.replace("_", "-")


def value(config: pytest.Config, name: str) -> str | None:
    """The value of an option: that of the command line, else that of its ini option."""
    found = given(config, name)
    return in_ini(config, name) if found is None else found


def given(config: pytest.Config, name: str) -> str | None:
    """The value on the command line. Raises `pytest.UsageError` when it is empty."""
    found = config.getoption(name)
    if found is None:
        return None
    if not found.strip():
        raise pytest.UsageError(f"{flag(name)} is empty: give a value, or leave it out")
    return str(found)


def in_ini(config: pytest.Config, name: str) -> str | None:
    """The ini option; files are named from the ini file's folder, not from where pytest is started."""
    found = ini_as_is(config, name)
    if found in (None, ""):
        return None
    is_file = name == "models_xfails" or (name == "models_cassette" and found != "reference")
    if is_file and config.inipath:
        return str(os.path.relpath(config.inipath.parent / found))
    return str(found)


def ini_folder(config: pytest.Config) -> Path:
    """Where the ini file is; the current folder where there is none."""
    return config.inipath.parent if config.inipath else Path.cwd()


def ini_as_is(config: pytest.Config, name: str) -> Any:
    """What pytest makes of the ini option. Raises `pytest.UsageError` when it cannot be read.

    In `[tool.pytest]` pytest 9 wants one type for each option; any scalar that can be meant is taken.
    """
    try:
        return config.getini(name)
    except (TypeError, ValueError, pytest.UsageError) as error:
        found = _in_toml(config, name)
        if isinstance(found, str | int | float | date) and not isinstance(found, bool):
            return str(found)
        raise pytest.UsageError(f"{name} in the ini file: {error}") from None


def _in_toml(config: pytest.Config, name: str) -> Any:
    """The value in `[tool.pytest]` of pyproject.toml, or in `[pytest]` of pytest.toml, if any."""
    if config.inipath is None or config.inipath.suffix != ".toml":
        return None
    tables = tomllib.loads(config.inipath.read_text(encoding="utf-8"))
    return {**tables.get("tool", {}).get("pytest", {}), **tables.get("pytest", {})}.get(name)


def switch(config: pytest.Config, name: str) -> bool:
    """Whether an option without a value is given."""
    found = config.getoption(name) or ini_as_is(config, name)
    return found.lower() in YES if isinstance(found, str) else bool(found)


def listed(config: pytest.Config, name: str) -> list[str]:
    """Those of the ini file and then those of the command line, which win where both name one."""
    found = ini_as_is(config, name)
    lines = found.splitlines() if isinstance(found, str) else found
    return [*filter(None, map(str.strip, lines)), *config.getoption(name)]


def has_workers(config: pytest.Config) -> bool:
    """Whether pytest-xdist is asked to run the checks in processes of its own."""
    return bool(config.getoption("numprocesses", None) or config.getoption("tx", None))
