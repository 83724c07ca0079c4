"""The diagnoses of each fault of the fake: `python tests/print_diagnoses.py` prints them, and totals.

Each fault is run, in as many processes as there are processors: that takes some minutes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from diagnosed import diagnosed
from fault_rows import FaultRow, all_fault_rows
from judging import ALONE


def titles_of(fault_row: FaultRow) -> Sequence[str]:
    """The titles of the diagnoses of a fake with this fault, `advice:` before those that are advice."""
    found = diagnosed(
        fault_row.fake(),
        fault_row.revision,
        only=(*ALONE, "clients"),
        **fault_row.circumstances,
    )
    return [
        own["title"] if own["level"] == "must" else f"advice: {own['title']}"
        for own in found.diagnoses
    ]


def caught() -> Mapping[str, FaultRow]:
    """The faults that violate a check."""
    return {name: row for name, row in all_fault_rows().items() if row.catches}


def measured(rows: Mapping[str, FaultRow]) -> dict[str, Sequence[str]]:
    """The titles for each of these faults."""
    with ProcessPoolExecutor() as processes:
        return dict(zip(rows, processes.map(titles_of, rows.values(), chunksize=4), strict=True))


def totals(found: Iterable[Sequence[str]]) -> Iterator[str]:
    """How many faults get how many diagnoses."""
    numbers = Counter(map(len, found))
    for number, faults in sorted(numbers.items()):
        share = faults / numbers.total()
        yield f"{number} diagnoses: {faults} faults ({share:.1%})"


def main() -> None:
    found = measured(caught())
    for name, titles in found.items():
        print(f"{len(titles)} {name}: {' | '.join(titles)}")
    print("\n".join(totals(found.values())))


if __name__ == "__main__":
    main()
