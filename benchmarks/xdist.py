"""The contract on several processes, 150 ms for each response: `python benchmarks/xdist.py [ROUNDS]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from measure import Cost, contract, in_turn, ratios, server, spread, workplace

from pytest_models_contract.fake import Fake

LATENCY = 0.15
XDIST = ("-p", "xdist.plugin")
DISTRIBUTIONS = [(n, dist) for n in (2, 4) for dist in ("load", "loadscope", "worksteal")]


def main(rounds: int = 1) -> None:
    """Print time and requests of each distribution, and whether its verdicts equal those of one process."""
    with workplace() as folder, server(27, LATENCY) as (fake, base_url):
        alone = in_turn(rounds, alone=lambda: contract(base_url, folder))["alone"]
        expected = _report(folder)
        print(
            f"one process: {spread([c.seconds for c in alone], ' s')}, {expected['requests']} requests"
        )
        for workers, dist in DISTRIBUTIONS:
            run = partial(contract, base_url, folder, *XDIST, f"-n{workers}", f"--dist={dist}")
            costs = in_turn(rounds, run=partial(_counting, fake, run))["run"]
            gain = spread(ratios([c.seconds for c in alone], [c.seconds for c in costs]))
            print(f"-n {workers} --dist {dist}: gain {gain}, {_result(fake, folder, expected)}")


def _counting(fake: Fake, run: Callable[[], Cost]) -> Cost:
    fake.requests.clear()
    return run()


def _result(fake: Fake, folder: Path, expected: dict[str, Any]) -> str:
    found = _report(folder)
    same = "same verdicts" if _verdicts(found) == _verdicts(expected) else "OTHER VERDICTS"
    readings = sum(request.query == (("limit", "1000"),) for request in fake.requests)
    return (
        f"{same}, {found['requests']} requests ({len(fake.requests)} received), {readings} readings"
    )


def _report(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return found


def _verdicts(report: dict[str, Any]) -> dict[str, str]:
    return {check["id"]: check["verdict"] for check in report["checks"]}


main(*map(int, sys.argv[1:]))
