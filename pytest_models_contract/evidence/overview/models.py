"""The models of the catalogue as a table: dates, limits, capabilities, and the values that are wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from pytest_models_contract.client.exchange import ABSENT, shown
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.overview.texts import Clean
from pytest_models_contract.spec.revision import Property

MOST = 10_000
"""So many models are listed."""
MOST_ODD = 4
"""So many wrong values of a model are named."""
MOST_CAPABILITIES = 24
CAPABILITIES = "capabilities"
NAME = "display_name"
BESIDES = ("id", "type")
"""The properties that have no column of their own."""
LONGEST_VALUE = 48
LIMITS = "max_"
"""How the names of the limits begin."""
LARGEST = 10**15


def table(evidence: Evidence, clean: Clean) -> dict[str, Any]:
    """The columns, and for each model its id, the values, which of the `profiles` of capabilities, and
    which of the `problems` it has, by number."""
    known = [prop.path for prop in evidence.revision.properties if not prop.parent]
    columns = [NAME, *(name for name in known if name not in (NAME, *BESIDES, CAPABILITIES))]
    models = dict(islice(zip(evidence.ids, evidence.models, strict=True), MOST))
    problems, odd = _odd(evidence, models, clean)
    names = _capabilities(models.values(), evidence)
    profiles: dict[tuple[str, ...], int] = {}
    rows = [
        [
            clean(found),
            [_value(model, column, clean) for column in columns],
            profiles.setdefault(_profile(model, names), len(profiles)),
            odd.get(found, []),
        ]
        for found, model in models.items()
    ]
    return {
        "columns": columns,
        "capabilities": [clean(name) for name in names],
        "profiles": list(profiles),
        "problems": problems,
        "rows": rows,
        "left": len(evidence.ids) - len(rows),
    }


def _value(model: Any, name: str, clean: Clean) -> str:
    value = model.get(name, ABSENT) if isinstance(model, dict) else ABSENT
    if name.startswith(LIMITS) and type(value) is int and abs(value) < LARGEST:
        return f"{value:,}"
    return clean(value) if isinstance(value, str) else clean(shown(value, LONGEST_VALUE))


# --- capabilities --------------------------------------------------------------------------------


def _capabilities(models: Any, evidence: Evidence) -> list[str]:
    """The names of the capabilities: those of the revision, then those that only the models have."""
    known = [prop.name for prop in evidence.revision.properties if prop.parent == CAPABILITIES]
    found = dict.fromkeys(known)
    for model in models:
        own = model.get(CAPABILITIES) if isinstance(model, dict) else None
        if isinstance(own, dict):
            found |= dict.fromkeys(own)
    return list(found)[:MOST_CAPABILITIES]


def _profile(model: Any, names: Sequence[str]) -> tuple[str, ...]:
    """For each capability `yes`, `no`, `null`, `absent` or `?`, and how many of its parts are supported."""
    own = model.get(CAPABILITIES, ABSENT) if isinstance(model, dict) else ABSENT
    if isinstance(own, dict):
        return tuple(map(partial(_support, own), names))
    return tuple("null" if own is None else "absent" if own is ABSENT else "?" for _ in names)


def _support(own: Mapping[str, Any], name: str) -> str:
    value = own.get(name, ABSENT)
    if value is ABSENT or value is None:
        return "absent" if value is ABSENT else "null"
    supported = value.get("supported") if isinstance(value, dict) else None
    if not isinstance(supported, bool):
        return "?"
    parts = list(_parts(value))
    return " ".join(
        ["yes" if supported else "no", *([f"{sum(parts)}/{len(parts)}"] if parts else [])]
    )


def _parts(value: Mapping[str, Any], depth: int = 0) -> Any:
    """Whether each part of a capability is supported."""
    for inner in value.values():
        if isinstance(inner, dict) and depth < 4:
            if isinstance(inner.get("supported"), bool):
                yield inner["supported"]
            yield from _parts(inner, depth + 1)


# --- wrong values --------------------------------------------------------------------------------


def _odd(
    evidence: Evidence, models: Mapping[str, Any], clean: Clean
) -> tuple[list[list[str]], dict[str, list[int]]]:
    """The wrong values, as path and text, and which of them each model has, by the rules of the revision."""
    numbers: dict[tuple[str, str], int] = {}
    odd: dict[str, list[int]] = {}
    for prop in evidence.revision.properties:
        for holder in evidence.catalogue_values.holders(prop.parent):
            if not (why := _why(prop, holder.value.get(prop.name, ABSENT))):
                continue
            number = numbers.setdefault((prop.path, clean(why)), len(numbers))
            for each in holder.occurrences:
                found = each.model.get("id")
                mine = odd.setdefault(found, []) if isinstance(found, str) else []
                if found in models and len(mine) < MOST_ODD:
                    mine.append(number)
    return [list(each) for each in numbers], odd


def _why(prop: Property, value: Any) -> str:
    """What is wrong with the value of a property, or the empty string."""
    if value is ABSENT:
        return f"no {prop.path}"
    problem = prop.problem(value)
    return f"{prop.path} is {shown(value, LONGEST_VALUE)}, expected {problem}" if problem else ""
