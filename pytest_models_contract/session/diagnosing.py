"""The diagnoses of a run: drawn in the process that has the evidence, chosen where the report is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pytest_models_contract.session.run import Run, was_read

if TYPE_CHECKING:
    from pytest_models_contract.evidence.diagnoses.causes import Diagnosis
    from pytest_models_contract.evidence.diagnoses.observed import Observed

Entry = dict[str, Any]
FAILED = "the diagnoses failed: this is a bug in the contract, not in the server; please report it"


def drawn(run: Run) -> list[Entry]:
    """What explains the violated checks of this process, as data that a worker can hand over."""
    if not run.violated or run.evidence is None:
        return []
    from pytest_models_contract.evidence.diagnoses import rules

    try:
        found = rules.drawn(observed(run))
    except Exception as error:  # the verdicts stand without it
        run.notes.append(f"{FAILED} ({type(error).__name__}: {run.redactor.redact(str(error))})")
        return []
    redact = run.redactor.redact
    return [
        {**asdict(own), "title": redact(own.title), "hint": own.hint and redact(own.hint)}
        for own in found
    ]


def observed(run: Run) -> Observed:
    """What the rules look at: what this process has seen so far."""
    from pytest_models_contract.evidence.diagnoses.observed import Observed

    evidence = run.asked
    crawl = evidence.crawl if was_read(evidence) else []
    violated = list(run.violated.values())
    return Observed(list(evidence.api.exchanges), run.revision, crawl, violated, run.apart)


def report_of(run: Run, checks: Sequence[Entry]) -> list[Entry]:
    """Every violated check in exactly one diagnosis, first the one that explains most."""
    from pytest_models_contract.evidence.diagnoses.causes import Diagnosis, chosen, merged

    violated = {check["id"]: check for check in checks if check["verdict"] == "violated"}
    drawings = run.diagnoses.values() or [drawn(run)]
    found = merged(
        Diagnosis(**{**own, "checks": tuple(own["checks"])}) for each in drawings for own in each
    )
    kept = chosen(found, violated)
    explained = {check for own in kept for check in own.checks}
    alone = [
        Diagnosis("", check["title"], None, (name,))
        for name, check in violated.items()
        if name not in explained
    ]
    entries = [_entry(own, violated) for own in (*kept, *alone)]
    return sorted(entries, key=lambda own: (own["expected"], -len(own["checks"])))


def _entry(own: Diagnosis, violated: dict[str, Entry]) -> Entry:
    """What the report says of a diagnosis; checks that fail the run come before advice."""
    checks = sorted(
        (violated[name] for name in own.checks), key=lambda check: check["kind"] != "violated"
    )
    unexpected = [check for check in checks if not check["expected"]]
    must = any(check["level"] == "must" for check in unexpected)
    return {
        "title": own.title,
        "level": "must" if must else "should",
        "hint": own.hint,
        "expected": not unexpected,
        "checks": [check["id"] for check in checks],
    }
