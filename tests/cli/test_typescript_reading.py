"""Reading a made-up TypeScript SDK in Node, with the real compiler."""

from __future__ import annotations

from pathlib import Path

import pytest
from named_sdks import FOLDER, needs_sdks

from pytest_models_contract.cli.sdk.reading import SdkError, read

MODELS = """
export interface Support { supported: boolean }
interface Base { id: string }
export interface ModelInfo extends Base {
  released: string;
  most: number | null;
  batch: Support | null;
  line?: "opus" | "haiku" | null;
  flag: boolean | null;
  type: "model";
}
interface Page { limit?: number }
export interface ModelListParams extends Page { stages?: Array<"active" | "retired">; workspace?: string }
"""
BETA_MODELS = """
import { ModelInfo } from "../models.js";
import { AnthropicBeta } from "./beta.js";
export interface BetaModelInfo extends ModelInfo { fallbacks: Array<string> | null }
export interface ModelListParams { betas?: Array<AnthropicBeta> }
"""
BETA = "export type AnthropicBeta = (string & {}) | 'a-1' | 'b-2';"
CODE = """
class Models {
  constructor(fetch) { this.fetch = fetch; }
  list({ workspace, betas, ...query } = {}) {
    const url = new URL('http://here.test/v1/models');
    for (const [name, value] of Object.entries(query)) {
      if (Array.isArray(value)) value.forEach((each) => url.searchParams.append(`${name}[]`, each));
      else url.searchParams.set(name, value);
    }
    const headers = {};
    if (workspace) headers['Workspace-Id'] = workspace;
    if (betas) headers['Anthropic-Beta'] = betas;
    return this.fetch(url, { headers });
  }
  retrieve(id) { return this.fetch(`http://here.test/v1/models/${id}`, {}); }
}
module.exports = class { constructor({ fetch }) {
  this.models = new Models(fetch);
  this.beta = { models: this.models };
} };
"""
FACTS = {
    "ModelInfo.id": "string",
    "ModelInfo.released": "string",
    "ModelInfo.most": "number or null",
    "ModelInfo.batch": "object or null",
    "ModelInfo.batch.supported": "boolean",
    "ModelInfo.line": 'string ("haiku", "opus") or null, may be absent',
    "ModelInfo.flag": "boolean or null",
    "ModelInfo.type": 'string ("model")',
    "BetaModelInfo.fallbacks": "array of string or null",
    "list.query.limit": "number",
    "list.query.stages[]": 'array of string ("active", "retired")',
    "list.header.workspace-id": "string",
    "list.header.anthropic-beta": "array of string",
    "anthropic-beta.a-1": "",
    "anthropic-beta.b-2": "",
}
pytestmark = [needs_sdks, pytest.mark.slow]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the package, found from the working directory."""
    folder = tmp_path / "node_modules" / "@anthropic-ai" / "sdk"
    files = {
        "package.json": '{"version": "9.9.9", "main": "index.js"}',
        "index.js": CODE,
        "resources/models.d.ts": MODELS,
        "resources/beta/models.d.ts": BETA_MODELS,
        "resources/beta/beta.d.ts": BETA,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.setenv("NODE_PATH", str(Path(FOLDER) / "node_modules"))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.usefixtures("package")
def test_a_typescript_sdk_shows_types_and_the_places_of_parameters() -> None:
    found = read("typescript")
    assert str(found) == "@anthropic-ai/sdk 9.9.9"
    assert {path: str(fact) for path, fact in found.facts.items()} == FACTS


def test_a_type_that_has_no_json_schema_is_an_error(package: Path) -> None:
    (package / "resources" / "models.d.ts").write_text("export interface ModelInfo { id: bigint }")
    with pytest.raises(SdkError, match="cannot be read: Error: no JSON Schema for bigint"):
        read("typescript")


def test_a_compiler_without_an_interface_is_an_error(package: Path) -> None:
    own = package.parents[1] / "typescript"
    own.mkdir()
    (own / "index.js").write_text("exports.version = '7'")
    with pytest.raises(SdkError, match="typescript 7 has no compiler API\n  npm install "):
        read("typescript")
