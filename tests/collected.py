"""What a run collects: the ids of the checks, in order."""

from __future__ import annotations

from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import checks

PACKAGE = "pytest_models_contract.suite"


def expected(revision: str = "2026-04-16") -> list[str]:
    facts = [each for each in checks.of_revision(Revision.load(revision)) if not each.needs]
    return [each.id for level in ("must", "should") for each in facts if each.level == level]
