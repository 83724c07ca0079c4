"""What one client alone meets: a list that is slow, ids that it drops."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.client import profile
from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import named, several
from pytest_models_contract.evidence.diagnoses.observed import Observed

DISCOVERS, KEEPS = "clients/claude_code_discovers", "clients/claude_code_keeps"


def claude_code(seen: Observed) -> Iterator[Cause]:
    """What keeps Claude Code from showing the models."""
    patience = profile.patience()
    slow = [own for _, own in seen.findings(DISCOVERS) if own.response.seconds > patience]
    if slow:
        most = max(own.response.seconds for own in slow)
        title = f"the list is too slow for Claude Code: {most:.1f} s, and it waits {patience:g} s"
        yield Cause("slow list", title, _is_slow)
    if seen.is_violated(KEEPS) and seen.ids:
        models = f"{several(len(seen.ids), 'model')}: {named(seen.ids)}"
        title = f"no id contains `claude` or `anthropic`: Claude Code drops all {models}"
        yield Cause("ids dropped", title, lambda check, _: check.startswith(KEEPS))


def _is_slow(check: str, found: Finding) -> bool:
    return check.startswith(DISCOVERS) and found.response.seconds > profile.patience()
