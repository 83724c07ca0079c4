"""The kill matrix: `python tests/print_fault_table.py` prints each check with the mutants it kills.

`--totals` prints the last lines alone, `--mutants` the other side: each mutant with its killers.
The table is the one the self-test holds the suite to (`tests/fault_rows.py`), so that nothing is run here.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fault_rows import FaultRow, all_fault_rows, reported_id
from fault_table.clients import CLIENTS

from pytest_models_contract.suite import checks


def catchers() -> Mapping[str, list[str]]:
    """The lies by the check that they are killed by, every check of every revision included."""
    found: dict[str, list[str]] = {check: [] for check in sorted(checks.known_ids())}
    for fault_row in everyone():
        for check in fault_row.catches:
            found[reported_id(check)].append(fault_row.fault)
    return found


def everyone() -> list[FaultRow]:
    """Every row of the table, those that clients notice included."""
    return [*all_fault_rows().values(), *CLIENTS.all()]


def folded(faults: Sequence[str]) -> str:
    """The lies, families shown once with the number of their cases: `created_at_is[61]`."""
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
    dead = {fault_row.fault for fault_row in fault_rows if fault_row.catches}
    yield f"{len(catches)} checks, {sum(map(bool, catches.values()))} of them kill a mutant"
    yield f"{len(faults)} mutants, {len(dead)} killed, {sum(map(len, catches.values()))} kills"
    for fault_row in sorted(fault_rows, key=lambda one: one.fault):
        if fault_row.fault not in dead:
            yield f"survives: {fault_row.fault}: {fault_row.because}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the matrix; `arguments` are those of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--totals", action="store_true")
    parser.add_argument("--mutants", action="store_true")
    asked = parser.parse_args(arguments)
    lines: list[str] = []
    if asked.fault_rows:
        lines = [
            f"{one.fault}: {', '.join(sorted(one.catches)) or one.because}" for one in everyone()
        ]
    elif not asked.totals:
        lines = [
            f"{len(faults):4} {check}: {folded(faults)}" for check, faults in catchers().items()
        ]
    print("\n".join([*lines, *totals()]))


if __name__ == "__main__":
    main()
