"""The schemas of a draft: those of a revision, with the differences of an SDK written into them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from pytest_models_contract.cli.sdk.differences import Difference
from pytest_models_contract.cli.sdk.facts import BETA, BETA_MODEL, HEADER, MODEL, ONLY_BETA, Fact
from pytest_models_contract.spec.json_schema import alternatives
from pytest_models_contract.spec.revision import Revision

Node: TypeAlias = dict[str, Any]
SUPPORT = {"$ref": "#/$defs/support"}
NULL = {"type": "null"}
NOT_SHOWN = ("minLength", "minimum", "maximum", "maxItems", "default")
"""What an SDK does not show of a value, so that it stays."""


def drafted(revision: Revision, name: str, found: Iterable[Difference], page: str) -> Revision:
    """A revision with this name that says what the SDK says; the descriptions of what is new are empty.

    `page` is where the facts come from. What the schemas of a revision cannot say is left out.
    """
    schemas: dict[str, Node] = json.loads(json.dumps(dict(revision.schemas)))
    for difference in found:
        kind, _, rest = difference.path.partition(".")
        _WRITERS[kind](schemas, rest, difference, page)
    if "support" in schemas["model_info"]["$defs"]:
        _share_support(schemas["model_info"])
    return Revision(name, schemas)


def _model(schemas: Mapping[str, Node], path: str, difference: Difference, page: str) -> None:
    for holder in _holders(schemas["model_info"], "", path):
        _write(holder, path, difference.sdk, page)


def _beta_model(schemas: Mapping[str, Node], path: str, difference: Difference, page: str) -> None:
    """A property that only `?beta=true` adds is a definition; what is in it, a property of that."""
    root = schemas["model_info"]
    for name, own in root["$defs"].items():
        if ONLY_BETA in own and path.startswith(f"{own[ONLY_BETA]}."):
            within = path.removeprefix(f"{own[ONLY_BETA]}.")
            for holder in _holders(root, f"/$defs/{name}", within):
                _write(holder, path, difference.sdk, page)
            return
    _define(root["$defs"], path.rpartition(".")[2], {ONLY_BETA: path}, difference.sdk, page)


def _parameter(schemas: Mapping[str, Node], path: str, difference: Difference, page: str) -> None:
    place, _, name = path.partition(".")
    params, plain = schemas["list_params"], name.removesuffix("[]")
    if place == "header" and name != BETA:
        word = f"{name.removeprefix('anthropic-').replace('-', '_')}_header"
        _define(params["$defs"], word, {HEADER: name}, difference.sdk, page)
    elif place == "query" and difference.path.startswith("list."):
        _set(params["properties"], plain, difference.sdk, page)


def _beta(schemas: Mapping[str, Node], name: str, difference: Difference, page: str) -> None:  # noqa: ARG001
    known = schemas["betas"]["items"]["enum"]
    known.append(name) if difference.sdk else known.remove(name)


Writer: TypeAlias = Callable[[Mapping[str, Node], str, Difference, str], None]
_WRITERS: Mapping[str, Writer] = {
    MODEL: _model,
    BETA_MODEL: _beta_model,
    "list": _parameter,
    "retrieve": _parameter,
    BETA: _beta,
}


def _holders(root: Node, pointer: str, path: str) -> Iterator[Any]:
    """The objects in the schema at `pointer` that hold the property at this path."""
    name, _, within = path.partition(".")
    for place, node in list(alternatives(root, pointer)):
        if not within and "object" in node.get("type", ()):
            yield node
        elif within and name in node.get("properties", {}):
            yield from _holders(root, f"{place}/properties/{name}", within)


def _write(holder: Any, path: str, fact: Fact | None, page: str) -> None:
    """Set or remove the property in the schema of its holder, and whether it must be present."""
    name = path.rpartition(".")[2]
    _set(holder.setdefault("properties", {}), name, fact, page)
    required = {*holder.get("required", ())} - {name}
    # Of what may be null inside an object, absence is advice only.
    if fact and fact.present is not False and not (fact.nullable and "." in path):
        required.add(name)
    holder["required"] = [each for each in holder["properties"] if each in required]


def _define(definitions: Node, word: str, mark: Node, fact: Fact | None, page: str) -> None:
    """Set or remove the definition with this mark; a new one gets `word` as its name."""
    known = (name for name, own in definitions.items() if mark.items() <= own.items())
    name = next(known, word)
    _set(definitions, name, fact, page)
    if fact:
        definitions[name] |= mark


def _set(holder: Node, name: str, fact: Fact | None, page: str) -> None:
    if fact is None:
        holder.pop(name, None)
        return
    old = holder.get(name, {})
    own = _object(old, fact) if fact.kind == "object" else _value(old, fact)
    kept = {keyword: old[keyword] for keyword in NOT_SHOWN if keyword in old}
    holder[name] = {"description": "", "$comment": page, **own, **kept}


def _object(old: Node, fact: Fact) -> Node:
    """The keywords of an object, which keeps its members."""
    references = [each for each in (old, *old.get("anyOf", ())) if "$ref" in each]
    if references:
        reference = {"$ref": references[0]["$ref"]}
        return {"anyOf": [reference, NULL]} if fact.nullable else reference
    members: Node = {name: old[name] for name in ("properties", "required") if name in old}
    return {"type": _types("object", fact), **members}


def _value(old: Node, fact: Fact) -> Node:
    """The keywords of a value or an array. Known values of which more may come stay examples."""
    outer, _, item = fact.kind.partition(" of ")
    own: Node = {"type": _types(outer, fact)}
    if item:
        values = {"enum": [*fact.values]} if fact.values else {}
        return own | {"items": {"type": item, **values}}
    if "date-time" in outer:
        own["format"] = "date-time"
    if fact.values and "examples" in old:
        own["examples"] = [*fact.values]
    elif fact.values:
        own["enum"] = [*fact.values, *([None] if fact.nullable else [])]
    return own


def _types(kinds: str, fact: Fact) -> str | list[str]:
    types = ["string" if kind == "date-time" else kind for kind in kinds.split(" or ")]
    return [*types, "null"] if fact.nullable else types[0] if len(types) == 1 else types


def _share_support(node: Any) -> None:
    """Make each new object that only says `supported` refer to the definition that says the same."""
    for own in [*node.get("properties", {}).values(), *node.get("$defs", {}).values()]:
        if own["description"] == "" and own.get("properties", {}).keys() == {"supported"}:
            nullable = "null" in own["type"]
            for keyword in ("type", "properties", "required"):
                del own[keyword]
            own |= {"anyOf": [SUPPORT, NULL]} if nullable else SUPPORT
        _share_support(own)
