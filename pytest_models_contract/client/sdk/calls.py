"""A call of an SDK, and what the SDK makes of the responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.verdict import Unexercised

Does = Literal["iterate", "turn", "page", "retrieve"]


@dataclass(frozen=True)
class Call:
    """What to ask an SDK for.

    `iterate` goes through `list()` with the paging of the SDK, `turn` turns its pages by hand, `page`
    reads one page, `retrieve` gets one `model`. `query` are the arguments of `list()`. A list ends
    after `most` models. `wrong_key` asks with a wrong key.
    """

    do: Does
    namespace: Literal["models", "beta"] = "models"
    query: tuple[tuple[str, str | int], ...] = ()
    model: str = ""
    most: int = 1
    wrong_key: bool = False

    @property
    def as_json(self) -> dict[str, Any]:
        """The call for another process."""
        return {**asdict(self), "query": dict(self.query)}


@dataclass(frozen=True)
class Given:
    """A model as the SDK gives it: its id, and `created_at` as text, or as what it is."""

    id: str
    created_at: Any = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """The models that an SDK gives, or the name of the error that it raises, and the responses it got."""

    responses: Sequence[Response]
    models: Sequence[Given] = ()
    error: str = ""

    @property
    def ids(self) -> list[str]:
        return [model.id for model in self.models]


class Sdk(Protocol):
    """An official SDK."""

    def ask(self, call: Call) -> Answer:
        """What comes of the call. Raises `Unexercised` where nothing can be sent, or `NotJudged`."""


def answered_with_error(responses: Sequence[Response], name: str, text: str) -> Answer:
    """The answer where the SDK raised an error; it refuses some ids, such as `..`, before it sends any."""
    if not responses:
        raise Unexercised(visible(f"the SDK refuses such an id: {name}: {text}", 200))
    return Answer(responses, error=name)
