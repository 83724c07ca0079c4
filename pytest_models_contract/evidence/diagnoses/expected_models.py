"""Models that the user expects: those that the list lacks, and those that cannot be retrieved."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import grouped, named
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, is_list

CHECK = "retrieve/expected_model_is_listed_and_found["


def expected_models(seen: Observed) -> Iterator[Cause]:
    """What `--models-expect` names and the server has not."""
    violated = [own for own in seen.violated if own.check.startswith(CHECK)]
    kinds = grouped(
        violated, lambda own: "listed" if is_list(own.findings[0].response) else "found"
    )
    for kind, alike in kinds.items():
        names = [own.check.removeprefix(CHECK)[:-1] for own in alike]
        says = "the list lacks models that are expected"
        if kind == "found":
            says = "expected models are listed but cannot be retrieved"
        responses = [found.response for own in alike for found in own.findings]
        hint = (
            "" if kind == "found" else "see --models-expect, and what the server lists for this key"
        )
        yield Cause(f"expected {kind}", f"{says}: {named(names)}", among(responses, CHECK), hint)
