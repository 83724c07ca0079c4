"""The cost of an installed plugin for a run that does not use it: `python benchmarks/idle.py [ROUNDS]`."""

from __future__ import annotations

import sys
from functools import partial

from measure import child, in_turn, output_of, ratios, spread, workplace

HEAVY = "httpx", "jsonschema", "vcr", "yaml"
LOADED = (
    f"import pytest, sys; pytest.main(['-q']); print('loaded:', *{{*{HEAVY}}} & {{*sys.modules}})"
)


def main(rounds: int = 30) -> None:
    """Print the difference and the ratio, and which heavy modules were loaded."""
    with workplace() as folder:
        run = partial(
            child, "-m", "pytest", "test_empty.py", folder=folder, autoload=True, status=[5]
        )
        without = partial(run, "-p", "no:pytest_models_contract")
        costs = in_turn(rounds, idle=run, without=without)
        for name in ("seconds", "processor"):
            own, other = ([getattr(cost, name) for cost in costs[kind]] for kind in costs)
            added = [1000 * (one - two) for one, two in zip(own, other, strict=True)]
            print(f"{name}: ratio {spread(ratios(own, other))}, added {spread(added, ' ms')}")
        child("-c", LOADED, folder=folder, autoload=True)
        print(output_of(folder).splitlines()[-1])


main(*map(int, sys.argv[1:]))
