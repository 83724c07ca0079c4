"""A small revision, and what the readers print of SDKs that say the same: the tests change one thing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from pytest_models_contract.cli.sdk.facts import of_sdk
from pytest_models_contract.cli.sdk.reading import LANGUAGES, Sdk
from pytest_models_contract.spec.revision import Revision

Schemas = dict[str, Any]
Change = Callable[[Schemas], object]
RULE = {"description": "A rule.", "$comment": "https://github.com/x"}
SUPPORT = {"$ref": "#/$defs/support"}
STAGES = ["active", "retired"]
STRING, INTEGER, NULL = {"type": "string"}, {"type": "integer"}, {"type": "null"}
DATE = {"type": "string", "format": "date-time"}


def _rules(**schemas: Any) -> Schemas:
    return {name: {**RULE, **own} for name, own in schemas.items()}


SMALL: Schemas = {
    "model_info": {
        **RULE,
        "type": "object",
        "properties": _rules(
            id=STRING,
            created_at=DATE,
            stage={"type": "string", "enum": STAGES},
            line={"type": ["string", "null"], "examples": ["opus", "haiku"]},
            most={"type": ["integer", "null"]},
            capabilities={
                "type": ["object", "null"],
                "properties": _rules(
                    batch=SUPPORT,
                    early={"anyOf": [SUPPORT, NULL]},
                    thinking={
                        "type": "object",
                        "properties": _rules(supported={"type": "boolean"}, kinds=SUPPORT),
                        "required": ["supported", "kinds"],
                    },
                ),
                "required": ["batch", "thinking"],
            },
        ),
        "required": ["id", "created_at", "stage", "line", "most", "capabilities"],
        "$defs": _rules(
            support={
                "type": "object",
                "properties": _rules(supported={"type": "boolean"}),
                "required": ["supported"],
            },
            fallbacks={
                "x-only-beta": "fallbacks",
                "type": ["array", "null"],
                "items": STRING,
            },
            compaction={
                "x-only-beta": "capabilities.compaction",
                "type": "object",
                "properties": _rules(supported={"type": "boolean"}, summarize=SUPPORT),
                "required": ["supported", "summarize"],
            },
        ),
    },
    "list_params": {
        **RULE,
        "properties": _rules(
            after_id=STRING,
            limit={**INTEGER, "minimum": 1},
            stages={"type": "array", "items": {**STRING, "enum": STAGES}},
        ),
        "$defs": _rules(
            workspace_header={"x-header": "anthropic-workspace-id", **STRING}, other=STRING
        ),
    },
    "betas": {**RULE, "type": "array", "items": {**STRING, "enum": ["a-1", "b-2"]}},
}
REVISION = Revision("2030-01-01", SMALL)


def _object(required: str, **properties: Any) -> Schemas:
    return {"type": "object", "properties": properties, "required": required.split()}


def _or_null(*kinds: Any) -> Schemas:
    return {"anyOf": [*kinds, NULL]}


def _fields(of: Schemas, line: Any) -> Schemas:
    """The fields of a model; `of` are the types that the languages write differently."""
    supported = _object("supported", supported={"type": "boolean"})
    thinking = _object("supported kinds", supported={"type": "boolean"}, kinds=supported)
    early = {"batch": supported, "early": _or_null(supported), "thinking": thinking}
    return {
        "id": STRING,
        "created_at": of["date"],
        "stage": of["stage"],
        "line": _or_null(line),
        "most": _or_null(of["integer"]),
        "capabilities": _or_null(_object("batch thinking", **early)),
    }


def _sdk(of: Schemas, line: Any, nullable: str) -> Schemas:
    fields = _fields(of, line)
    required = f"id created_at stage {nullable}"
    beta: Schemas = copy.deepcopy(fields)
    supported = _object("supported", supported={"type": "boolean"})
    compaction = _object("supported summarize", supported={"type": "boolean"}, summarize=supported)
    beta["capabilities"]["anyOf"][0]["properties"]["compaction"] = compaction
    beta["capabilities"]["anyOf"][0]["required"].append("compaction")
    beta["fallbacks"] = _or_null({"type": "array", "items": STRING})
    betas = {"anyOf": [STRING, {"enum": ["a-1", "b-2"], **STRING}]}
    headers = {
        "header.anthropic-workspace-id": STRING,
        "header.anthropic-beta": {"type": "array", "items": betas},
    }
    stages = {"type": "array", "items": of["stage"]}
    query = {"query.after_id": STRING, "query.limit": of["integer"], "query.stages[]": stages}
    return {
        "version": "9.9.9",
        "ModelInfo": _object(required, **fields),
        "BetaModelInfo": _object(required, **beta),
        "betas": betas,
        "list": {**query, **headers},
        "retrieve": headers,
    }


PYTHON = _sdk(
    {"date": DATE, "integer": INTEGER, "stage": {**STRING, "enum": STAGES}},
    {**STRING, "enum": ["opus", "haiku"]},
    "",
)
_ONE_OF = {"anyOf": [{"const": "active"}, {"const": "retired"}]}
TYPESCRIPT = _sdk(
    {"date": STRING, "integer": {"type": "number"}, "stage": _ONE_OF},
    {"anyOf": [{"const": "haiku"}, {"const": "opus"}]},
    "line most capabilities",
)
for _model in (TYPESCRIPT["ModelInfo"], TYPESCRIPT["BetaModelInfo"]):
    _model["properties"]["capabilities"]["anyOf"][0]["required"].append("early")
TYPESCRIPT["BetaModelInfo"]["required"].append("fallbacks")
BASE = {"python": PYTHON, "typescript": TYPESCRIPT}


def sdk(change: Change = id, language: str = "python") -> Sdk:
    """An SDK that says what `REVISION` says, but for the change."""
    schemas: Schemas = json.loads(json.dumps(BASE[language]))
    change(schemas)
    own = LANGUAGES[language]
    return Sdk(own, schemas["version"], of_sdk(schemas, own.presence))


# --- changes -------------------------------------------------------------------------------------


def capabilities_always_there(models: Schemas) -> None:
    for model in (models["ModelInfo"], models["BetaModelInfo"]):
        model["properties"]["capabilities"] = model["properties"]["capabilities"]["anyOf"][0]
        model["required"].append("capabilities")


def field(name: str, schema: Any, within: str = "", required: bool = True) -> Change:
    """A field of a model is another one; None removes it."""

    def change(models: Schemas) -> None:
        for model in ("ModelInfo", "BetaModelInfo"):
            holder = models[model]
            if within:
                holder = holder["properties"][within]["anyOf"][0]
            holder["properties"].pop(name, None)
            holder["required"] = [each for each in holder["required"] if each != name]
            if schema is not None:
                holder["properties"][name] = schema
                holder["required"] += [name] * required

    return change


def parameter(endpoints: str, place: str, schema: Any) -> Change:
    """A parameter is another one; None removes it."""

    def change(models: Schemas) -> None:
        for endpoint in endpoints.split():
            models[endpoint].pop(place, None)
            if schema is not None:
                models[endpoint][place] = schema

    return change


def betas(*names: str) -> Change:
    """Other values of the header."""
    return lambda models: models["betas"]["anyOf"][1].update(enum=[*names])


def of_beta(name: str, schema: Any) -> Change:
    """A field that only the beta namespace has is another one; None removes it."""

    def change(models: Schemas) -> None:
        model = models["BetaModelInfo"]
        model["properties"].pop(name, None)
        if schema is not None:
            model["properties"][name] = schema
            model["required"].append(name)

    return change
