"""In which revision a property of a model came."""

from __future__ import annotations

import pytest

from pytest_models_contract.spec.history import since


@pytest.mark.parametrize(
    ("path", "revision"),
    [
        ("id", "2024-12-17"),
        ("capabilities.batch.supported", "2026-03-18"),
        ("capabilities.effort.xhigh", "2026-04-16"),
        ("line", "2026-10-07"),
        ("capabilities.thinking.types.between_tools", "2026-10-15"),
        ("supported", None),
        ("", None),
    ],
)
def test_the_first_revision_that_has_the_property(path: str, revision: str | None) -> None:
    assert since(path) == revision
