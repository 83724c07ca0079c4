"""Names that the rows of several files use."""

from __future__ import annotations

from fault_rows import Check
from judging import ALIASES

from pytest_models_contract.suite import test_model_info as model_info
from pytest_models_contract.suite import test_retrieve as retrieve

ALIAS = (retrieve.test_alias_resolves, next(iter(ALIASES)))


def prop(path: str) -> tuple[Check, str]:
    """The check of the property at the dotted path."""
    return model_info.test_property, path
