"""Every SDK over one client, by name."""

from __future__ import annotations

from importlib.util import find_spec

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.sdk.calls import Answer, Call, Sdk
from pytest_models_contract.client.sdk.python import MISSING, Async, Sync
from pytest_models_contract.client.sdk.typescript import TypeScript
from pytest_models_contract.client.verdict import Unexercised


class Sdks:
    """The Python SDK (`sync`, `async`) and the TypeScript SDK (`typescript`) over `api`."""

    def __init__(self, api: ModelsAPI) -> None:
        self._api = api
        self._typescript = TypeScript(api)
        self._all: dict[str, Sdk] = {
            "sync": Sync(api),
            "async": Async(api),
            "typescript": self._typescript,
        }

    def ask(self, sdk: str, call: Call) -> Answer:
        """What comes of the call. Raises `Unexercised` where the SDK is missing, or `NotJudged`."""
        if sdk != "typescript" and find_spec("anthropic") is None:
            raise Unexercised(MISSING)
        return self._all[sdk].ask(call)

    def close(self) -> None:
        """End what was started."""
        self._typescript.close()
