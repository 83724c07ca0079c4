"""Reading the installed SDK of a language: made-up ones, and what is said when one is missing."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from pytest_models_contract.cli.sdk import reading
from pytest_models_contract.cli.sdk.reading import SdkError, read

PYTHON = {
    "__init__.py": """
from datetime import datetime
from typing import List, Literal, Optional, Union
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from pydantic import BaseModel
from anthropic import types

__version__ = "9.9.9"


class Omit:
    pass


class Models:
    def __init__(self, url):
        self._url = url

    def _get(self, path, query, headers):
        given = {name: value for name, value in headers.items() if not isinstance(value, Omit)}
        asked = {name: value for name, value in query.items() if not isinstance(value, Omit)}
        urlopen(Request(f"{self._url}{path}?{urlencode(asked, doseq=True)}", headers=given)).read()

    def list(
        self,
        *,
        limit: Union[int, Omit] = Omit(),
        stages: Union[List[Literal["active", "retired"]], Omit] = Omit(),
        workspace_id: Union[str, Omit] = Omit(),
        extra_headers: Optional[dict] = None,
        timeout: Union[float, None, Omit] = Omit(),
    ) -> List[types.ModelInfo]:
        self._get("/v1/models", {"limit": limit, "stages[]": stages}, {"Workspace-Id": workspace_id})

    def retrieve(self, model_id: str, *, workspace_id: Union[str, Omit] = Omit()) -> types.ModelInfo:
        self._get(f"/v1/models/{model_id}", {}, {"Workspace-Id": workspace_id})


class BetaModels(Models):
    def list(self, *, betas: Union[List[types.AnthropicBetaParam], Omit] = Omit()) -> None:
        joined = betas if isinstance(betas, Omit) else ",".join(betas)
        self._get("/v1/models", {"beta": "true"}, {"Anthropic-Beta": joined})


class Beta:
    def __init__(self, url):
        self.models = BetaModels(url)


class Anthropic:
    def __init__(self, *, api_key, base_url, max_retries):
        self.models, self.beta = Models(base_url), Beta(base_url)
""",
    "types/__init__.py": """
from datetime import datetime
from typing import Literal, Optional, Union
from pydantic import BaseModel

AnthropicBetaParam = Union[str, Literal["a-1", "b-2"]]


class Support(BaseModel):
    supported: bool


class ModelInfo(BaseModel):
    id: str
    released: datetime
    most: Optional[int] = None
    batch: Optional[Support] = None
    type: Literal["model"]
""",
    "types/beta.py": """
from typing import List, Optional
from anthropic.types import ModelInfo


class BetaModelInfo(ModelInfo):
    fallbacks: Optional[List[str]] = None
""",
}
FACTS = {
    "ModelInfo.id": "string",
    "ModelInfo.released": "date-time",
    "ModelInfo.most": "integer or null",
    "ModelInfo.batch": "object or null",
    "ModelInfo.batch.supported": "boolean",
    "ModelInfo.type": 'string ("model")',
    "BetaModelInfo.fallbacks": "array of string or null",
    "list.query.limit": "integer",
    "list.query.stages[]": 'array of string ("active", "retired")',
    "list.header.workspace-id": "string",
    "list.header.anthropic-beta": "array of string",
    "retrieve.header.workspace-id": "string",
    "anthropic-beta.a-1": "",
    "anthropic-beta.b-2": "",
}


def installed(folder: Path, files: dict[str, str]) -> Path:
    """A package with these files in the folder, which is returned."""
    for name, text in files.items():
        path = folder / "anthropic" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), "utf-8")
    return folder


def test_a_python_sdk_shows_types_and_the_places_of_parameters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed(tmp_path, PYTHON)))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    found = read("python")
    assert str(found) == "anthropic 9.9.9"
    assert {path: str(fact) for path, fact in found.facts.items()} == FACTS
    assert (found.facts["ModelInfo.id"].present, found.facts["ModelInfo.most"].present) == (
        True,
        None,
    )


def test_an_older_python_sdk_has_no_model_of_the_beta_namespace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = {**PYTHON, "types/beta.py": ""}
    monkeypatch.setenv("PYTHONPATH", str(installed(tmp_path, older)))
    facts = read("python").facts
    assert [path for path in facts if path.startswith("BetaModelInfo")] == []
    assert facts.keys() == FACTS.keys() - {"BetaModelInfo.fallbacks"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "raise ImportError('No module named anthropic')",
            "No module named anthropic\n  pip install anthropic",
        ),
        ("raise RuntimeError('broken')", "anthropic cannot be read: RuntimeError: broken"),
        ("raise SystemExit(5)", "anthropic cannot be read: no message"),
    ],
)
def test_an_sdk_that_cannot_be_read_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, why: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed(tmp_path, {"__init__.py": text})))
    with pytest.raises(SdkError) as caught:
        read("python")
    assert str(caught.value) == why


def test_a_missing_node_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(
        SdkError, match="node is not on the PATH: the TypeScript SDK is read by Node"
    ):
        read("typescript")


def test_a_missing_package_of_node_comes_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = subprocess.CompletedProcess([], reading.MISSING, "", "Cannot find module 'typescript'\n")
    monkeypatch.setattr(reading.shutil, "which", lambda name: name)
    monkeypatch.setattr(reading.subprocess, "run", lambda *_, **__: said)
    with pytest.raises(SdkError) as caught:
        read("typescript")
    line = "npm install @anthropic-ai/sdk typescript@6"
    assert str(caught.value) == f"Cannot find module 'typescript'\n  {line}"


def test_a_reader_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(command: list[str], **_: Any) -> None:
        raise subprocess.TimeoutExpired(command, reading.DEADLINE)

    monkeypatch.setattr(reading.subprocess, "run", endless)
    with pytest.raises(SdkError, match="reading anthropic took longer than 120 s"):
        read("python")
