"""What only a restart shows: a server whose list is made again at each start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fault_rows import FaultRow
from judging import KEY, check_of

from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.catalogue import catalogue
from pytest_models_contract.suite import test_order as order

Models = Sequence[Mapping[str, Any]]
TIED = 5
"""The first of two models of the same date."""


class Restartable:
    """A fake that can be restarted; `listed` gives its models by the number of the start."""

    def __init__(self, listed: Callable[[int], Models], *faults: Any) -> None:
        self._listed, self._faults = listed, faults
        self.starts = 0
        self.restart()

    def restart(self) -> None:
        self.starts += 1
        self._fake = Fake(self._listed(self.starts), key=KEY, faults=self._faults)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        return self._fake(environ, start_response)


def tied() -> list[Mapping[str, Any]]:
    """A catalogue in which two neighbours have the same date."""
    models = list(catalogue(27, "2026-04-16"))
    models[TIED] = {**models[TIED], "created_at": models[TIED + 1]["created_at"]}
    return models


def ties_change_places(start: int) -> Models:
    """At every other start two models of the same date stand in the other order."""
    models = tied()
    models[TIED : TIED + 2] = models[TIED : TIED + 2][:: 1 if start % 2 else -1]
    return models


FAULTY: Mapping[str, Callable[[int], Models]] = {
    "ties_change_places_at_each_start": ties_change_places
}
RESTARTS = [
    FaultRow(name, dict([check_of(order.test_is_the_same_after_a_restart)])) for name in FAULTY
]
