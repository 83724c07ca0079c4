"""In which revision a property of a model came."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pytest_models_contract.spec.revision import Revision


def since(path: str) -> str | None:
    """The first revision in which a model has the property at this dotted path; None where none has it."""
    return _first().get(path)


@cache
def _first() -> Mapping[str, str]:
    newest_first = reversed(Revision.known())
    return {known.path: name for name in newest_first for known in Revision.load(name).properties}
