"""The values of properties in models, and whether they are legal in a revision.

The pool of the client keeps equal objects once, so even many models have few distinct objects inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from pytest_models_contract.client.exchange import ABSENT, Occurrence
from pytest_models_contract.spec.json_schema import shallow_value
from pytest_models_contract.spec.revision import Property, Revision

Judge = Callable[[type, Any], str | None]


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
        self._legal: dict[tuple[str, Judge], bool] = {}

    def holders(self, path: str) -> Sequence[Holder | Occurrence]:
        """The objects at a path of the models (the models themselves at ""), each with its models."""
        if path not in self._holders:
            self._holders[path] = self._holders_at(path)
        return self._holders[path]

    def _holders_at(self, path: str) -> list[Holder]:
        parent, _, name = path.rpartition(".")
        held: dict[int, Holder] = {}
        for holder in self.holders(parent):
            value = holder.value.get(name)
            if isinstance(value, dict):
                found = held.setdefault(id(value), Holder(value, []))
                found.occurrences.extend(holder.occurrences)
        return list(held.values())

    def meets(self, revision: Revision) -> bool:
        """Whether every model meets the revision in full, advice included."""
        if not all(map(revision.meets, self.models[:1])):
            return False  # usually the first model decides: the others need not be judged
        return (
            all(isinstance(model, dict) for model in self.models)
            and all(self.all_legal(known) for known in revision.properties)
            and all(rule.is_valid(model) for rule in revision.rules for model in self.models)
        )

    def all_legal(self, prop: Property) -> bool:
        """Whether every object that should have the property has it, with a legal value."""
        key = prop.path, prop.judge  # most revisions demand the same
        if key not in self._legal:
            held = (holder.value.get(prop.name, ABSENT) for holder in self.holders(prop.parent))
            self._legal[key] = all(
                own is not ABSENT and prop.judge(of, own) is None
                for of, own in set(map(shallow_value, held))
            )
        return self._legal[key]

    @cached_property
    def distinct_models(self) -> list[Mapping[str, Any]]:
        """One model for each combination of keys and inner objects."""
        models = [model for model in self.models if isinstance(model, dict)]
        return list({_structure(model): model for model in models}.values())


def _structure(model: Mapping[str, Any]) -> tuple[Any, ...]:
    """A key that is equal for models with the same names and the same inner objects."""
    return (*model, *[id(part) for part in model.values() if isinstance(part, dict)])
