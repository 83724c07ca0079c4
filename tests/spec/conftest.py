"""Fixtures of the tests of the schemas."""

from __future__ import annotations

import pytest
from revision_samples import ALL

from pytest_models_contract.spec.revision import Revision


@pytest.fixture(params=ALL)
def revision(request: pytest.FixtureRequest) -> Revision:
    """Each known revision."""
    return Revision.load(request.param)
