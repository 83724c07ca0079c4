"""The main step of the action, run as a job would run it."""

from __future__ import annotations

import re
import sys
from typing import Any

import yaml
from documented import ROOT
from shell import Reader

ACTION = ROOT / "action.yml"


APP = {"myserver/main.py": "from pytest_models_contract.fake import Fake\n\napp = Fake()\n"}


def step(name: str) -> dict[str, Any]:
    """A step of the action, by its name."""
    steps = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    [found] = [step for step in steps if step.get("name") == name]
    assert found["shell"] == "bash"
    return dict(found)


def environment(found: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """The environment of a step, with these values of the expressions that stand in it."""
    return {
        name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: values[match[1]], value)
        for name, value in found["env"].items()
    }


def act(shell: Reader, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """Run the action's main step with these inputs: its status, its job summary, its outputs."""
    declared = yaml.safe_load(ACTION.read_text())["inputs"]
    given = {f"inputs.{name}": own.get("default", "") for name, own in declared.items()}
    given |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
    found = step("Run the contract")
    variables = environment(found, {**given, "steps.install.outputs.python": sys.executable})
    places = {name: shell.folder / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for path in places.values():
        path.write_text("")
    variables |= {name: str(path) for name, path in places.items()}
    variables["RUNNER_TEMP"] = str(shell.folder / "runner temp")
    done = shell.run(found["run"], variables)
    summary, output = (path.read_text() for path in places.values())
    return done.returncode, summary, dict(line.split("=", 1) for line in output.splitlines())
