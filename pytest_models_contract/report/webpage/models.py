"""The table of models: dates, limits, capabilities, and the values that are wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

MOST_PROBLEMS = 50
"""So many wrong values are explained."""
MARKS = {"yes": "✓", "no": "\u2013", "null": "null", "absent": "absent", "?": "?"}
NUMBERS = ("max_input_tokens", "max_tokens")
HEADS = {
    "max_input_tokens": "input tokens",
    "max_tokens": "output tokens",
    "created_at": "released",
}
NO_NAME = "display_name"


def section(catalogue: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The columns and rows, None where no model was read."""
    if not catalogue or not catalogue["models"]["rows"]:
        return None
    found = catalogue["models"]
    columns: list[str] = found["columns"]
    paths = [path for path, _ in found["problems"]]
    profiles = [_cells(profile) for profile in found["profiles"]]
    return {
        "columns": [(HEADS.get(name, _spaced(name)), name in NUMBERS) for name in columns],
        "capabilities": [_spaced(name) for name in found["capabilities"]],
        "rows": [
            (
                own_id,
                _values(values, columns, [paths[n] for n in odd]),
                _marked(profiles[profile], found, [paths[n] for n in odd])
                if odd
                else profiles[profile],
                _numbers(odd),
            )
            for own_id, values, profile, odd in found["rows"]
        ],
        "problems": [text for _, text in found["problems"][:MOST_PROBLEMS]],
        "more_problems": max(0, len(found["problems"]) - MOST_PROBLEMS),
        "odd": sum(bool(row[3]) for row in found["rows"]),
        "left": found["left"],
    }


def _values(
    values: Sequence[str], columns: Sequence[str], odd: Sequence[str]
) -> list[tuple[str, str]]:
    """Each value with its classes."""
    return [
        (value, _classes(numeric=column in NUMBERS, odd=column in odd))
        for value, column in zip(values, columns, strict=True)
    ]


def _classes(*, numeric: bool, odd: bool) -> str:
    return " ".join([*["num"] * numeric, *["odd"] * odd])


def _cells(profile: Sequence[str], odd: Sequence[bool] = ()) -> Markup:
    """The cells of one combination of capabilities. Many models have the same."""
    marked = odd or [False] * len(profile)
    return Markup("").join(map(_cell, profile, marked))


def _cell(support: str, odd: bool) -> Markup:
    mark, _, of_parts = support.partition(" ")
    text = f"{MARKS[mark]} {of_parts}".strip()
    if odd or mark in ("null", "absent", "?"):
        return Markup('<td class="{}">{}').format("odd" if odd else "none", text)
    return Markup("<td>{}").format(text)


def _marked(cells: Markup, found: Mapping[str, Any], odd: Sequence[str]) -> Markup:
    """The cells of a model with wrong capabilities: those are marked."""
    wrong = {path.split(".")[1] for path in odd if path.startswith("capabilities.")}
    if not wrong:
        return cells
    profile = next(own for own in found["profiles"] if _cells(own) == cells)
    return _cells(profile, [name in wrong for name in found["capabilities"]])


def _numbers(odd: Sequence[int]) -> str:
    """The numbers of the explanations, from 1; beyond those that are explained there is only a mark."""
    shown = [str(n + 1) for n in odd if n < MOST_PROBLEMS]
    return ", ".join(shown) or ("…" if odd else "")


def _spaced(name: str) -> str:
    return name.replace("_", " ")
