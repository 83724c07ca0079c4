"""Reading a JSON Schema: its pointers, what it demands of one value, and how a message says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from pytest_models_contract.spec import rfc3339

Schema: TypeAlias = Mapping[str, Any]

_KINDS: Mapping[type, str] = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
}

_OWN = frozenset({"type", "const", "enum", "format", "minimum", "minLength"})

_formats = FormatChecker(formats=())


@_formats.checks("date-time")
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or rfc3339.problem(value) is None


# JSON Schema counts 1.0 as an integer; the reference, and every typed client, does not.
_types = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
_dialect: Any = extend(Draft202012Validator, type_checker=_types)  # type: ignore[no-untyped-call]


def validator(root: Schema, files: Mapping[str, Schema] | None = None) -> Validator:
    """Return the validator of `root`; `files` are the schemas that a `$ref` may name.

    It checks the date-time of RFC 3339. Neither 1.0 nor true is an integer to it.
    """
    registry: Registry[Any] = Registry().with_resources(
        (name, DRAFT202012.create_resource(_undeclared(each)))
        for name, each in (files or {}).items()
    )
    checked: Validator = _dialect(root, registry=registry, format_checker=_formats)
    return checked


def first_break(checked: Validator, value: Any) -> tuple[str, Any] | None:
    """Return the JSON Pointer of the first value inside that is not valid, and that value; else None."""
    error = next(iter(checked.iter_errors(value)), None)
    return ("/".join(["", *map(str, error.absolute_path)]), error.instance) if error else None


def kind(value: object) -> str:
    """Name the JSON type of `value` for a sentence: `a string`, `null`, `an object`."""
    return _KINDS.get(type(value), type(value).__name__)


def at(root: Schema, pointer: str) -> Any:
    """Return the node at the JSON Pointer; a local `$ref` on the path is followed.

    Raises LookupError, TypeError or ValueError where there is none.
    """
    node: Any = root
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        while isinstance(node, dict) and name not in node and node["$ref"].startswith("#"):
            node = at(root, node["$ref"])
        node = node[int(name)] if isinstance(node, list) else node[name]
    return node


def pointers(node: Any, pointer: str) -> Iterator[str]:
    """Yield the pointer of each schema object that has a rule and its page."""
    if isinstance(node, dict):
        if isinstance(node.get("description"), str) and isinstance(node.get("$comment"), str):
            yield pointer
        for name, child in node.items():
            yield from pointers(child, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")


def alternatives(root: Schema, pointer: str) -> Iterator[tuple[str, Schema]]:
    """Yield the schema at `pointer`, and those that its `$ref` and `anyOf` name."""
    node = at(root, pointer)
    yield pointer, node
    if "$ref" in node:
        yield from alternatives(root, node["$ref"].removeprefix("#"))
    for index, _ in enumerate(node.get("anyOf", ())):
        yield from alternatives(root, f"{pointer}/anyOf/{index}")


def allows_null(root: Schema, pointer: str) -> bool:
    """Tell whether the value at `pointer` may be null."""
    return any("null" in _names(each) for _, each in alternatives(root, pointer))


def shallow(root: Schema, node: Schema) -> Schema:
    """Return what `node` demands of the value itself, leaving out its children."""
    if "$ref" in node:
        return shallow(root, at(root, node["$ref"]))
    if "anyOf" in node:
        return {"anyOf": [shallow(root, each) for each in node["anyOf"]]}
    return {keyword: demand for keyword, demand in node.items() if keyword in _OWN}


def shallow_value(value: object) -> tuple[type, Any]:
    """Return the type of a value and the value, as `judge` takes them: None for an object or an array."""
    return type(value), None if isinstance(value, (dict, list)) else value


def judge(demands: Schema) -> Callable[[type, Any], str | None]:
    """Return a function that judges values by a shallow schema: None when legal, else what was expected.

    It takes a `shallow_value`. Equal schemas have the same function.
    """
    return _judge(json.dumps(demands, sort_keys=True))


@cache
def _judge(text: str) -> Callable[[type, Any], str | None]:
    demands = json.loads(text)
    checked = validator(demands)
    wanted = expected(demands)
    plain = demands.get("type") == "string" and demands.keys() <= {"type", "minLength"}
    least = demands.get("minLength", 0)

    # The type is part of the key: 1, 1.0 and True are equal to Python.
    @lru_cache(maxsize=4096)
    def checked_by_schema(of: type, value: Any) -> str | None:
        if checked.is_valid(of() if issubclass(of, dict | list) else value):
            return None
        has_format = "format" in demands and isinstance(value, str)
        problem = rfc3339.problem(value) if has_format else None
        return f"{wanted}: {problem}" if problem else wanted

    def verdict(of: type, value: Any) -> str | None:
        if plain and of is str and len(value) >= least:
            return None  # jsonschema says the same, but slowly: names differ in every model
        return checked_by_schema(of, value)

    return verdict


def _undeclared(root: Schema) -> Schema:
    # Behind a `$ref` to a schema with a declared dialect, jsonschema uses the dialect's integers.
    return {keyword: value for keyword, value in root.items() if keyword != "$schema"}


def _names(node: Schema) -> tuple[str, ...]:
    declared = node.get("type", ())
    return (declared,) if isinstance(declared, str) else tuple(declared)


def expected(demands: Schema) -> str:
    """Say what a schema demands of the value itself; empty where it demands nothing that has a name."""
    if "anyOf" in demands:
        return " or ".join(map(expected, demands["anyOf"]))
    if "not" in demands:
        return f"anything but {expected(demands['not'])}"
    if "const" in demands:
        return json.dumps(demands["const"])
    if "enum" in demands:
        return "one of " + ", ".join(map(json.dumps, demands["enum"]))
    return " or ".join(_noun(each, demands) for each in _names(demands))


def _noun(name: str, demands: Schema) -> str:
    if name == "string" and demands.get("format") == "date-time":
        return "an RFC 3339 date-time"
    if name == "string":
        return "a non-empty string" if demands.get("minLength") else "a string"
    if name == "integer":
        return "a non-negative integer" if demands.get("minimum") == 0 else "an integer"
    return {"boolean": "true or false", "null": "null", "array": "an array"}.get(name, "an object")
