"""Requests to the first finding: windows as `--models-explore` draws them against uniform random ones.

`python benchmarks/explore.py [SEEDS]` asks each server of `fake/faults/narrow.py` and `narrow_memory.py`, of
240 models, until a response is wrong, at most 1,000 times. A response is wrong when it is not the one of the
conformant fake. The suite itself finds none of these faults.
"""

from __future__ import annotations

import random
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from urllib.parse import quote

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.evidence.explore import drawing
from pytest_models_contract.evidence.explore.space import space_of
from pytest_models_contract.evidence.explore.windows import CURSORS, Single, Space, Target, Window
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Fake, Fault, Request
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

MODELS = 240
MOST = 1_000
WITHIN = (300, 400, MOST)
NARROW = [name for name in FAULTS if name.startswith("narrow_")]
Draw = Callable[[Space, int], Iterator[Target]]


def explored(space: Space, seed: int) -> Iterator[Target]:
    """The windows and models of `--models-explore`."""
    return chain.from_iterable(drawing.steps(space, seed))


def uniform(most: int) -> Draw:
    """Windows of any cursor or none, with any limit up to `most`."""

    def drawn(space: Space, seed: int) -> Iterator[Target]:
        rng = random.Random(seed)  # noqa: S311 - nothing secret is drawn
        cursors = [Window("", 0, None)]
        cursors += [
            Window(name, place, None) for name in CURSORS[1:] for place in range(space.size)
        ]
        while True:
            yield rng.choice(cursors)._replace(limit=rng.randint(1, most))

    return drawn


DRAWS = {
    "--models-explore": explored,
    "uniform, limits 1 to 1,000": uniform(1000),
    f"uniform, limits 1 to {MODELS + 1}": uniform(MODELS + 1),
}


def main(seeds: int = 20) -> None:
    """Print what each draw finds within so many requests, then what the first one finds late or never."""
    space = _space()
    conformant = Fake(MODELS)
    for title, draw in DRAWS.items():
        drawn = [list(islice(draw(space, seed), MOST)) for seed in range(seeds)]
        found = {name: [first(FAULTS[name], conformant, one) for one in drawn] for name in NARROW}
        _print(title, found)


def first(fault: Fault, conformant: Fake, targets: Sequence[Target]) -> int:
    """The number of the first request with a wrong response; one beyond `MOST` when there is none."""
    fake = Fake(MODELS, faults=[fault])
    ids = [model["id"] for model in fake.models]
    for number, target in enumerate(targets, 1):
        request = _request(target, ids)
        response, right = fake.respond(request), conformant.respond(request)
        if (response.status, response.body) != (right.status, right.body):
            return number
    return MOST + 1


def _space() -> Space:
    api = ModelsAPI(IN_PROCESS, Wsgi(Fake(MODELS)))
    return space_of(Evidence(api, Revision.load()))


def _request(target: Target, ids: Sequence[str]) -> Request:
    if isinstance(target, Single):
        return Request(path=f"/v1/models/{quote(ids[target.place], safe='')}")
    query = [(target.cursor, ids[target.place])] if target.cursor else []
    limit = [("limit", str(target.limit))] if target.limit else []
    return Request(query=(*query, *limit))


def _print(title: str, found: dict[str, list[int]]) -> None:
    every = list(zip(*found.values(), strict=True))
    print(f"{title}: of {len(found)} servers")
    for within in WITHIN:
        counts = [sum(number <= within for number in one) for one in every]
        print(
            f"  within {within:,}: {statistics.mean(counts):.1f} ({min(counts)} to {max(counts)})"
        )
    medians = sorted(statistics.median(numbers) for numbers in found.values())
    print(f"  requests to the first finding, median over servers: {statistics.median(medians):g}")
    for name, numbers in found.items():
        late = [sum(number <= within for number in numbers) for within in WITHIN]
        if late[1] < len(numbers):
            print(
                f"    {name}: {late[1]} of {len(numbers)} seeds within 400, {late[2]} within 1,000"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
