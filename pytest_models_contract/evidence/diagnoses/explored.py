"""What an exploration alone meets, in its own words: it has found out for which requests it is so."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import EXPLORED
from pytest_models_contract.evidence.diagnoses.observed import Observed


def explored(seen: Observed) -> Iterator[Cause]:
    """Each pattern of an exploration; what explains more checks than those of the area comes before it."""
    for _, found in seen.findings(EXPLORED):
        if found.when:
            follows = partial(_is_of, found.when)
            yield Cause(f"explored: {found.when}", f"{found.when}: {found.where}", follows)


def _is_of(when: str, check: str, found: Finding) -> bool:
    return check.startswith(EXPLORED) and found.when == when
