"""The gateways of docs/proxies.md conform, and its CI recipes run; tests/servers has the other proxies."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from documented import ROOT, sections
from shell import Reader, reader
from systems import POSIX

pytestmark = POSIX

DOCUMENT = {section.heading: section for section in sections(ROOT / "docs" / "proxies.md")}
NODE = DOCUMENT["Node"]
# The reader's gateway: that of the document, by the name and the options of the recipes.
MY_GATEWAY = """#!/bin/sh
export PORT="$2" GATEWAY_KEY="$MODELS_CONTRACT_API_KEY"
export ANTHROPIC_API_BASE="$MODELS_CONTRACT_UPSTREAM_URL" ANTHROPIC_API_KEY="$MODELS_CONTRACT_UPSTREAM_KEY"
exec node gateway.mjs
"""


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Reader]:
    """A shell in a folder with the Node gateway, which is also the reader's `my-gateway`."""
    if not shutil.which("node"):
        pytest.skip("node is not on the PATH; `nox -s recipes` puts it there")
    with reader(tmp_path, NODE.files) as found:
        gateway = tmp_path / ".venv" / "bin" / "my-gateway"
        gateway.write_text(MY_GATEWAY)
        gateway.chmod(0o755)
        yield found


def conforms(shell: Reader, command: str) -> None:
    """Nothing is violated, and the upstream was played."""
    done = shell.run(command)
    assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
    assert "reached the upstream" in done.stdout
    assert "advice" not in done.stdout


@pytest.mark.slow
def test_the_node_gateway_conforms(shell: Reader) -> None:
    [command] = NODE.commands
    conforms(shell, command)


@pytest.mark.slow
@pytest.mark.parametrize("way", [0, 1], ids=["started", "in process"])
def test_the_fastapi_gateway_conforms(way: int, tmp_path: Path) -> None:
    for needed in ("fastapi", "uvicorn"):
        pytest.importorskip(needed)
    section = DOCUMENT["FastAPI"]
    with reader(tmp_path, section.files) as shell:
        uvicorn = tmp_path / ".venv" / "bin" / "uvicorn"
        uvicorn.write_text('#!/bin/sh\nexec python -m uvicorn "$@"\n')
        uvicorn.chmod(0o755)
        conforms(shell, section.commands[way])


def test_the_readme_has_the_options_of_the_first_command() -> None:
    [command] = DOCUMENT[""].commands
    assert command.partition("--models-contract ")[2] in (ROOT / "README.md").read_text()


@pytest.mark.slow
def test_the_gitlab_job_runs(shell: Reader) -> None:
    [block] = DOCUMENT["GitLab CI"].blocks
    job = yaml.safe_load(block.text)["proxy"]
    conforms(shell, "\n".join(job["script"]))
    for name in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
        assert (shell.folder / name).stat().st_size > 100


def test_the_workflow_uses_inputs_that_the_action_has() -> None:
    [workflow] = [block for block in DOCUMENT["GitHub Actions"].blocks if block.title]
    [job] = yaml.safe_load(workflow.text)["jobs"].values()
    [given] = [step["with"] for step in job["steps"] if step["uses"] == "./models-contract"]
    assert set(given) <= set(yaml.safe_load((ROOT / "action.yml").read_text())["inputs"])
