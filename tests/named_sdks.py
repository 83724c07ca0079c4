"""The SDKs that the SOURCE.md of the revisions name: `python tests/named_sdks.py FOLDER` installs them.

It needs uv and npm. The folder gets `python-VERSION` and `typescript-VERSION`, and the TypeScript compiler
once.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

SCHEMAS = Path(__file__).parent.parent / "schemas"
NAMES = {"python": "`anthropic`", "typescript": "`@anthropic-ai/sdk`"}
FOLDER = os.environ.get("MODELS_CONTRACT_SDKS", "")
needs_sdks = pytest.mark.skipif(not FOLDER, reason="needs SDKs of many versions: nox -s revisions")


class NamedSdk(NamedTuple):
    """The version of an SDK from which a revision does not differ, as its SOURCE.md says."""

    revision: str
    language: str
    version: str

    @property
    def folder(self) -> Path:
        """Where it is installed."""
        return Path(FOLDER) / f"{self.language}-{self.version}"


def named_sdks() -> Iterator[NamedSdk]:
    """Every SDK that is named in a sentence about `spec-diff`, the oldest revision first."""
    for source in sorted(SCHEMAS.glob("*/SOURCE.md")):
        sentence = re.search(
            r"spec-diff` finds no difference[^.]+(\.\d[^.]+)+", source.read_text("utf-8")
        )
        for language, name in NAMES.items():
            for version in re.findall(rf"{name} (\d+\.\d+\.\d+)", sentence[0] if sentence else ""):
                yield NamedSdk(source.parent.name, language, version)


def use(sdk: NamedSdk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the SDK the installed one."""
    if sdk.language == "python":
        monkeypatch.setenv("PYTHONPATH", str(sdk.folder))
    else:
        monkeypatch.chdir(sdk.folder)


def install(folder: Path) -> None:
    """Install every named SDK, and the compiler. CalledProcessError: an installation failed."""
    npm = ["npm", "install", "--silent", "--prefix"]
    _run(*npm, str(folder), "typescript@6")
    for sdk in named_sdks():
        own = str(folder / f"{sdk.language}-{sdk.version}")
        if sdk.language == "python":
            wanted = f"anthropic=={sdk.version}"
            _run("uv", "pip", "install", "-q", "--python", sys.executable, "--target", own, wanted)
        else:
            _run(*npm, own, f"@anthropic-ai/sdk@{sdk.version}")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)  # noqa: S603 - our own arguments


if __name__ == "__main__":
    install(Path(sys.argv[1]))
