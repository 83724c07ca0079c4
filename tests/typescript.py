"""Whether the TypeScript SDK can be asked here: `needs_typescript` skips a test where it cannot."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

import pytest

from pytest_models_contract.client.sdk import typescript


@cache
def missing() -> str:
    """Why the TypeScript SDK cannot be asked, or the empty string."""
    node = shutil.which("node")
    if node is None:
        return typescript.NO_NODE
    script = "require(require.resolve('@anthropic-ai/sdk', {paths: [process.cwd()]}))"
    found = subprocess.run([node, "-e", script], capture_output=True, check=False)  # noqa: S603
    return typescript.NO_SDK if found.returncode else ""


needs_typescript = pytest.mark.skipif(bool(missing()), reason=missing() or "it is here")
