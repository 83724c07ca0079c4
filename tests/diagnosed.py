"""What is wrong with a server, in process: the diagnoses as in the report, without pytest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judging import ALONE, Verdict, judged_in_a_run

from pytest_models_contract.evidence.diagnoses.causes import Violated
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.session import diagnosing

UNEXPECTED = {"kind": "violated", "expected": False}


@dataclass(frozen=True)
class Diagnosed:
    """The verdicts on a server, its diagnoses, and what the rules looked at.

    A violated check that no rule explains has a diagnosis of its own, with its id as the title.
    """

    verdicts: Mapping[str, Verdict]
    diagnoses: Sequence[Mapping[str, Any]]
    observed: Observed

    @property
    def titles(self) -> list[str]:
        return [own["title"] for own in self.diagnoses]

    @property
    def sentences(self) -> list[str]:
        """The titles without the evidence behind the colon."""
        return [title.partition(": ")[0] for title in self.titles]


def diagnosed(app: Any, revision: str = "2026-04-16", **how: Any) -> Diagnosed:
    """What is wrong with a server; the arguments are those of `judged_in_a_run`."""
    verdicts, run = judged_in_a_run(app, revision, **{"only": ALONE, "aliases": {}, **how})
    found = {check: seen for check, seen in verdicts.items() if seen.verdict == "violated"}
    run.violated.update(
        (check, Violated(check, seen.level, seen.findings))  # type: ignore[arg-type]
        for check, seen in found.items()
    )
    entries = [
        {"id": check, "title": check, "level": seen.level, "verdict": "violated", **UNEXPECTED}
        for check, seen in found.items()
    ]
    return Diagnosed(verdicts, diagnosing.report_of(run, entries), diagnosing.observed(run))
