"""The table of faults: `python tests/print_fault_table.py` prints each check with the faults it catches.

`--totals` prints only the last lines. `--faults` prints each fault with the checks that catch it.
The tests of the suite verify the table (`tests/fault_rows.py`), so nothing is run here.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fault_rows import everyone, reported_id

from pytest_models_contract.suite import checks


def catchers() -> Mapping[str, list[str]]:
    """The faults that each check catches, for all checks of all revisions."""
    found: dict[str, list[str]] = {check: [] for check in sorted(checks.known_ids())}
    for fault_row in everyone():
        for check in fault_row.catches:
            found[reported_id(check)].append(fault_row.fault)
    return found


def folded(faults: Sequence[str]) -> str:
    """The faults, each family once with the number of its cases: `created_at_is[61]`."""
    families: dict[str, int] = defaultdict(int)
    for fault in faults:
        families[fault.partition("[")[0]] += 1
    names = set(faults)
    return ", ".join(
        name if name in names else f"{name}[{count}]" for name, count in families.items()
    )


def totals() -> Iterator[str]:
    fault_rows, catches = everyone(), catchers()
    faults = {fault_row.fault for fault_row in fault_rows}
    caught = {fault_row.fault for fault_row in fault_rows if fault_row.catches}
    yield f"{len(catches)} checks, {sum(map(bool, catches.values()))} of them catch a fault"
    yield f"{len(faults)} faults, {len(caught)} caught, {sum(map(len, catches.values()))} catches"
    for fault_row in sorted(fault_rows, key=lambda one: one.fault):
        if fault_row.fault not in caught:
            yield f"not caught: {fault_row.fault}: {fault_row.because}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; `arguments` are those of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--totals", action="store_true")
    parser.add_argument("--faults", action="store_true")
    chosen = parser.parse_args(arguments)
    lines: list[str] = []
    if chosen.faults:
        lines = [
            f"{one.fault}: {', '.join(sorted(one.catches)) or one.because}" for one in everyone()
        ]
    elif not chosen.totals:
        lines = [
            f"{len(faults):4} {check}: {folded(faults)}" for check, faults in catchers().items()
        ]
    print("\n".join([*lines, *totals()]))


if __name__ == "__main__":
    main()
