"""A server that takes 150 ms for each response: `python benchmarks/slow.py [ROUNDS]`."""

from __future__ import annotations

import sys

from measure import contract, in_turn, server, spread, workplace, written, yardstick

LATENCY = 0.15


def main(rounds: int = 3) -> None:
    """Print the time beyond requests times latency, and the time of several requests at once."""
    with workplace() as folder, server(27, LATENCY) as (fake, base_url):
        contract(base_url, folder)
        asked = list(fake.requests)
        requests = written(asked, folder)
        costs = in_turn(
            rounds,
            contract=lambda: contract(base_url, folder),
            one=lambda: yardstick("ask", base_url, requests, "1", folder=folder),
            four=lambda: yardstick("ask", base_url, requests, "4", folder=folder),
        )
        waited = len(asked) * LATENCY
        print(f"{len(asked)} requests, {waited:.2f} s of waiting")
        own = [cost.seconds for cost in costs["contract"]]
        print(
            f"contract: {spread(own, ' s')}, beyond the waiting {spread([s - waited for s in own], ' s')}"
        )
        for name in ("one", "four"):
            print(f"bare httpx, {name} at a time: {spread([c.seconds for c in costs[name]], ' s')}")


main(*map(int, sys.argv[1:]))
