"""The contract of the Anthropic Models API, as a pytest plugin.

`Revision` is the reference read as a spec, `ModelsAPI` the two endpoints as verbs. Both are
imported on first use, so that a pytest run which does not need them does not pay for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_models_contract.api import ModelsAPI as ModelsAPI
    from pytest_models_contract.revision import Revision as Revision

__version__ = "0.1.0"
__all__ = ["ModelsAPI", "Revision"]


def __getattr__(name: str) -> Any:
    if name == "ModelsAPI":
        from pytest_models_contract.api import ModelsAPI

        return ModelsAPI
    if name == "Revision":
        from pytest_models_contract.revision import Revision

        return Revision
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
