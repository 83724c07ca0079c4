"""The types of a model and of a page, as the newest revision describes them.

A key that the default revision does not know, or that may be absent, is `NotRequired`. The types say what
the reference promises. They do not make a server keep it: the checks judge that.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class Support(TypedDict):
    """Whether the model has one capability."""

    supported: bool


class ContextManagement(Support):
    """The strategies that keep a context short."""

    clear_thinking_20251015: NotRequired[Support | None]
    clear_tool_uses_20250919: NotRequired[Support | None]
    compact_20260112: NotRequired[Support | None]


class Effort(Support):
    """The levels of effort."""

    low: Support
    medium: Support
    high: Support
    max: Support
    xhigh: NotRequired[Support | None]


class ServerTools(Support):
    """The tools that run on the server."""

    code_execution: Support
    web_search: Support


class ThinkingTypes(TypedDict):
    """The kinds of thinking."""

    adaptive: Support
    enabled: Support
    disabled: NotRequired[Support]
    between_tools: NotRequired[Support]


class Thinking(Support):
    """Whether the model thinks, and how."""

    types: ThinkingTypes


class Capabilities(TypedDict):
    """What a model can do."""

    batch: Support
    citations: Support
    code_execution: Support
    context_management: ContextManagement
    effort: Effort
    image_input: Support
    pdf_input: Support
    server_tools: NotRequired[ServerTools]
    structured_outputs: Support
    thinking: Thinking


class ModelInfo(TypedDict):
    """A model, listed or retrieved; dates are RFC 3339, limits are numbers of tokens."""

    id: str
    type: Literal["model"]
    display_name: str
    created_at: str
    capabilities: Capabilities | None
    max_input_tokens: int | None
    max_tokens: int | None
    lifecycle: NotRequired[Literal["active", "deprecated", "retired"]]
    line: NotRequired[str | None]
    deprecated_at: NotRequired[str | None]
    retires_at: NotRequired[str | None]


class ModelList(TypedDict):
    """A page of models: the envelope."""

    data: list[ModelInfo]
    has_more: bool
    first_id: str | None
    last_id: str | None
