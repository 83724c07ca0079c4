"""The exploration of a run inside pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_models_contract.session.explore_option import FLAG, WANTED
from pytest_models_contract.session.progress import Progress

if TYPE_CHECKING:
    from pytest_models_contract.evidence.explore.explored import Explored
    from pytest_models_contract.evidence.explore.explorer import Explorer
    from pytest_models_contract.evidence.gathering import Evidence
    from pytest_models_contract.session.run import Run


def explored(run: Run, evidence: Evidence, config: pytest.Config) -> Explored:
    """The exploration of the run, which begins when a check first wants to know."""
    from pytest_models_contract.evidence.explore.explored import Explored
    from pytest_models_contract.evidence.explore.exploring import Bound

    asked = run.settings.explore
    if asked is None:
        raise pytest.UsageError(f"the checks of explore/ need {FLAG}: {WANTED}")
    bound = Bound(asked.requests, asked.seconds)
    progress = Progress(config)

    def show(text: str) -> None:
        progress(f"exploring: {text}" if text else "")

    run.explored = Explored(evidence, bound, asked.seed, show)
    return run.explored


def explorer(evidence: Evidence) -> Explorer:
    """The explorer for a project's own tests, which are skipped where there is nothing to explore."""
    from pytest_models_contract.client.verdict import Unexercised
    from pytest_models_contract.evidence.explore.explorer import Explorer

    try:
        return Explorer(evidence)
    except Unexercised as why:
        pytest.skip(str(why))
