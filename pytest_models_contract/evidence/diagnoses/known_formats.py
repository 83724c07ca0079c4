"""The formats of other APIs, recognised in the body of a response."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

ENVELOPE = ("first_id", "last_id", "has_more")
Body = Mapping[str, Any]


class Format(NamedTuple):
    """A format that is not that of the Models API: its name, by which sign it is known, a hint."""

    name: str
    sign: str
    hint: str = ""


class Known(NamedTuple):
    """The format of another API: where its models are, and how the first of them is described."""

    key: str
    format: Format
    fits: Callable[[Body, Body], bool]


_BOTH = "a server that speaks both tells them apart by the request header `anthropic-version`"
_DATA = "put the models under `data`, beside `first_id`, `last_id` and `has_more`"
_MODELS = "give each model its fields without `attributes` around them, and the page its envelope"
_PAGE, _MODEL = "answer with the page itself", "answer with the model itself"


def _has(*names: str) -> Callable[[Body, Body], bool]:
    """Whether the first model has one of these keys."""
    return lambda _, model: any(name in model for name in names)


def _is_gemini(body: Body, model: Body) -> bool:
    return "nextPageToken" in body or str(model.get("name", "")).startswith("models/")


_LISTS = (
    Known("models", Format("Gemini's format", "`models` and `nextPageToken`", _BOTH), _is_gemini),
    Known(
        "models",
        Format("Ollama's format", "`models` with `name` and `digest`", _BOTH),
        _has("modified_at", "digest", "size"),
    ),
    Known(
        "models", Format("Cohere's format", "`models` with `endpoints`", _BOTH), _has("endpoints")
    ),
    Known("modelSummaries", Format("Bedrock's format", "`modelSummaries`", _BOTH), lambda *_: True),
    Known(
        "publisherModels",
        Format("Vertex AI's format", "`publisherModels`", _BOTH),
        lambda *_: True,
    ),
    Known(
        "data",
        Format("OpenRouter's format", "`pricing` and `context_length`", _BOTH),
        _has("canonical_slug", "pricing", "architecture"),
    ),
    Known(
        "data",
        Format("Mistral's format", "`max_context_length`", _BOTH),
        _has("max_context_length"),
    ),
    Known("data", Format("the format of JSON:API", "`attributes`", _MODELS), _has("attributes")),
)


def list_format(body: Any) -> Format | None:
    """The format of a list of models, None where it is that of the Models API or unknown."""
    if isinstance(body, list):
        if _is_page(_first(body)):
            return Format("an array around the page", '`[{"data": …}]`', _PAGE)
        return Format("a bare array", "no envelope", _DATA)
    if not isinstance(body, dict):
        return None
    if all(name in body for name in ENVELOPE):
        return None if "data" in body else next(_wrapped(body), None)
    return _known(body) or (
        _openai_list(body) if isinstance(body.get("data"), list) else next(_wrapped(body), None)
    )


def _known(body: Body) -> Format | None:
    for known in _LISTS:
        if known.key != "data" and body.get("data"):
            continue  # OpenAI's format, and another one beside it
        models = body.get(known.key)
        if isinstance(models, list) and models and known.fits(body, _first(models)):
            return known.format
    return None


def _openai_list(body: Body) -> Format | None:
    if any(name in body for name in ENVELOPE):
        return None
    if "object" in body:
        return Format("OpenAI's format", '`object: "list"`', _BOTH)
    if is_openai_model(_first(body["data"])):
        return Format("OpenAI's format", "`object` and `created`", _BOTH)
    return None


def _wrapped(body: Body, path: str = "") -> Iterator[Format]:
    """Where the page, or the array of models, stands instead: at most one level down."""
    for key, value in body.items():
        place = f"{path}{key}"
        if _is_page(value):
            yield Format(f"a page inside `{place}`", f"`{place}.data`", _PAGE)
        elif isinstance(value, list) and _first(value) and place != "data":
            yield Format(f"models under `{place}`, not under `data`", f"`{place}`", _DATA)
        elif isinstance(value, dict) and not path:
            yield from _wrapped(value, f"{key}.")


def _is_page(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("data"), list)


def _first(models: list[Any]) -> Body:
    return models[0] if models and isinstance(models[0], dict) else {}


def is_openai_model(model: Any) -> bool:
    """Whether a model is in OpenAI's format."""
    if not isinstance(model, dict) or "type" in model:
        return False
    return model.get("object") == "model" or {"created", "owned_by"} <= model.keys()


def model_format(body: Any) -> Format | None:
    """The format of a single model, None where it is that of the Models API or unknown."""
    if isinstance(body, dict):
        return _object_format(body)
    if body is None:
        return Format("null", "`null`", "answer with the model, or with 404 where there is none")
    if isinstance(body, list):
        around = (
            ("an array around the model", '`[{"id": …}]`') if body else ("an empty array", "`[]`")
        )
        return Format(*around, _MODEL)
    kind = "a bare string" if isinstance(body, str) else "a bare value"
    return Format(kind, "no object", _MODEL)


def _object_format(body: Body) -> Format | None:
    if is_openai_model(body):
        return Format("OpenAI's format", '`object: "model"`', _BOTH)
    if _is_page(body):
        return Format("a page around the model", "`data[0]`", _MODEL)
    if "modelfile" in body:
        return Format("Ollama's format", "`modelfile`", _BOTH)
    if "supportedGenerationMethods" in body or str(body.get("name", "")).startswith("models/"):
        return Format("Gemini's format", "`name: models/…`", _BOTH)
    inner = [key for key, value in body.items() if isinstance(value, dict) and "id" in value]
    if inner and "id" not in body:
        return Format(f"the model inside `{inner[0]}`", f"`{inner[0]}.id`", _MODEL)
    return None if body else Format("an empty object", "`{}`", _MODEL)
