"""The contract of the Anthropic Models API, as a pytest plugin.

`Revision` is the reference read as a spec, `ModelsAPI` the two endpoints as verbs, `Catalogue` what
they list, `Explorer` asks for each `Window` that Hypothesis draws by `windows()`, `FakeServer` is a server
for tests of clients: the types of the fixtures too. Each is imported on first use, so that a pytest run
which does not need it does not pay for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_models_contract.client.api import ModelsAPI as ModelsAPI
    from pytest_models_contract.evidence.explore.explorer import Explorer as Explorer
    from pytest_models_contract.evidence.explore.explorer import windows as windows
    from pytest_models_contract.evidence.explore.windows import Window as Window
    from pytest_models_contract.evidence.gathering import Catalogue as Catalogue
    from pytest_models_contract.fake.server import FakeServer as FakeServer
    from pytest_models_contract.spec.revision import Revision as Revision

__version__ = "0.1.0"
__all__ = ["Catalogue", "Explorer", "FakeServer", "ModelsAPI", "Revision", "Window", "windows"]

_HOMES = {
    "Catalogue": "evidence.gathering",
    "Explorer": "evidence.explore.explorer",
    "FakeServer": "fake.server",
    "ModelsAPI": "client.api",
    "Revision": "spec.revision",
    "Window": "evidence.explore.windows",
    "windows": "evidence.explore.explorer",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
