"""Response formats of other APIs, recognised so that a message can name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pytest_models_contract.client.exchange import model_id

ENVELOPE = ("first_id", "last_id", "has_more")


@dataclass(frozen=True)
class ResponseFormat:
    """A format that is not this API's: its name in a sentence ("the list is …") and what to do about it."""

    name: str
    remedy: str


def list_format(body: Any) -> ResponseFormat | None:
    """Recognise a list of models that is not in the envelope of the Models API."""
    if isinstance(body, list):
        return ResponseFormat(
            "a bare array", "put it under `data` and add `first_id`, `last_id` and `has_more`"
        )
    if not isinstance(body, dict):
        return None
    if isinstance(body.get("data"), list):
        return _OPENAI if _is_openai_list(body) else None
    place = next((path for path in _lists(body)), None)
    if place:
        return ResponseFormat(
            f"under `{place}`, not under `data`",
            "rename it to `data`, at the top of the response, beside `first_id`, `last_id` and `has_more`",
        )
    return None


def ids_in(body: Any) -> list[str]:
    """The ids in a list of another format, in its order, each once."""
    if isinstance(body, dict):
        paths = ["data"] if isinstance(body.get("data"), list) else _lists(body)
        for name in paths[0].split(".") if paths else ():
            body = body[name]
    entries = body if isinstance(body, list) else []
    ids = (entry if isinstance(entry, str) else model_id(entry) for entry in entries)
    return list(dict.fromkeys(filter(None, ids)))


_OPENAI = ResponseFormat(
    "an OpenAI-style list",
    "use the envelope of the Models API on this path; a server with both formats can choose by the"
    " request header `anthropic-version`",
)


def _is_openai_list(body: dict[str, Any]) -> bool:
    if any(key in body for key in ENVELOPE):
        return False
    models = [model for model in body["data"] if isinstance(model, dict)]
    return body.get("object") == "list" or any(
        model.get("object") == "model" and "type" not in model for model in models
    )


def _lists(body: dict[str, Any]) -> list[str]:
    """The paths of arrays of objects that may be meant as `data`, at most one level down."""
    top = [key for key, value in body.items() if _is_models(value)]
    below = [
        f"{key}.{inner}"
        for key, value in body.items()
        if isinstance(value, dict)
        for inner, array in value.items()
        if _is_models(array)
    ]
    return top + below


def _is_models(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def error_format(body: Any) -> str | None:
    """Recognise an error body that is not in the format of this API."""
    if not isinstance(body, dict):
        return None
    if "detail" in body:
        return "an error of FastAPI or Django REST framework (`detail`)"
    error = body.get("error")
    if isinstance(error, dict) and body.get("type") != "error":
        return "an OpenAI-style error (no `type` beside `error`)"
    if isinstance(error, str):
        return "an error that is a bare string"
    return None
