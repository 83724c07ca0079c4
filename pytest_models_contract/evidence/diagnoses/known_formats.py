"""The formats of other APIs, recognised in the body of a response; no request is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

ENVELOPE = ("first_id", "last_id", "has_more")


class Format(NamedTuple):
    """A format that is not that of the Models API: how it is called, by which sign it is known, a hint."""

    name: str
    sign: str
    hint: str = ""


_BOTH = "a server that speaks both tells them apart by the request header `anthropic-version`"
_DATA = "put the models under `data`, beside `first_id`, `last_id` and `has_more`"
Has = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]


def _keys(*names: str) -> Has:
    """Whether the first model has one of these keys."""
    return lambda _, model: any(name in model for name in names)


_LISTS: tuple[tuple[str, str, Has, str], ...] = (
    ("models", "Gemini's format", lambda body, model: "nextPageToken" in body or str(model.get("name", "")).startswith("models/"), "`models` and `nextPageToken`"),
    ("models", "Ollama's format", _keys("modified_at", "digest", "size"), "`models` with `name` and `digest`"),
    ("models", "Cohere's format", _keys("endpoints"), "`models` with `endpoints`"),
    ("modelSummaries", "Bedrock's format", lambda *_: True, "`modelSummaries`"),
    ("publisherModels", "Vertex AI's format", lambda *_: True, "`publisherModels`"),
    ("data", "OpenRouter's format", _keys("canonical_slug", "pricing", "architecture"), "`pricing` and `context_length`"),
    ("data", "Mistral's format", lambda _, model: "max_context_length" in model, "`max_context_length`"),
)  # fmt: skip


def list_format(body: Any) -> Format | None:
    """The format of a list of models, None where it is that of the Models API or unknown."""
    if isinstance(body, list):
        return _array(body)
    if not isinstance(body, dict) or all(name in body for name in ENVELOPE):
        return None if not isinstance(body, dict) else _inside(body)
    for key, name, holds, sign in _LISTS:
        models = body.get(key)
        if isinstance(models, list) and models and holds(body, _first(models)):
            return Format(name, sign, _BOTH)
    if isinstance(body.get("data"), list):
        return _openai_list(body)
    return next(_wrapped(body), None)


def _inside(body: dict[str, Any]) -> Format | None:
    """An envelope that is right but for the key of the models."""
    return None if "data" in body else next(_wrapped(body), None)


def _array(body: list[Any]) -> Format:
    if _is_page(_first(body)):
        return Format("an array around the page", '`[{"data": …}]`', "answer with the page itself")
    return Format("a bare array", "no envelope", _DATA)


def _openai_list(body: dict[str, Any]) -> Format | None:
    model = _first(body["data"])
    if any(name in body for name in ENVELOPE):
        return None
    if body.get("object") == "list" or is_openai_model(model):
        return Format(
            "OpenAI's format",
            '`object: "list"`' if "object" in body else "`object` and `created`",
            _BOTH,
        )
    return None


def _wrapped(body: dict[str, Any], path: str = "") -> Iterator[Format]:
    """Where the page, or the array of models, stands instead: at most one level down."""
    for key, value in body.items():
        place = f"{path}{key}"
        if isinstance(value, dict) and _is_page(value):
            yield Format(
                f"a page inside `{place}`", f"`{place}.data`", "answer with the page itself"
            )
        elif isinstance(value, list) and value and isinstance(value[0], dict) and place != "data":
            yield Format(f"models under `{place}`, not under `data`", f"`{place}`", _DATA)
        elif isinstance(value, dict) and not path:
            yield from _wrapped(value, f"{key}.")


def _is_page(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("data"), list)


def _first(models: list[Any]) -> Mapping[str, Any]:
    return models[0] if models and isinstance(models[0], dict) else {}


def is_openai_model(model: Any) -> bool:
    """Whether a model is in OpenAI's format."""
    return (
        isinstance(model, dict)
        and "type" not in model
        and (model.get("object") == "model" or {"created", "owned_by"} <= model.keys())
    )


def model_format(body: Any) -> Format | None:
    """The format of a single model, None where it is that of the Models API or unknown."""
    if isinstance(body, list):
        return Format("an array around the model", '`[{"id": …}]`', "answer with the model itself")
    if isinstance(body, str):
        return Format("a bare string", "a string", "answer with the model")
    if body is None:
        return Format("null", "`null`", "answer with the model, or with 404 where there is none")
    if not isinstance(body, dict):
        return Format("no object", "no object")
    if is_openai_model(body):
        return Format("OpenAI's format", '`object: "model"`', _BOTH)
    if _is_page(body):
        return Format("a page around the model", "`data[0]`", "answer with the model itself")
    if "modelfile" in body or "model_info" in body:
        return Format("Ollama's format", "`modelfile`", _BOTH)
    if "supportedGenerationMethods" in body or str(body.get("name", "")).startswith("models/"):
        return Format("Gemini's format", "`name: models/…`", _BOTH)
    inner = next(
        (key for key, value in body.items() if isinstance(value, dict) and "id" in value), ""
    )
    if inner and "id" not in body:
        return Format(
            f"the model inside `{inner}`", f"`{inner}.id`", "answer with the model itself"
        )
    return Format("an empty object", "`{}`") if not body else None
