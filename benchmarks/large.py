"""Large catalogues, compared with a bare crawl: `python benchmarks/large.py [ROUNDS] [MODELS ...]`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from measure import (
    KEY,
    Cost,
    bare_pytest,
    contract,
    in_turn,
    ratios,
    server,
    spread,
    workplace,
    yardstick,
)

SIZES = (1_000, 10_000, 100_000)


def main(rounds: int = 5, *sizes: int) -> None:
    """Print time and peak memory of the contract and of the crawl, for each size."""
    for models in sizes or SIZES:
        with workplace() as folder, server(models) as (fake, base_url):
            costs = in_turn(rounds, **_contestants(base_url, folder))
            fake.requests.clear()
            contract(base_url, folder)
            print(f"{models:,} models, {len(fake.requests)} requests")
            _print(costs)


def _contestants(base_url: str, folder: Path) -> dict[str, Callable[[], Cost]]:
    return {
        "contract": lambda: contract(base_url, folder),
        "reading": lambda: yardstick("contract_crawl", base_url, KEY, folder=folder),
        "crawl": lambda: yardstick("crawl", base_url, KEY, folder=folder),
        "pytest": lambda: bare_pytest(folder),
    }


def _print(costs: dict[str, list[Cost]]) -> None:
    for name in ("seconds", "processor"):
        own, reading, crawl, start = (
            [getattr(cost, name) for cost in costs[kind]] for kind in costs
        )
        started = [one + two for one, two in zip(crawl, start, strict=True)]
        print(
            f"  {name}: contract {spread(own)}, crawl {spread(crawl)}, ratio {spread(ratios(own, crawl))},"
            f" to crawl and start of pytest {spread(ratios(own, started))},"
            f" of its reading alone {spread(ratios(reading, crawl))}"
        )
    own, reading, crawl = (
        [cost.memory / 2**20 for cost in costs[kind]] for kind in ("contract", "reading", "crawl")
    )
    print(
        f"  MiB: contract {spread(own)}, crawl {spread(crawl)}, ratio {spread(ratios(own, crawl))},"
        f" of its reading alone {spread(ratios(reading, crawl))}"
    )


main(*map(int, sys.argv[1:]))
