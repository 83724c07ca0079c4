"""A row of docs/servers.md for each server: written by its test, read by `write_document.py`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from real import PINS

FOLDER = "MODELS_CONTRACT_SERVER_ROWS"
"""The variable that names the folder of the rows; without it no row is kept."""
PACKAGES = {
    "aimock": "@copilotkit/aimock",
    "apache": "apache2",
    "apache-tutorial": "apache2",
    "litellm-anthropic": "litellm",
    "litellm-models": "litellm",
    "nginx": "nginx-light",
    "nginx-path": "nginx-light",
    "prism": "@stoplight/prism-cli",
    "steady": "@stdy/cli",
}
"""The package that a server comes from, where it has another name."""


def keep(name: str, command: str, report: dict[str, Any]) -> None:
    """Write the row of a server, as `models-contract matrix` makes it of a run."""
    if folder := os.environ.get(FOLDER):
        status = int(report["verdict"] != "conforms")
        row = {"command": command, "status": status, "said": None, "report": report}
        path = Path(folder) / f"{name}.json"
        path.write_text(json.dumps({"name": f"{name} ({package(name)})", **row}))


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """The rows in the folder, by the name of the server in the tests."""
    paths = sorted(folder.glob("*.json"))
    return {path.stem: json.loads(path.read_text("utf-8")) for path in paths}


def package(name: str) -> str:
    """The package of a server with its version: from its pins, else from Debian."""
    wanted = PACKAGES.get(name, name)
    pinned = {
        line.partition("==")[0]: line.partition("==")[2]
        for path in PINS.glob("*.txt")
        for line in path.read_text().splitlines()
    }
    pinned |= json.loads((PINS / "npm" / "package.json").read_text())["dependencies"]
    return f"{wanted} {pinned.get(wanted) or _of_debian(wanted)}"


def _of_debian(name: str) -> str:
    command = ["dpkg-query", "--show", "--showformat=${Version}", name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
