"""A revision of the reference: a folder of JSON Schemas, read as a spec.

A JSON Pointer into the folder names a rule, such as `list_params#/properties/limit`. The schema
there has the rule (`description`) and the page it comes from (`$comment`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pytest_models_contract.spec import invalid, json_schema, rfc3339, shipped
from pytest_models_contract.spec.json_schema import Schema, kind

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

__all__ = [
    "DEFAULT_REVISION",
    "Clause",
    "Limit",
    "Property",
    "Revision",
    "UnknownClause",
    "UnknownRevision",
    "kind",
]

DEFAULT_REVISION = "2026-04-16"
Level = Literal["must", "should"]


class UnknownRevision(ValueError):
    """There is no such revision; the text lists the known ones."""


class UnknownClause(LookupError):
    """The revision states no rule at that pointer."""


@dataclass(frozen=True)
class Clause:
    """One rule of a revision: its pointer, its text, and the page it comes from."""

    pointer: str
    rule: str
    page: str


class Limit(NamedTuple):
    """The bounds of the list parameter `limit`, and its default."""

    minimum: int
    maximum: int
    default: int


@dataclass(frozen=True, eq=False)
class Property:
    """One property of a model or of the envelope, judged by itself, without its children.

    `path` is dotted (`capabilities.effort.max`); `required` is false where its absence is advice
    only; `demands` is what the schema asks of the value itself.
    """

    path: str
    clause: Clause
    nullable: bool
    required: bool
    demands: Schema = field(repr=False)

    @property
    def absence(self) -> Literal["must", "should"]:
        """Return the level of a missing property; no property is optional."""
        return "must" if self.required else "should"

    @cached_property
    def parent(self) -> str:
        """Return the path of the object that holds this property, empty at the top."""
        return self.path.rpartition(".")[0]

    @cached_property
    def name(self) -> str:
        """Return the key of this property in the object that holds it."""
        return self.path.rpartition(".")[2]

    def holder(self, model: object) -> dict[str, Any] | None:
        """Return the object in `model` that should hold this property, or None without one."""
        for name in self.parent.split(".") if self.parent else ():
            model = model.get(name) if isinstance(model, dict) else None
        return model if isinstance(model, dict) else None

    def problem(self, value: object) -> str | None:
        """Return what was expected instead of `value`, or None when the value itself is legal."""
        return self.judge(*json_schema.shallow_value(value))

    def met_by(self, model: object) -> bool:
        """Tell whether `model` has this property with a legal value, where it has its holder."""
        holder = self.holder(model)
        return holder is None or (self.name in holder and self.problem(holder[self.name]) is None)

    @cached_property
    def judge(self) -> Callable[[type, Any], str | None]:
        """The same for a shallow value: its type, and itself unless it is an object or an array."""
        return json_schema.judge(self.demands)


@dataclass(frozen=True, eq=False)
class Revision:
    """A dated state of the reference: its schemas by name, and what they say."""

    name: str
    schemas: Mapping[str, Schema] = field(repr=False)

    @classmethod
    def load(cls, name: str = DEFAULT_REVISION) -> Revision:
        """Return the revision of that date. Raises UnknownRevision, which lists the known ones."""
        return _load(name)

    @classmethod
    def known(cls) -> tuple[str, ...]:
        """Return the dates of all revisions, oldest first."""
        return _known()

    def clause(self, pointer: str) -> Clause:
        """Return the rule at `pointer`. Raises UnknownClause where this revision has none."""
        stem, _, path = pointer.partition("#")
        try:
            node = json_schema.at(self.schemas[stem], path)
            return Clause(pointer, node["description"], node["$comment"])
        except (LookupError, TypeError, ValueError):
            raise UnknownClause(f"revision {self.name} has no clause {pointer}") from None

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Every rule of the revision."""
        pointers = (
            pointer
            for stem, root in self.schemas.items()
            for pointer in json_schema.pointers(root, f"{stem}#")
        )
        return tuple(map(self.clause, pointers))

    @cached_property
    def properties(self) -> tuple[Property, ...]:
        """Every property of a model, depth first: `capabilities.batch.supported` is one of them."""
        return tuple(self._properties("model_info", "", ""))

    @cached_property
    def envelope(self) -> tuple[Property, ...]:
        """The keys of a page."""
        return tuple(self._properties("model_list", "", ""))

    @cached_property
    def rules(self) -> tuple[Validator, ...]:
        """The rules about several properties of a model together."""
        rules = self.schemas["model_info"].get("allOf", ())
        return tuple(self.validator("model_info" + rule["$ref"]) for rule in rules)

    @cached_property
    def betas(self) -> tuple[str, ...]:
        """The values of the `anthropic-beta` header."""
        return tuple(self.schemas["betas"]["items"]["enum"])

    @cached_property
    def error_types(self) -> Mapping[int, str]:
        """The error type that belongs to each status."""
        types = json_schema.at(self.schemas["error"], "/$defs/status_types/properties")
        return {int(status): own["const"] for status, own in types.items()}

    @cached_property
    def limit(self) -> Limit:
        """The bounds and the default of the parameter `limit`."""
        own = self.schemas["list_params"]["properties"]["limit"]
        return Limit(own["minimum"], own["maximum"], own["default"])

    def validate_model_info(self, obj: Any) -> None:
        """Raise jsonschema.ValidationError unless `obj` is a model as retrieve returns it.

        The text of the error is one line: where, what is there, what was expected.
        """
        demands = {own.path: own.demands for own in self.properties}
        invalid.validate(self.validator("model_info#"), demands, obj)

    def validate_model_list(self, obj: Any) -> None:
        """Raise jsonschema.ValidationError, one line as well, unless `obj` is a page of legal models."""
        demands = {own.path: own.demands for own in (*self.envelope, *self.properties)}
        invalid.validate(self.validator("model_list#"), demands, obj)

    def validator(self, pointer: str) -> Validator:
        """Return the jsonschema validator of the schema at `pointer`, children included."""
        return json_schema.validator({"$ref": pointer.replace("#", ".json#", 1)}, self._files)

    def meets(self, model: object) -> bool:
        """Tell whether `model` meets this revision in full, advice included."""
        return (
            isinstance(model, dict)
            and all(known.met_by(model) for known in self.properties)
            and all(rule.is_valid(model) for rule in self.rules)
        )

    def unknown_fields(self, model: object, parent: str = "") -> set[str]:
        """Return the dotted paths in `model` that this revision does not know; none is a violation."""
        if parent not in self._members or not isinstance(model, dict):
            return set()
        unknown: set[str] = set()
        for name, value in model.items():
            path = f"{parent}.{name}" if parent else name
            known = name in self._members[parent]
            unknown |= self.unknown_fields(value, path) if known else {path}
        return unknown

    def without(self, names: Iterable[str]) -> Revision:
        """Return the revision as if it did not know these top-level properties of a model."""
        model = self.schemas["model_info"]
        kept = {name: own for name, own in model["properties"].items() if name not in set(names)}
        return Revision(self.name, {**self.schemas, "model_info": {**model, "properties": kept}})

    def project(self, value: object, path: str = "") -> object:
        """Reduce `value` to what this revision knows of a model, for a comparison.

        Two projections are equal when the models say the same. Unknown fields, the order of keys and
        the notation of a date do not count. Null equals absence where both are legal. 1, 1.0 and true
        differ.
        """
        if isinstance(value, dict) and path in self._members:
            prefix = f"{path}." if path else ""
            known = self._members[path] & value.keys()
            return {
                name: self.project(value[name], prefix + name)
                for name in known
                if value[name] is not None or prefix + name not in self._null_or_absent
            }
        if path in self._dates and isinstance(value, str):
            return rfc3339.instant(value) or _canonical(value)
        return _canonical(value)

    def _properties(self, stem: str, pointer: str, parent: str) -> Iterator[Property]:
        root = self.schemas[stem]
        for place, own in json_schema.alternatives(root, pointer):
            for name, child in own.get("properties", {}).items():
                path = f"{parent}.{name}" if parent else name
                where = f"{place}/properties/{name}"
                yield Property(
                    path=path,
                    clause=self.clause(f"{stem}#{where}"),
                    nullable=json_schema.allows_null(root, where),
                    required=name in own.get("required", ()),
                    demands=json_schema.shallow(root, child),
                )
                yield from self._properties(stem, where, path)

    @cached_property
    def _members(self) -> Mapping[str, frozenset[str]]:
        parents = {known.parent for known in self.properties}
        return {
            parent: frozenset(each.name for each in self.properties if each.parent == parent)
            for parent in parents
        }

    @cached_property
    def _dates(self) -> frozenset[str]:
        return frozenset(each.path for each in self.properties if "format" in each.demands)

    @cached_property
    def _null_or_absent(self) -> frozenset[str]:
        """The properties that may be null and may be absent: to a client both mean the same."""
        return frozenset(own.path for own in self.properties if own.nullable and not own.required)

    @cached_property
    def _files(self) -> Mapping[str, Schema]:
        return {f"{stem}.json": root for stem, root in self.schemas.items()}


_canonical = json.JSONEncoder(sort_keys=True).encode


@cache
def _known() -> tuple[str, ...]:
    folders = shipped.folder("schemas").iterdir()
    revisions = (each.name for each in folders if each.joinpath("model_info.json").is_file())
    return tuple(sorted(revisions))


@cache
def _load(name: str) -> Revision:
    if name not in _known():
        raise UnknownRevision(f"no revision {name!r}; the known ones are {', '.join(_known())}")
    folder = shipped.folder("schemas").joinpath(name)
    files = sorted(each.name for each in folder.iterdir() if each.name.endswith(".json"))
    texts = {each.removesuffix(".json"): folder.joinpath(each).read_text("utf-8") for each in files}
    return Revision(name, {stem: json.loads(text) for stem, text in texts.items()})
