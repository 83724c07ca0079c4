"""How an error is written, in words that go on after "errors"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_models_contract.client.exchange import ABSENT, Response, shown
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.list_responses import is_web_page

EMPTY = "an empty body"
_KINDS = {str: "are bare strings", list: "are arrays", type(None): "are `null`"}


def error_format(response: Response) -> str:
    """What an error is instead of an error object; empty where it is one."""
    if is_web_page(response):
        return "are web pages, not JSON"
    if not response.body.strip() and response.json_problem == EMPTY:
        return "have an empty body"
    if response.json is None and response.json_problem:
        if not response.body:
            return "cannot be read as they are encoded"
        declared = "json" in response.media_type
        return "are not JSON" if declared else f"are {_media_type(response)}, not JSON"
    if response.json_problem:
        return "are not strict JSON"
    if not isinstance(response.json, dict):
        return _KINDS.get(type(response.json), "are not objects")
    return _object(response.json) or _declared(response)


def _object(body: Mapping[str, Any]) -> str:
    error = body.get("error", ABSENT)
    if error is ABSENT:
        return _without_error(body)
    if not isinstance(error, dict):
        what = "a string" if isinstance(error, str) else shown(error, 20)
        return f"have {what} under `error`, not an object"
    if lacking := _lacking(error):
        return lacking
    if "type" not in body:
        openai = "are in OpenAI's format, without" if {"code", "param"} & error.keys() else "lack"
        return f"{openai} `type` beside `error`"
    return "" if body["type"] == "error" else f'have `type` {shown(body["type"], 30)}, not "error"'


def _without_error(body: Mapping[str, Any]) -> str:
    if {"title", "status"} <= body.keys():
        return "are problem details (RFC 9457)"
    if "detail" in body:
        return "have `detail` in place of `error`, as FastAPI and Django REST framework write it"
    return "lack `error`"


def _lacking(error: Mapping[str, Any]) -> str:
    """Which of `type` and `message` is no string."""
    for name in ("type", "message"):
        if name not in error:
            return f"lack `error.{name}`"
        if not isinstance(error[name], str):
            return f"have {shown(error[name], 20)} under `error.{name}`"
    return ""


def _declared(response: Response) -> str:
    return "" if response.media_type == "application/json" else f"come as {_media_type(response)}"


def _media_type(response: Response) -> str:
    return visible(response.media_type, 40) or "bytes without a content-type"
