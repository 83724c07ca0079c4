"""The table of models: dates, limits, capabilities, and the values that are wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

LONGEST = 3_500_000
"""So many bytes the rows take together: servers may have models without end, with names without end."""
MOST_PROBLEMS = 50
"""So many wrong values are explained."""
MARKS = {"yes": "✓", "no": "\u2013", "null": "null", "absent": "absent", "?": "?"}
UNKNOWN = ("null", "absent", "?")
NUMBERS = ("max_input_tokens", "max_tokens")
HEADS = {
    "max_input_tokens": "input tokens",
    "max_tokens": "output tokens",
    "created_at": "released",
}


def section(catalogue: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The columns and rows, None where no model was read."""
    if not catalogue or not catalogue["models"]["rows"]:
        return None
    found = catalogue["models"]
    columns: list[str] = found["columns"]
    rows = list(_fitting(_rows(found)))
    return {
        "columns": [(HEADS.get(name, _spaced(name)), name in NUMBERS) for name in columns],
        "capabilities": [_spaced(name) for name in found["capabilities"]],
        "rows": rows,
        "problems": [text for _, text in found["problems"][:MOST_PROBLEMS]],
        "more_problems": max(0, len(found["problems"]) - MOST_PROBLEMS),
        "odd": sum(bool(row[3]) for row in found["rows"]),
        "left": found["left"] + len(found["rows"]) - len(rows),
    }


def _rows(found: Mapping[str, Any]) -> Iterator[Markup]:
    """Each model as a row: its id, its values, its capabilities, the numbers of what is wrong."""
    columns, profiles = found["columns"], [_cells(profile) for profile in found["profiles"]]
    is_any_odd = any(odd for *_, odd in found["rows"])
    for name, values, profile, odd in found["rows"]:
        paths = [found["problems"][n][0] for n in odd]
        cells = profiles[profile]
        if wrong := _wrong_capabilities(paths):
            marked = [capability in wrong for capability in found["capabilities"]]
            cells = _cells(found["profiles"][profile], marked)
        head = Markup('<tr><th scope="row">{}').format(name)
        yield head + _values(values, columns, paths) + cells + _numbers(odd, shown=is_any_odd)


def _fitting(rows: Iterable[Markup]) -> Iterator[Markup]:
    """The first rows, as long as they take no more than `LONGEST` together."""
    length = 0
    for row in rows:
        length += len(row.encode())
        if length > LONGEST:
            return
        yield row


def _values(values: Sequence[str], columns: Sequence[str], odd: Sequence[str]) -> Markup:
    cells = zip(values, columns, strict=True)
    return Markup("").join(_value(value, column, odd=column in odd) for value, column in cells)


def _value(value: str, column: str, *, odd: bool) -> Markup:
    classes = " ".join([*["num"] * (column in NUMBERS), *["odd"] * odd])
    if not classes:
        return Markup("<td>{}").format(value)
    return Markup('<td class="{}">{}').format(classes, value)


def _cells(profile: Sequence[str], odd: Sequence[bool] = ()) -> Markup:
    """The cells of one combination of capabilities, which many models share."""
    if len(set(profile)) == 1 and profile[0] in UNKNOWN:
        text, kind = profile[0], "odd" if any(odd) else "none"
        return Markup('<td class="{}" colspan="{}">{}').format(kind, len(profile), text)
    return Markup("").join(map(_cell, profile, odd or [False] * len(profile)))


def _cell(support: str, odd: bool) -> Markup:
    mark, _, of_parts = support.partition(" ")
    text = f"{MARKS[mark]} {of_parts}".strip()
    if odd or mark in UNKNOWN:
        return Markup('<td class="{}">{}').format("odd" if odd else "none", text)
    return Markup("<td>{}").format(text)


def _wrong_capabilities(paths: Iterable[str]) -> set[str]:
    """The names of the capabilities that have a wrong value somewhere."""
    return {path.split(".")[1] for path in paths if path.startswith("capabilities.")}


def _numbers(odd: Sequence[int], *, shown: bool) -> Markup:
    """The numbers of the explanations, from 1; where there is none, a mark."""
    numbers = [str(n + 1) for n in odd if n < MOST_PROBLEMS]
    text = ", ".join(numbers) or ("…" if odd else "")
    return Markup("<td>{}").format(text) if shown else Markup("")


def _spaced(name: str) -> str:
    return name.replace("_", " ")
