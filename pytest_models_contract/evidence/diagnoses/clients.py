"""What one client alone meets: a list that is slow, ids that it drops."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.client import profile
from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import named, several
from pytest_models_contract.evidence.diagnoses.observed import Observed, among

DISCOVERS, KEEPS = "clients/claude_code_discovers", "clients/claude_code_keeps_a_model"
PROFILE = "clients/profile["


def shown_models(seen: Observed) -> Iterator[Cause]:
    """What keeps Claude Code, or the client of a profile, from showing the models."""
    patience = profile.patience()
    slow = [own for _, own in seen.findings(DISCOVERS) if own.response.seconds > patience]
    if slow:
        most = max(own.response.seconds for own in slow)
        title = f"the list is too slow for Claude Code: {most:.1f} s, and it waits {patience:g} s"
        yield Cause("slow list", title, _is_slow)
    for check, own in seen.findings(KEEPS, PROFILE):
        if "all dropped" in own.seen:
            client = check.removeprefix(PROFILE).partition(":")[0]
            models = f"{several(len(seen.ids), 'model')}: {named(seen.ids)}"
            title = f"{'Claude Code' if check == KEEPS else client} drops all {models}"
            yield Cause(title, title, among([own.response], check), f"it needs {own.expected}")


def _is_slow(check: str, found: Finding) -> bool:
    return check.startswith(DISCOVERS) and found.response.seconds > profile.patience()
