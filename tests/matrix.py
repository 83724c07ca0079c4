"""The kill matrix: `python tests/matrix.py` prints each check with the mutants it kills.

`--totals` prints the last lines alone, `--mutants` the other side: each mutant with its killers.
The table is the one the self-test holds the suite to (`tests/mutants.py`), so that nothing is run here.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from killed.clients import CLIENTS
from mutants import Mutant, all_mutants, reported_id

from pytest_models_contract.suite import checks


def killers() -> Mapping[str, list[str]]:
    """The lies by the check that they are killed by, every check of every revision included."""
    found: dict[str, list[str]] = {check: [] for check in sorted(checks.known_ids())}
    for mutant in everyone():
        for check in mutant.kills:
            found[reported_id(check)].append(mutant.lie)
    return found


def everyone() -> list[Mutant]:
    """Every row of the table, those that clients notice included."""
    return [*all_mutants().values(), *CLIENTS.all()]


def folded(lies: Sequence[str]) -> str:
    """The lies, families shown once with the number of their cases: `created_at_is[61]`."""
    families: dict[str, int] = defaultdict(int)
    for lie in lies:
        families[lie.partition("[")[0]] += 1
    names = set(lies)
    return ", ".join(
        name if name in names else f"{name}[{count}]" for name, count in families.items()
    )


def totals() -> Iterator[str]:
    mutants, kills = everyone(), killers()
    lies = {mutant.lie for mutant in mutants}
    dead = {mutant.lie for mutant in mutants if mutant.kills}
    yield f"{len(kills)} checks, {sum(map(bool, kills.values()))} of them kill a mutant"
    yield f"{len(lies)} mutants, {len(dead)} killed, {sum(map(len, kills.values()))} kills"
    for mutant in sorted(mutants, key=lambda one: one.lie):
        if mutant.lie not in dead:
            yield f"survives: {mutant.lie}: {mutant.because}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the matrix; `arguments` are those of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--totals", action="store_true")
    parser.add_argument("--mutants", action="store_true")
    asked = parser.parse_args(arguments)
    lines: list[str] = []
    if asked.mutants:
        lines = [f"{one.lie}: {', '.join(sorted(one.kills)) or one.because}" for one in everyone()]
    elif not asked.totals:
        lines = [f"{len(lies):4} {check}: {folded(lies)}" for check, lies in killers().items()]
    print("\n".join([*lines, *totals()]))


if __name__ == "__main__":
    main()
