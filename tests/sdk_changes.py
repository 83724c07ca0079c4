"""SDKs that differ from the small revision in one respect, and what spec-diff says of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from made_sdks import (
    NULL,
    STRING,
    Change,
    Schemas,
    betas,
    capabilities_always_there,
    field,
    of_beta,
    parameter,
)

SUPPORTED = {"type": "object", "properties": {"supported": {"type": "boolean"}}}
SUPPORTED["required"] = ["supported"]


class Case(NamedTuple):
    """A change of an SDK, and the lines that say it; `language` where only one shows it.

    `drafted` is whether the schemas of a revision can say it.
    """

    change: Change
    lines: list[str]
    language: str = ""
    drafted: bool = True


def without_compaction(models: Schemas) -> None:
    del models["BetaModelInfo"]["properties"]["capabilities"]["anyOf"][0]["properties"][
        "compaction"
    ]


def promoted(models: Schemas) -> None:
    models["ModelInfo"]["properties"]["fallbacks"] = models["BetaModelInfo"]["properties"][
        "fallbacks"
    ]
    models["ModelInfo"]["required"].append("fallbacks")


HEADER = "header.anthropic-workspace-id"
LIST = {"type": "array", "items": STRING}
CASES: Mapping[str, Case] = {
    "new field": Case(field("family", STRING), ["new      ModelInfo.family: string"]),
    "new field, null": Case(
        field("family", {"anyOf": [{"enum": ["a", "b"], **STRING}, NULL]}),
        ['new      ModelInfo.family: string ("a", "b") or null'],
    ),
    "new date": Case(
        field("until", {"anyOf": [{**STRING, "format": "date-time"}, NULL]}),
        ["new      ModelInfo.until: date-time or null"],
        "python",
    ),
    "new capability": Case(
        field("audio", SUPPORTED, "capabilities"),
        [
            "new      ModelInfo.capabilities.audio: object",
            "new      ModelInfo.capabilities.audio.supported: boolean",
        ],
    ),
    "new capability, null": Case(
        field("audio", {"anyOf": [SUPPORTED, NULL]}, "capabilities"),
        [
            "new      ModelInfo.capabilities.audio: object or null",
            "new      ModelInfo.capabilities.audio.supported: boolean",
        ],
    ),
    "new object with further members": Case(
        field(
            "tools",
            {
                "type": "object",
                "properties": {"supported": {"type": "boolean"}, "search": SUPPORTED},
                "required": ["supported", "search"],
            },
            "capabilities",
        ),
        [
            "new      ModelInfo.capabilities.tools: object",
            "new      ModelInfo.capabilities.tools.supported: boolean",
            "new      ModelInfo.capabilities.tools.search: object",
            "new      ModelInfo.capabilities.tools.search.supported: boolean",
        ],
    ),
    "gone field": Case(
        field("stage", None), ['gone     ModelInfo.stage: string ("active", "retired")']
    ),
    "gone capability": Case(
        field("batch", None, "capabilities"),
        [
            "gone     ModelInfo.capabilities.batch: object",
            "gone     ModelInfo.capabilities.batch.supported: boolean",
        ],
    ),
    "another type": Case(
        field("id", {"type": "boolean"}), ["changed  ModelInfo.id: string -> boolean"]
    ),
    "no date": Case(
        field("created_at", STRING),
        ["changed  ModelInfo.created_at: date-time -> string"],
        "python",
    ),
    "no integer": Case(
        field("most", {"anyOf": [{"type": "number"}, NULL]}),
        ["changed  ModelInfo.most: integer or null -> number or null"],
        "python",
    ),
    "null": Case(
        field("id", {"anyOf": [STRING, NULL]}), ["changed  ModelInfo.id: string -> string or null"]
    ),
    "capability null": Case(
        field("batch", {"anyOf": [SUPPORTED, NULL]}, "capabilities"),
        ["changed  ModelInfo.capabilities.batch: object -> object or null"],
    ),
    "never null": Case(
        field("most", {"type": "boolean"}),
        ["changed  ModelInfo.most: integer or null -> boolean"],
    ),
    "object never null": Case(
        capabilities_always_there,
        ["changed  ModelInfo.capabilities: object or null -> object"],
    ),
    "one value more": Case(
        field("stage", {"enum": ["active", "deprecated", "retired"], **STRING}),
        [
            'changed  ModelInfo.stage: string ("active", "retired") -> string ("active", "deprecated",'
            ' "retired")'
        ],
    ),
    "known values gone": Case(
        field("line", {"anyOf": [STRING, NULL]}),
        ['changed  ModelInfo.line: string ("haiku", "opus") or null -> string or null'],
    ),
    "a known value more": Case(
        field("line", {"anyOf": [{"enum": ["haiku", "opus", "sonnet"], **STRING}, NULL]}),
        [
            'changed  ModelInfo.line: string ("haiku", "opus") or null -> string ("haiku", "opus",'
            ' "sonnet") or null'
        ],
    ),
    "any string beside the known values": Case(
        field("stage", {"anyOf": [STRING, {"enum": ["active", "retired"], **STRING}]}),
        ['changed  ModelInfo.stage: string ("active", "retired") -> string'],
    ),
    "may be absent": Case(
        field("id", STRING, required=False),
        ["changed  ModelInfo.id: string -> string, may be absent"],
        drafted=False,
    ),
    "null may be absent": Case(
        field("line", {"anyOf": [{"const": "haiku"}, {"const": "opus"}, NULL]}, required=False),
        [
            'changed  ModelInfo.line: string ("haiku", "opus") or null -> string ("haiku", "opus") or null,'
            " may be absent"
        ],
        "typescript",
        drafted=False,
    ),
    "new parameter": Case(
        parameter("list", "query.family", STRING), ["new      list.query.family: string"]
    ),
    "new parameter of many values": Case(
        parameter("list", "query.families[]", LIST),
        ["new      list.query.families[]: array of string"],
    ),
    "gone parameter": Case(
        parameter("list", "query.after_id", None), ["gone     list.query.after_id: string"]
    ),
    "another parameter type": Case(
        parameter("list", "query.after_id", {"type": "boolean"}),
        ["changed  list.query.after_id: string -> boolean"],
    ),
    "another parameter value": Case(
        parameter(
            "list", "query.stages[]", {"type": "array", "items": {"enum": ["active"], **STRING}}
        ),
        [
            'changed  list.query.stages[]: array of string ("active", "retired") -> array of string'
            ' ("active")'
        ],
    ),
    "new parameter of retrieve": Case(
        parameter("retrieve", "query.family", STRING),
        ["new      retrieve.query.family: string"],
        drafted=False,
    ),
    "new header": Case(
        parameter("list retrieve", "header.anthropic-region", STRING),
        [
            "new      list.header.anthropic-region: string",
            "new      retrieve.header.anthropic-region: string",
        ],
    ),
    "gone header": Case(
        parameter("list retrieve", HEADER, None),
        [
            "gone     list.header.anthropic-workspace-id: string",
            "gone     retrieve.header.anthropic-workspace-id: string",
        ],
    ),
    "another header type": Case(
        parameter("list retrieve", HEADER, LIST),
        [
            "changed  list.header.anthropic-workspace-id: string -> array of string",
            "changed  retrieve.header.anthropic-workspace-id: string -> array of string",
        ],
    ),
    "header of one endpoint": Case(
        parameter("retrieve", HEADER, None),
        ["gone     retrieve.header.anthropic-workspace-id: string"],
        drafted=False,
    ),
    "no betas": Case(
        parameter("list", "header.anthropic-beta", None),
        ["gone     list.header.anthropic-beta: array of string"],
        drafted=False,
    ),
    "new beta": Case(betas("a-1", "b-2", "c-3"), ["new      anthropic-beta.c-3"]),
    "gone beta": Case(betas("b-2"), ["gone     anthropic-beta.a-1"]),
    "new in the beta namespace": Case(
        of_beta("tier", LIST), ["new      BetaModelInfo.tier: array of string"]
    ),
    "another type in the beta namespace": Case(
        of_beta("fallbacks", STRING),
        ["changed  BetaModelInfo.fallbacks: array of string or null -> string"],
    ),
    "new object in the beta namespace": Case(
        of_beta("tier", SUPPORTED),
        [
            "new      BetaModelInfo.tier: object",
            "new      BetaModelInfo.tier.supported: boolean",
        ],
    ),
    "gone from the beta namespace": Case(
        of_beta("fallbacks", None), ["gone     BetaModelInfo.fallbacks: array of string or null"]
    ),
    "capability gone from the beta namespace": Case(
        without_compaction,
        [
            "gone     BetaModelInfo.capabilities.compaction: object",
            "gone     BetaModelInfo.capabilities.compaction.supported: boolean",
            "gone     BetaModelInfo.capabilities.compaction.summarize: object",
            "gone     BetaModelInfo.capabilities.compaction.summarize.supported: boolean",
        ],
    ),
    "left the beta namespace": Case(
        promoted,
        [
            "gone     BetaModelInfo.fallbacks: array of string or null",
            "new      ModelInfo.fallbacks: array of string or null",
        ],
    ),
}
