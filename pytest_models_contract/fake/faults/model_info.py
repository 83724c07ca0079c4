"""Faults of the properties of a model; most of them apply to one late model only."""

from __future__ import annotations

from typing import Any

from pytest_models_contract.fake.catalogue import REVISIONS, catalogue, property_paths
from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    dropped,
    edited,
    edited_late,
    family,
    fault,
    has_path,
    named,
    put,
)

NEWEST = catalogue(1, REVISIONS[-1])[0]
PATHS = sorted(set(property_paths(NEWEST)) - {"allowed_fallback_models"})
NULLABLE = {
    "capabilities",
    "max_input_tokens",
    "max_tokens",
    "line",
    "deprecated_at",
    "retires_at",
    "capabilities.effort.xhigh",
    "capabilities.context_management.clear_thinking_20251015",
    "capabilities.context_management.clear_tool_uses_20250919",
    "capabilities.context_management.compact_20260112",
}
LIMITS = ("max_input_tokens", "max_tokens")


def _wrong(path: str) -> Any:
    """A value of a wrong type for the property."""
    if path.endswith("supported"):
        return "true"
    value: Any = NEWEST
    for step in path.split("."):
        value = value[step]
    return [] if isinstance(value, dict) else {} if value is None else [value]


@family(named(*PATHS))
def property_absent(ask: Ask, request: Request, path: str) -> Response:
    """One late model lacks a property."""
    return edited_late(ask, request, path, lambda model: dropped(model, path))


@family(named(*(path for path in PATHS if path not in NULLABLE and path != "id")))
def property_null(ask: Ask, request: Request, path: str) -> Response:
    """One late model has null in a property that may not be null."""
    return edited_late(ask, request, path, lambda model: put(model, path, None))


@family({path: (path, _wrong(path)) for path in PATHS})
def property_mistyped(ask: Ask, request: Request, case: tuple[str, Any]) -> Response:
    """One late model has a value of the wrong type in a property."""
    path, value = case
    return edited_late(ask, request, path, lambda model: put(model, path, value))


@family(
    {
        "id-empty": ("id", ""),
        "id-int": ("id", 5),
        "id-null": ("id", None),
        "type-Model": ("type", "Model"),
        "type-models": ("type", "models"),
        "type-object": ("type", "object"),
        "type-empty": ("type", ""),
        "display_name-int": ("display_name", 5),
        "capabilities-empty": ("capabilities", {}),
        "capabilities-names": ("capabilities", ["batch", "citations"]),
        "capabilities-true": ("capabilities", True),
        "capabilities-string": ("capabilities", "batch"),
        "batch-true": ("capabilities.batch", True),
        "batch.supported-1": ("capabilities.batch.supported", 1),
        "batch.supported-0": ("capabilities.batch.supported", 0),
        "batch.supported-yes": ("capabilities.batch.supported", "yes"),
        "effort.max.supported-False": ("capabilities.effort.max.supported", "False"),
        "effort-levels": ("capabilities.effort", ["low", "medium", "high"]),
        "effort.xhigh-false": ("capabilities.effort.xhigh", False),
        "compact_20260112-true": ("capabilities.context_management.compact_20260112", True),
        "thinking.types-names": ("capabilities.thinking.types", ["enabled"]),
        "thinking.types-empty": ("capabilities.thinking.types", {}),
        "lifecycle-Active": ("lifecycle", "Active"),
        "lifecycle-legacy": ("lifecycle", "legacy"),
        "line-empty": ("line", 5),
    }
)
def property_is(ask: Ask, request: Request, case: tuple[str, Any]) -> Response:
    """One late model has a value that the property cannot have."""
    path, value = case
    return edited_late(ask, request, path, lambda model: put(model, path, value))


@family(
    {
        f"{name}-{case}": (name, value)
        for name in LIMITS
        for case, value in {
            "negative": -1,
            "float": 200000.0,
            "fraction": 0.5,
            "string": "200000",
            "true": True,
            "false": False,
            "200k": "200k",
        }.items()
    }
)
def token_limit_is(ask: Ask, request: Request, case: tuple[str, Any]) -> Response:
    """One late model has a token limit that is not a count."""
    name, value = case
    return edited_late(ask, request, name, lambda model: put(model, name, value))


@family(
    {
        "capabilities-absent": lambda model: dropped(model, "capabilities"),
        "created_at-absent": lambda model: dropped(model, "created_at"),
        "display_name-absent": lambda model: dropped(model, "display_name"),
        "type-absent": lambda model: dropped(model, "type"),
        "limits-absent": lambda model: dropped(dropped(model, LIMITS[0]), LIMITS[1]),
        "type-object": lambda model: put(model, "type", "object"),
        "openai-fields": lambda model: model | {"object": model.pop("type"), "created": 1700000000},
        "snake-to-camel": lambda model: {_camel(name): value for name, value in model.items()},
    }
)
def every_model(ask: Ask, request: Request, edit: Any) -> Response:
    """Every model is wrong in the same way."""
    return edited(ask, request, lambda model: edit(dict(model)))


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


@fault
def nulls_are_left_out(ask: Ask, request: Request) -> Response:
    """Properties that are null are left out of every model."""
    return edited(ask, request, lambda m: {k: v for k, v in m.items() if v is not None})


@fault
def xhigh_missing_everywhere(ask: Ask, request: Request) -> Response:
    """No model has effort.xhigh, as in production before June 2026."""
    path = "capabilities.effort.xhigh"
    return edited(ask, request, lambda m: dropped(m, path) if has_path(m, path) else m)


@family({"empty": "", "blank": "  "})
def display_name_is(ask: Ask, request: Request, name: str) -> Response:
    """One late model has a display_name without any visible character."""
    return edited_late(ask, request, "display_name", lambda m: put(m, "display_name", name))
