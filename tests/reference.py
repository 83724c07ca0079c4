"""Record the shipped cassette again, from our own fake over a real socket: `python tests/reference.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pytest_models_contract.fake import Fake, serve

SHIPPED = Path(__file__).parent.parent / "cassettes" / "reference.yaml"
KEY = "key-of-the-fake-0000"
PORT = 8000


def record(path: Path, port: int = 0) -> str:
    """Run the contract against the fake, recording into `path`; returns the base URL of the fake.

    Port 0 takes a free one. CalledProcessError: the run failed; the file is then left as it was.
    """
    plugin = ["-p", "pytest_models_contract", "-p", "no:cacheprovider"]
    contract = ["--models-contract", "--models-complete", "--models-strict"]
    environment = {**os.environ, "MODELS_CONTRACT_API_KEY": KEY, "PYTEST_ADDOPTS": ""}
    with serve(Fake(key=KEY), port=port) as url:
        target = [f"--models-base-url={url}", f"--models-record={path}"]
        command = [sys.executable, "-m", "pytest", "-c", os.devnull, *plugin, *contract, *target]
        subprocess.run(command, check=True, env=environment, cwd=path.parent)  # noqa: S603 - our own arguments
    return url


if __name__ == "__main__":
    record(SHIPPED, PORT)
