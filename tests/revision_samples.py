"""Models and pages put together by hand, legal in a revision, for the tests to break."""

import json
from typing import Any

from jsonschema import ValidationError

from pytest_models_contract.spec.revision import Revision

ALL = ("2024-12-17", "2026-03-18", "2026-04-16", "2026-10-07", "2026-10-15", "2026-11-24")

SUPPORT = {"supported": True}
FIRST_FIELDS: dict[str, Any] = {
    "type": "model",
    "id": "claude-opus-4-6",
    "display_name": "Claude Opus 4.6",
    "created_at": "2026-02-04T00:00:00Z",
}
CAPABILITIES: dict[str, Any] = {
    "batch": SUPPORT,
    "citations": SUPPORT,
    "code_execution": SUPPORT,
    "context_management": {
        "supported": True,
        "clear_tool_uses_20250919": SUPPORT,
        "clear_thinking_20251015": SUPPORT,
        "compact_20260112": None,
    },
    "effort": {"supported": True, **dict.fromkeys(("low", "medium", "high", "max"), SUPPORT)},
    "image_input": SUPPORT,
    "pdf_input": SUPPORT,
    "structured_outputs": {"supported": False},
    "thinking": {"supported": True, "types": {"enabled": SUPPORT, "adaptive": SUPPORT}},
}


def a_model(name: str) -> dict[str, Any]:
    """Return a legal model of the revision, put together by hand."""
    model = dict(FIRST_FIELDS)
    if name >= "2026-03-18":
        limits = {"max_input_tokens": 1_000_000, "max_tokens": 128_000}
        model |= {**limits, "capabilities": json.loads(json.dumps(CAPABILITIES))}
    if name >= "2026-04-16":
        model["capabilities"]["effort"]["xhigh"] = {"supported": False}
    if name >= "2026-10-07":
        dates = {"deprecated_at": None, "retires_at": None}
        model |= {"lifecycle": "active", "line": "opus", **dates}
        tools = {"code_execution": SUPPORT, "supported": True, "web_search": SUPPORT}
        model["capabilities"]["server_tools"] = tools
        model["capabilities"]["thinking"]["types"]["disabled"] = SUPPORT
    if name >= "2026-10-15":
        model["capabilities"]["thinking"]["types"]["between_tools"] = SUPPORT
    separate: dict[str, Any] = json.loads(json.dumps(model))
    return separate


def a_page(*models: dict[str, Any]) -> dict[str, Any]:
    ends = {"first_id": models[0]["id"], "last_id": models[-1]["id"]} if models else {}
    return {"data": [*models], "has_more": False, "first_id": None, "last_id": None, **ends}


def is_legal(revision: Revision, value: object, *, of_list: bool = False) -> bool:
    validate = revision.validate_model_list if of_list else revision.validate_model_info
    try:
        validate(value)
    except ValidationError:
        return False
    return True
