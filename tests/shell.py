"""A shell like that of a reader or a CI job, but it installs nothing and every server is our fake."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from systems import require_posix

from pytest_models_contract.fake import Fake, serve

SERVER = re.compile(r"http://(?:localhost|127\.0\.0\.1):\d+")
KEY = "sk-test"
SERVERS = ("start-server", "start-server.sh")  # that the reader of a recipe has
VENV = (
    'if [ "$2" = venv ]; then exit 0; fi; if [ "$2" = pip ]; then exit 0; fi; exec "{python}" "$@"'
)


@contextmanager
def reader(folder: Path, files: Mapping[str, str] | None = None) -> Iterator[Reader]:
    """A shell in `folder`, with these files in it, while the block runs."""
    require_posix()
    with serve(Fake(key=KEY)) as base_url:
        shell = Reader(folder, base_url)
        for name, text in (files or {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(shell.local(text))
        yield shell


class Reader:
    """Runs commands in a folder, each server on this machine replaced by a fake at `base_url`."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self.folder, self.base_url = folder, base_url
        programs = folder / ".venv" / "bin"
        programs.mkdir(parents=True)
        for name in ("python", "python3"):
            _program(programs / name, VENV.format(python=sys.executable))
        for name in ("pytest", "coverage"):
            _program(programs / name, f'exec "{sys.executable}" -m {name} "$@"')
        command = f'exec "{sys.executable}" -m pytest_models_contract "$@"'
        _program(programs / "models-contract", command)
        (programs / "activate").touch()
        _program(programs / "pip", "exit 0")
        for name in SERVERS:
            server = f'exec "{sys.executable}" -m pytest_models_contract.fake "$@"'
            _program(programs / name, server)
            _program(folder / name, server)
        self._path = f"{programs}{os.pathsep}{os.environ['PATH']}"

    def run(
        self, script: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a script as a CI job does: the first command that fails ends it."""
        given = {
            **os.environ,
            "PATH": self._path,
            "MODELS_CONTRACT_API_KEY": KEY,
            **(environment or {}),
        }
        return subprocess.run(  # noqa: S603 - the commands of our own documents
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self.local(script)],  # noqa: S607 - the PATH is the point
            cwd=self.folder,
            env={name: self.local(value) for name, value in given.items()},
            capture_output=True,
            text=True,
            timeout=180,
        )

    def local(self, text: str) -> str:
        """The text with the server of the documents replaced by ours."""
        return SERVER.sub(self.base_url, text)


def _program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
