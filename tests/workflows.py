"""The workflows of the project: their text, their jobs, and their shell steps, run as a runner would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from documented import ROOT
from systems import require_posix

WORKFLOWS = {
    path.name: path.read_text("utf-8")
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}


def jobs(workflow: str) -> dict[str, dict[str, Any]]:
    """The jobs of a workflow, by their ids."""
    return dict(yaml.safe_load(WORKFLOWS[workflow])["jobs"])


def scripts(workflow: str) -> dict[str, str]:
    """The shell steps of a workflow, by their names."""
    return {
        step["name"]: step["run"]
        for job in jobs(workflow).values()
        for step in job["steps"]
        if "run" in step
    }


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a shell step in a folder, with the Python of the tests."""
    require_posix()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(  # noqa: S603 - the steps of our own workflows
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],  # noqa: S607 - as a runner does
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=600,
    )
