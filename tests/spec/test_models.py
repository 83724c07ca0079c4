"""The types of a model and of a page agree with the schemas."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

from pytest_models_contract.spec.models import ModelInfo, ModelList
from pytest_models_contract.spec.revision import DEFAULT_REVISION, Property, Revision

KINDS = {bool: "boolean", str: "string", int: "integer", list: "array", NoneType: "null"}


def typed(of: Any, parent: str = "") -> Mapping[str, tuple[set[str], bool]]:
    """Each property of a type by its path: its JSON types, and whether it is required."""
    found: dict[str, tuple[set[str], bool]] = {}
    for name, hint in get_type_hints(of, include_extras=True).items():
        path = f"{parent}.{name}" if parent else name
        optional = get_origin(hint) is NotRequired
        own = get_args(hint)[0] if optional else hint
        found[path] = kinds(own), not optional
        for one in (own, *get_args(own)):
            if is_typeddict(one) and get_origin(own) is not list:
                found.update(typed(one, path))
    return found


def kinds(own: Any) -> set[str]:
    """The JSON types of a type."""
    if is_typeddict(own):
        return {"object"}
    if get_origin(own) is Literal:
        return {"string"}
    if get_origin(own) is list:
        return {"array"}
    return {KINDS[own]} if own in KINDS else set().union(*map(kinds, get_args(own)))


def stated(prop: Property, default: set[str]) -> tuple[set[str], bool]:
    """The same of a property of the schemas."""
    alternatives = prop.demands.get("anyOf", [prop.demands])
    names = [alternative["type"] for alternative in alternatives]
    types = {one for name in names for one in ([name] if isinstance(name, str) else name)}
    is_new = prop.path not in default and (prop.parent in default or not prop.parent)
    return types, prop.required and not is_new


def test_a_model_has_the_properties_of_the_newest_revision() -> None:
    newest = Revision.load(Revision.known()[-1])
    default = {prop.path for prop in Revision.load(DEFAULT_REVISION).properties}
    assert typed(ModelInfo) == {prop.path: stated(prop, default) for prop in newest.properties}


def test_a_page_has_the_keys_of_the_envelope() -> None:
    envelope = Revision.load().envelope
    names = {prop.path for prop in envelope}
    assert typed(ModelList) == {prop.path: stated(prop, names) for prop in envelope}
