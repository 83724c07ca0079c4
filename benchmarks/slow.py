"""A server that takes 150 ms for each response: `python benchmarks/slow.py [ROUNDS]`."""

from __future__ import annotations

import sys

from measure import contract, in_turn, server, spread, workplace, written, yardstick

LATENCY = 0.15


def main(rounds: int = 3) -> None:
    """Print the time of the contract and of the bare requests, several at once and one at a time."""
    with workplace() as folder, server(27, LATENCY) as (fake, base_url):
        contract(base_url, folder)
        asked = list(fake.requests)
        requests = written(asked, folder)
        costs = in_turn(
            rounds,
            contract=lambda: contract(base_url, folder),
            alone=lambda: contract(base_url, folder, "--models-concurrency=1"),
            one=lambda: yardstick("ask", base_url, requests, "1", folder=folder),
            four=lambda: yardstick("ask", base_url, requests, "4", folder=folder),
        )
        waited = len(asked) * LATENCY
        print(f"{len(asked)} requests, {waited:.2f} s of waiting")
        for name, words in {"contract": "contract", "alone": "contract, one at a time"}.items():
            print(f"{words}: {spread([cost.seconds for cost in costs[name]], ' s')}")
        for name in ("one", "four"):
            print(f"bare httpx, {name} at a time: {spread([c.seconds for c in costs[name]], ' s')}")


main(*map(int, sys.argv[1:]))
