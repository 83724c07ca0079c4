"""The page map: each list request drawn over the positions of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

CELLS = 60
"""Up to so many models each has a cell of its own."""
TICKS = 4
FEW = 4
HELD, EXTRA, MISSING, DRAWN = "held", "extra", "missing", "drawn"
"""Positions held as expected, held only, expected only, and held where nothing is known of it."""
Runs = Sequence[Sequence[int]]


def section(catalogue: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The groups of rows with what to draw, None where no page was read."""
    if not catalogue or not catalogue["groups"]:
        return None
    size = max(1, catalogue["size"])
    return {
        "size": size,
        "cell": f"{1 / size:.6f}" if size <= CELLS else "",
        "ticks": _ticks(size),
        "whose": "the upstream's catalogue" if catalogue["of_upstream"] else "the catalogue",
        "not_compared": catalogue["not_compared"],
        "wrong": sum(bool(row["wrong"]) for group in catalogue["groups"] for row in group["rows"]),
        "groups": [
            {**group, "rows": [drawn(row, size) for row in group["rows"]]}
            for group in catalogue["groups"]
        ],
    }


def drawn(row: Mapping[str, Any], size: int) -> dict[str, Any]:
    """A row with its rectangles, and the same in words."""
    return {
        "asked": row["asked"],
        "result": row["result"],
        "wrong": row["wrong"],
        "unknown": row["unknown"],
        "boxes": [_placed(run, size) for run in row["expected"] or ()],
        "parts": [(kind, *_placed(run, size)) for kind, run in parts(row["held"], row["expected"])],
        "words": _in_words(row),
    }


def parts(held: Runs, expected: Runs | None) -> Iterator[tuple[str, tuple[int, int]]]:
    """The positions in stretches of one kind."""
    if expected is None:
        yield from ((DRAWN, (first, last)) for first, last in held)
        return
    cuts = {cut for first, last in (*held, *expected) for cut in (first, last + 1)}
    ends = sorted(cuts)
    for first, after in pairwise(ends):
        is_held, is_expected = _covers(held, first), _covers(expected, first)
        if is_held or is_expected:
            kind = (HELD if is_expected else EXTRA) if is_held else MISSING
            yield kind, (first, after - 1)


def _covers(runs: Runs, place: int) -> bool:
    return any(first <= place <= last for first, last in runs)


def _placed(run: Sequence[int], size: int) -> tuple[str, str]:
    """Where a run begins and how wide it is, in percent."""
    return f"{100 * run[0] / size:.4g}", f"{100 * (run[1] - run[0] + 1) / size:.4g}"


def _in_words(row: Mapping[str, Any]) -> str:
    held = f"holds {_positions(row['held'])}"
    if row["unknown"]:
        held += f" and {row['unknown']} unknown ids"
    expected = "" if row["expected"] is None else f", expected {_positions(row['expected'])}"
    return f"{held}{expected}"


def _positions(runs: Runs) -> str:
    shown = [f"{a + 1}" if a == b else f"{a + 1} to {b + 1}" for a, b in runs[:FEW]]
    more = ["and more"] if len(runs) > FEW else []
    return f"positions {', '.join([*shown, *more])}" if shown else "no position"


def _ticks(size: int) -> list[str]:
    """Positions along the axis: the newest model, some between, the oldest."""
    places = {1, size, *(1 + round((size - 1) * n / TICKS) for n in range(1, TICKS))}
    return [f"{place:,}" for place in sorted(places)]
