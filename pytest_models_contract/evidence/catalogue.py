"""The catalogue as the fixture `models_catalogue` gives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, overload

from pytest_models_contract.spec.models import ModelInfo


class Catalogue(Sequence[ModelInfo]):
    """Every model of the server under test, newest first, each id once. It is read on first use."""

    def __init__(self, read: Callable[[], Sequence[ModelInfo]]) -> None:
        self._read = read

    def __len__(self) -> int:
        return len(self._read())

    @overload
    def __getitem__(self, index: int) -> ModelInfo: ...

    @overload
    def __getitem__(self, index: slice) -> list[ModelInfo]: ...

    def __getitem__(self, index: Any) -> Any:
        return self._read()[index]
