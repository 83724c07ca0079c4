"""The contract of the Anthropic Models API, as a pytest plugin.

`Revision` is one revision of the reference, `ModelsAPI` a client of the two endpoints, `Catalogue` the
models they list, `Explorer` a client of windows, each `Window` drawn by `windows()`, `FakeServer` a server
for tests of clients, `Upstream` the server behind a proxy under test. The fixtures have these types.
`ModelInfo` and `ModelList` are the types of a model and of a page as the reference describes them. Each is
imported on first use, so that a run which does not need it does not load it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_models_contract.client.api import ModelsAPI as ModelsAPI
    from pytest_models_contract.evidence.catalogue import Catalogue as Catalogue
    from pytest_models_contract.evidence.explore.explorer import Explorer as Explorer
    from pytest_models_contract.evidence.explore.explorer import windows as windows
    from pytest_models_contract.evidence.explore.windows import Window as Window
    from pytest_models_contract.fake.server import FakeServer as FakeServer
    from pytest_models_contract.fake.upstream import Upstream as Upstream
    from pytest_models_contract.spec.models import ModelInfo as ModelInfo
    from pytest_models_contract.spec.models import ModelList as ModelList
    from pytest_models_contract.spec.revision import Revision as Revision

__version__ = "0.1.0"
DOCUMENTATION = "https://pytest-models-contract.github.io/pytest-models-contract/"
__all__ = [
    "Catalogue",
    "Explorer",
    "FakeServer",
    "ModelInfo",
    "ModelList",
    "ModelsAPI",
    "Revision",
    "Upstream",
    "Window",
    "windows",
]

_HOMES = {
    "Catalogue": "evidence.gathering",
    "Explorer": "evidence.explore.explorer",
    "FakeServer": "fake.server",
    "ModelInfo": "spec.models",
    "ModelList": "spec.models",
    "ModelsAPI": "client.api",
    "Revision": "spec.revision",
    "Upstream": "fake.upstream",
    "Window": "evidence.explore.windows",
    "windows": "evidence.explore.explorer",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
