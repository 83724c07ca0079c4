"""Response formats of other APIs are recognised by name."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_models_contract.evidence.response_formats import error_format, list_format
from pytest_models_contract.fake import Fake, Request

PAGE: dict[str, Any] = Fake(2).respond(Request()).body
OPENAI = {"id": "gpt", "object": "model", "created": 0, "owned_by": "someone"}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ([], "a bare array"),
        (PAGE["data"], "a bare array"),
        ({"object": "list", "data": []}, "an OpenAI-style list"),
        ({"data": [OPENAI]}, "an OpenAI-style list"),
        ({"models": PAGE["data"]}, "under `models`, not under `data`"),
        ({"result": {"data": PAGE["data"]}}, "under `result.data`, not under `data`"),
        ({"data": {"models": PAGE["data"]}}, "under `data.models`, not under `data`"),
    ],
)
def test_a_list_in_another_format_is_recognised(body: Any, name: str) -> None:
    shape = list_format(body)
    assert shape is not None
    assert shape.name == name
    assert "`" in shape.remedy


@pytest.mark.parametrize(
    "body",
    [
        PAGE,
        {**PAGE, "object": "list"},
        {**PAGE, "data": [OPENAI]},
        {**PAGE, "models": PAGE["data"]},
        {"data": []},
        {"data": [{"object": "model", "type": "model"}]},
        {"data": ["claude"]},
        {"models": []},
        {"models": ["claude"]},
        {},
        None,
        "claude",
        5,
    ],
)
def test_any_other_body_is_not_recognised(body: Any) -> None:
    assert list_format(body) is None


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"detail": "no"}, "an error of FastAPI or Django REST framework (`detail`)"),
        ({"error": {"message": "no"}}, "an OpenAI-style error (no `type` beside `error`)"),
        ({"error": "no"}, "an error that is a bare string"),
        ({"type": "error", "error": {"type": "x", "message": "y"}}, None),
        ({"type": "error"}, None),
        ([], None),
        (None, None),
    ],
)
def test_an_error_in_another_format_is_recognised(body: Any, name: str | None) -> None:
    assert error_format(body) == name
