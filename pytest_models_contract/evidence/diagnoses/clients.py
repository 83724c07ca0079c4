"""What one client alone meets: a list that is slow, ids that it drops."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import named, several
from pytest_models_contract.evidence.diagnoses.observed import Observed

PATIENCE = 3.0
DISCOVERS, KEEPS = "clients/claude_code_discovers", "clients/claude_code_keeps"


def claude_code(seen: Observed) -> Iterator[Cause]:
    """What keeps Claude Code from showing the models."""
    slow = [own for _, own in seen.findings(DISCOVERS) if own.response.seconds > PATIENCE]
    if slow:
        most = max(own.response.seconds for own in slow)
        title = f"the list is too slow for Claude Code: {most:.1f} s, and it waits {PATIENCE:g} s"
        yield Cause(
            "slow list",
            title,
            lambda check, own: check.startswith(DISCOVERS) and own.response.seconds > PATIENCE,
        )
    if seen.is_violated(KEEPS):
        title = f"no id contains `claude` or `anthropic`, so that Claude Code drops all {several(len(seen.ids), 'model')}: {named(seen.ids)}"
        yield Cause("ids dropped", title, lambda check, _: check.startswith(KEEPS))
