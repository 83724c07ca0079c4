"""The models that the fake serves: real ones with their published facts, and invented ones.

`catalogue.json` has each model once, with the properties of the newest revision. For an older
revision the newer properties are removed. Fakes share the models, so nobody may change them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from pytest_models_contract.spec.rfc3339 import Instant, instant

Model = dict[str, Any]

DEFAULT_REVISION = "2026-04-16"
MOST_MODELS = 100_000
EPOCH = "1970-01-01T00:00:00Z"

# The properties besides id, type, display_name and created_at, and the revision that added each.
SINCE = {
    "capabilities": "2026-03-18",
    "max_input_tokens": "2026-03-18",
    "max_tokens": "2026-03-18",
    "lifecycle": "2026-10-07",
    "line": "2026-10-07",
    "deprecated_at": "2026-10-07",
    "retires_at": "2026-10-07",
    "capabilities.effort.xhigh": "2026-04-16",
    "capabilities.server_tools": "2026-10-07",
    "capabilities.thinking.types.disabled": "2026-10-07",
    "capabilities.thinking.types.between_tools": "2026-10-15",
}

REVISIONS = ("2024-12-17", *sorted(set(SINCE.values())), "2026-11-24")
"""The first and the last one add no property."""

COMPACTION = "2026-10-07"
"""The revision that added `capabilities.compaction`, under `?beta=true` alone."""

CAPABILITIES: dict[str, tuple[str, ...]] = {
    "batch": (),
    "citations": (),
    "code_execution": (),
    "context_management": (
        "clear_thinking_20251015",
        "clear_tool_uses_20250919",
        "compact_20260112",
    ),
    "effort": ("low", "medium", "high", "xhigh", "max"),
    "image_input": (),
    "pdf_input": (),
    "server_tools": ("code_execution", "web_search"),
    "structured_outputs": (),
    "thinking": ("types.enabled", "types.adaptive", "types.disabled", "types.between_tools"),
}

BLANK: Model = {
    "allowed_fallback_models": None,
    "display_name": "",
    "created_at": EPOCH,
    "max_input_tokens": None,
    "max_tokens": None,
    "capabilities": None,
    "lifecycle": "active",
    "line": None,
    "deprecated_at": None,
    "retires_at": None,
}


def has(revision: str, path: str) -> bool:
    """Whether models of `revision` have the property at the dotted `path`."""
    return revision >= SINCE.get(path, "")


@lru_cache(maxsize=16)
def catalogue(count: int, revision: str) -> tuple[Model, ...]:
    """The first `count` models (0 to 100000) with the properties of `revision`, newest first.

    The same arguments give the same models. ValueError: `count` is out of that range.
    """
    if not 0 <= count <= MOST_MODELS:
        raise ValueError(f"models={count}: a number from 0 to {MOST_MODELS}, or a list of models")
    written = _written()
    rows = [*written[:count], *_older(count - len(written))]
    return newest_first([_shown(row, revision) for row in rows])


def completed(models: Sequence[Mapping[str, Any]], revision: str) -> tuple[Model, ...]:
    """Models of the caller, newest first, completed with the properties of `revision` that they lack.

    Each needs an `id`. Their own properties stay as they are, known to the revision or not.
    """
    blank = {name: value for name, value in BLANK.items() if has(revision, name)}
    return newest_first(
        [{"type": "model", **blank, "display_name": str(given["id"]), **given} for given in models]
    )


def newest_first(models: Sequence[Model]) -> tuple[Model, ...]:
    """The models by release date, newest first; models of equal date keep their order.

    Models without a readable date come last.
    """
    return tuple(sorted(models, key=_released, reverse=True))


def _released(model: Model) -> tuple[Instant, ...]:
    moment = instant(str(model["created_at"]))
    return () if moment is None else (moment,)


def of_beta(model: Model, revision: str) -> Model:
    """The model as `?beta=true` shows it: its capabilities say more."""
    known = model.get("capabilities")
    if not isinstance(known, dict) or revision < COMPACTION:
        return model
    support = {"supported": bool(known.get("context_management"))}
    return model | {"capabilities": {"compaction": {**support, "summarize": support}, **known}}


def property_paths(model: Mapping[str, Any]) -> Iterator[str]:
    """Every property of a model as a dotted path: `id`, `capabilities.effort.max` and so on."""
    for name, value in model.items():
        yield name
        if isinstance(value, Mapping):
            yield from (f"{name}.{below}" for below in property_paths(value))


@cache
def _read() -> dict[str, Any]:
    text = files("pytest_models_contract.fake").joinpath("catalogue.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def _written() -> list[Model]:
    return list(_read()["models"])


def _older(count: int) -> Iterator[Model]:
    """Invented models, older than the real ones; twenty of them have the same date."""
    last_day = date(2022, 12, 31)
    for number in range(count):
        released = last_day - timedelta(days=number // 20)
        yield BLANK | {
            "id": f"claude-archive-{number + 1:06d}",
            "display_name": f"Claude Archive {number + 1}",
            "created_at": f"{released}T00:00:00Z",
            "profile": "2024" if number % 2 else None,
        }


def _shown(row: Model, revision: str) -> Model:
    model = {"type": "model", **row, "capabilities": _capabilities(row["profile"], revision)}
    del model["profile"]
    return {name: value for name, value in model.items() if has(revision, name)}


@cache
def _capabilities(profile: str | None, revision: str) -> Model | None:
    if profile is None:
        return None
    known = _read()["profiles"][profile]
    shown: Model = {}
    for name, members in CAPABILITIES.items():
        for path in (name, *(f"{name}.{member}" for member in members)):
            if has(revision, f"capabilities.{name}") and has(revision, f"capabilities.{path}"):
                support = {"supported": path in known["supported"]}
                _put(shown, path, None if path in known["null"] else support)
    return shown


def _put(tree: Model, path: str, value: object) -> None:
    *above, name = path.split(".")
    for step in above:
        tree = tree.setdefault(step, {})
    tree[name] = value
