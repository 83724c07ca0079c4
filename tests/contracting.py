"""Run the contract on an application inside a test, as a user does."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import pytest_models_contract

LOADED = ("-p", "pytest_models_contract")
# Pytester removes the modules that a run inside it imported first, but their packages keep them:
# two copies of a class would exist.
for _found in walk_packages(pytest_models_contract.__path__, "pytest_models_contract."):
    import_module(_found.name)
CONFORMANT_APP = "pytest_models_contract.fake:Fake"


def contract(
    pytester: pytest.Pytester, *arguments: str, app: str = CONFORMANT_APP, process: bool = False
) -> pytest.RunResult:
    """The run of the suite on an application; `process` gives it one of its own."""
    run = pytester.runpytest_subprocess if process else pytester.runpytest_inprocess
    target = ("--models-app", app) if app else ()
    # In this process the plugin is imported already, and pytest would warn about it.
    quiet = () if process else ("-W", "ignore::pytest.PytestAssertRewriteWarning")
    return run(*LOADED, "--models-contract", *target, *quiet, *arguments)


def faulty_app(pytester: pytest.Pytester, *faults: str, **arguments: Any) -> str:
    """The address of a fake with these faults."""
    # A unique name: a module that an earlier test imported must not replace it.
    name = f"faulty_{re.sub(r'[^a-z0-9]', '_', pytester.path.name.lower())}"
    text = f"""
        from pytest_models_contract.fake import Fake
        from pytest_models_contract.fake.faults import FAULTS

        app = Fake(faults=[FAULTS[name] for name in {faults!r}], **{arguments!r})
        """
    pytester.makepyfile(**{name: text})
    return f"{name}:app"


def reported(pytester: pytest.Pytester, name: str = "report.json") -> dict[str, Any]:
    """The report that a run has left."""
    found: dict[str, Any] = json.loads((pytester.path / name).read_text("utf-8"))
    return found


def verdicts(pytester: pytest.Pytester, name: str = "report.json") -> dict[str, str]:
    """The verdict of each check of a report."""
    return {check["id"]: check["verdict"] for check in reported(pytester, name)["checks"]}


def has_closing_lines(result: pytest.RunResult) -> bool:
    """Whether the contract has its closing lines. After its name the header of the run has a colon."""
    named = [line for line in result.stdout.lines if "models contract" in line]
    return any("models contract: " not in line for line in named)


def without_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the variables of the machine that a run would read."""
    for name in (
        "MODELS_CONTRACT_BASE_URL",
        "MODELS_CONTRACT_API_KEY",
        "MODELS_CONTRACT_SECOND_KEY",
        "MODELS_CONTRACT_UPSTREAM_KEY",
        "ANTHROPIC_API_KEY",
        "GITHUB_ACTIONS",
        "PYTEST_ADDOPTS",
    ):
        monkeypatch.delenv(name, raising=False)
