"""What models hold: the objects that have properties, and whether these are as a revision has them.

Equal objects of all answers are one object, so that there are few even among many models; equal
values are judged once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from pytest_models_contract.client.exchange import ABSENT, Occurrence
from pytest_models_contract.spec.revision import Property, Revision


class Holder(NamedTuple):
    """An object that holds properties, and the models it is part of."""

    value: dict[str, Any]
    occurrences: list[Occurrence]


class PropertyValues:
    """The models of some occurrences, and the objects in them."""

    def __init__(self, occurrences: Sequence[Occurrence]) -> None:
        self.models = [occurrence.model for occurrence in occurrences]
        self._holders: dict[str, Sequence[Holder | Occurrence]] = {
            "": [each for each in occurrences if isinstance(each.model, dict)]
        }
        self._met: dict[Property, bool] = {}

    def holders(self, path: str) -> Sequence[Holder | Occurrence]:
        """The objects at a path of the models (the models themselves at ""), each with its models."""
        if path not in self._holders:
            self._holders[path] = self._inside(path)
        return self._holders[path]

    def _inside(self, path: str) -> list[Holder]:
        parent, _, name = path.rpartition(".")
        held: dict[int, Holder] = {}
        for holder in self.holders(parent):
            value = holder.value.get(name)
            if isinstance(value, dict):
                met = held.setdefault(id(value), Holder(value, []))
                met.occurrences.extend(holder.occurrences)
        return list(held.values())

    def meets(self, revision: Revision) -> bool:
        """Whether every model meets the revision in full: what only should be there as well."""
        if not all(map(revision.meets, self.models[:1])):
            return False  # what the first model lacks is not looked for in the others
        return (
            all(isinstance(model, dict) for model in self.models)
            and all(self.met(known) for known in revision.properties)
            and all(rule.is_valid(model) for rule in revision.rules for model in self.models)
        )

    def met(self, prop: Property) -> bool:
        """Whether every object that ought to hold the property holds it, and a legal one."""
        if prop not in self._met:
            values = self._values(prop.parent, prop.name)
            self._met[prop] = all(
                value is not ABSENT and prop.fault(value) is None for value in values
            )
        return self._met[prop]

    def _values(self, parent: str, name: str) -> Iterable[Any]:
        """What the objects at a path hold under a name; equal values of a type once."""
        values = [holder.value.get(name, ABSENT) for holder in self.holders(parent)]
        types = set(map(type, values))
        if types == {str} or types == {int}:
            return set(values)
        return {
            (type(value), None if isinstance(value, dict | list) else value): value
            for value in values
        }.values()

    @cached_property
    def assorted(self) -> list[Mapping[str, Any]]:
        """A model for each assortment of objects inside."""
        models = [model for model in self.models if isinstance(model, dict)]
        return list({_parts(model): model for model in models}.values())


def _parts(model: Mapping[str, Any]) -> tuple[Any, ...]:
    """What two models have alike that hold the same objects under the same names."""
    return (*model, *[id(part) for part in model.values() if isinstance(part, dict)])
