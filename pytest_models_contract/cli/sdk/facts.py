"""What a revision, or an SDK, says of the Models API: facts by their paths, such as `ModelInfo.line`.

Other paths are `list.query.limit`, `retrieve.header.anthropic-workspace-id` and `anthropic-beta.NAME`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from pytest_models_contract.spec.json_schema import Schema, alternatives
from pytest_models_contract.spec.revision import Revision

MODEL, BETA_MODEL, BETA = "ModelInfo", "BetaModelInfo", "anthropic-beta"
ENDPOINTS = ("list", "retrieve")
ONLY_BETA = "x-only-beta"
"""In a definition of `model_info.json`: the path of a property that `?beta=true` adds."""
HEADER = "x-header"
"""In a definition of `list_params.json`: the name of a header that list and retrieve take."""


class Fact(NamedTuple):
    """One field, parameter or value: its type, its known values, whether it may be null or absent.

    `present` is None where the source does not say it.
    """

    kind: str
    values: tuple[str, ...] = ()
    nullable: bool = False
    present: bool | None = None

    def __str__(self) -> str:
        listed = f" ({', '.join(map(json.dumps, self.values))})" if self.values else ""
        absent = ", may be absent" if self.present is False else ""
        return f"{self.kind}{listed}{' or null' if self.nullable else ''}{absent}"


Facts: TypeAlias = Mapping[str, Fact]
Presence: TypeAlias = Callable[[bool, bool], bool | None]
"""Whether a property is always present, from: it is `required`, it may be null."""


def of_revision(revision: Revision) -> Facts:
    """The facts of a revision."""
    models, params = revision.schemas["model_info"], revision.schemas["list_params"]
    found = dict(_members(models, "", MODEL, _always))
    for pointer, own in _definitions(models, ONLY_BETA):
        path = f"{BETA_MODEL}.{own[ONLY_BETA]}"
        found[path] = _fact(models, pointer, True)
        found.update(_members(models, pointer, path, _always))
    for name, own in params["properties"].items():
        query = f"{name}[]" if own["type"] == "array" else name
        found[f"list.query.{query}"] = _fact(params, f"/properties/{name}")
    headers = {own[HEADER]: _fact(params, at) for at, own in _definitions(params, HEADER)}
    headers[BETA] = Fact("array of string")
    found |= {f"{own}.header.{name}": fact for own in ENDPOINTS for name, fact in headers.items()}
    return found | _beta_values(revision.betas)


def of_sdk(schemas: Mapping[str, Any], presence: Presence) -> Facts:
    """The facts of an SDK, from the JSON Schemas that its reader prints."""
    found = dict(_members(schemas[MODEL], "", MODEL, presence))
    for path, fact in _members(schemas[BETA_MODEL], "", BETA_MODEL, presence):
        if path.replace(BETA_MODEL, MODEL, 1) not in found:
            found[path] = fact
    for endpoint in ENDPOINTS:
        found |= {f"{endpoint}.{at}": _fact(own, "") for at, own in schemas[endpoint].items()}
    known = (_values(node) for _, node in alternatives(schemas["betas"], ""))
    return found | _beta_values(value for values in known for value in values)


def _always(_required: bool, _nullable: bool) -> bool:
    """No property of a revision is optional; where `required` leaves one out, its absence is advice."""
    return True


def _definitions(root: Schema, mark: str) -> Iterator[tuple[str, Schema]]:
    """The pointers and the schemas of the definitions that have this keyword."""
    return ((f"/$defs/{name}", own) for name, own in root["$defs"].items() if mark in own)


def _members(
    root: Schema, pointer: str, path: str, presence: Presence
) -> Iterator[tuple[str, Fact]]:
    """The members of the object at `pointer` with their paths, depth first."""
    for place, node in alternatives(root, pointer):
        for name in node.get("properties", {}):
            where, named = f"{place}/properties/{name}", f"{path}.{name}"
            fact = _fact(root, where)
            present = presence(name in node.get("required", ()), fact.nullable)
            yield named, fact._replace(present=present)
            yield from _members(root, where, named, presence)


def _fact(root: Schema, pointer: str, present: bool | None = None) -> Fact:
    nodes = dict(alternatives(root, pointer))
    kinds = {kind for node in nodes.values() for kind in _kinds(node)}
    strings = [_values(node) for node in nodes.values() if "string" in _kinds(node)]
    # Beside the known values, any string may come.
    known = {value for values in strings for value in values} if all(strings) else set()
    kind = " or ".join(sorted(kinds - {"null"}))
    for items in (f"{place}/items" for place, node in nodes.items() if "items" in node):
        item = _fact(root, items)
        kind, known = f"{kind} of {item.kind}", set(item.values)
    return Fact(kind, tuple(sorted(known)), "null" in kinds, present)


def _kinds(node: Schema) -> set[str]:
    declared = node.get("type", "string" if "const" in node or "enum" in node else ())
    kinds = {declared} if isinstance(declared, str) else set(declared)
    return kinds - {"string"} | {"date-time"} if node.get("format") == "date-time" else kinds


def _values(node: Schema) -> list[str]:
    const = [node["const"]] if "const" in node else []
    values = [*const, *node.get("enum", ()), *node.get("examples", ())]
    return [value for value in values if isinstance(value, str)]


def _beta_values(names: Iterable[str]) -> dict[str, Fact]:
    return {f"{BETA}.{name}": Fact("") for name in names}
