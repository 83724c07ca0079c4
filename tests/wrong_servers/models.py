"""Models: properties that are renamed, left out, or written in another way."""

from __future__ import annotations

import json
import re
from typing import Any

from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import edited, is_page, with_data
from wrong_servers.kit import shows

Model = dict[str, Any]


@shows("keys are renamed")
def camel_case(ask: Ask, request: Request) -> Response:
    def camel(name: str) -> str:
        first, *others = name.split("_")
        return first + "".join(map(str.title, others))

    return edited(ask, request, lambda model: {camel(key): own for key, own in model.items()})


@shows("`created_at` is a number of seconds since 1970, as OpenAI's `created`")
def seconds_since_1970(ask: Ask, request: Request) -> Response:
    return edited(
        ask, request, lambda model: {**model, "created_at": 1700000000 - len(model["id"])}
    )


@shows("`created_at` is a string of milliseconds since 1970")
def milliseconds_as_text(ask: Ask, request: Request) -> Response:
    return edited(ask, request, lambda model: {**model, "created_at": "1700000000000"})


@shows("`created_at` is a date as JavaScript prints it")
def date_of_javascript(ask: Ask, request: Request) -> Response:
    date = "Thu Nov 19 2026 10:00:00 GMT+0000 (Coordinated Universal Time)"
    return edited(ask, request, lambda model: {**model, "created_at": date})


@shows("`created_at` is missing, the models have `created`")
def created_in_its_place(ask: Ask, request: Request) -> Response:
    def renamed(model: Model) -> Model:
        rest = {key: own for key, own in model.items() if key != "created_at"}
        return {**rest, "created": 1700000000}

    return edited(ask, request, renamed)


@shows("`display_name` is missing, the models have `name`")
def name_in_its_place(ask: Ask, request: Request) -> Response:
    def renamed(model: Model) -> Model:
        rest = {key: own for key, own in model.items() if key != "display_name"}
        return {**rest, "name": model["display_name"]}

    return edited(ask, request, renamed)


@shows("`max_input_tokens` and `max_tokens` are strings")
def numbers_as_text(ask: Ask, request: Request) -> Response:
    def as_text(model: Model) -> Model:
        both = {key: str(model[key] or 1) for key in ("max_tokens", "max_input_tokens")}
        return {**model, **both}

    return edited(ask, request, as_text)


@shows("`capabilities.batch.supported`, `capabilities.citations.supported`")
def booleans_as_text(ask: Ask, request: Request) -> Response:
    def as_text(model: Model) -> Model:
        text = json.dumps(model).replace(": true", ': "true"').replace(": false", ': "false"')
        own: Model = json.loads(text)
        return own

    return edited(ask, request, as_text)


@shows("models have the fields of 2024-12-17 only", hint="--models-revision 2024-12-17")
def older_revision(ask: Ask, request: Request) -> Response:
    known = ("id", "type", "display_name", "created_at")
    return edited(ask, request, lambda model: {key: model[key] for key in known})


@shows("keys are renamed: `codeExecution` in place of `code_execution`, `contextManagement`")
def keys_of_capabilities_in_camel_case(ask: Ask, request: Request) -> Response:
    def renamed(own: Any) -> Any:
        if not isinstance(own, dict):
            return own
        return {re.sub("_([a-z])", lambda m: m[1].upper(), key): renamed(own[key]) for key in own}

    return edited(
        ask, request, lambda model: {**model, "capabilities": renamed(model["capabilities"])}
    )


@shows("`created_at` is a date as C and Java print it")
def dates_of_java(ask: Ask, request: Request) -> Response:
    when = "Fri Jul 24 00:00:00 UTC 2026"
    return edited(ask, request, lambda model: {**model, "created_at": when})


@shows("properties that are null are left out", hint="`exclude_none`")
def nulls_left_out(ask: Ask, request: Request) -> Response:
    def without(model: Model) -> Model:
        return {key: own for key, own in model.items() if own is not None}

    return edited(ask, request, without)


@shows("properties that are false are left out", hint="`omitempty`")
def false_left_out_of_capabilities(ask: Ask, request: Request) -> Response:
    def without(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: without(own) for key, own in value.items() if own is not False}

    return edited(ask, request, without)


@shows("`display_name` changes with each request")
def another_name_each_time(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response):
        return response
    name = f"seen {request.number} times"
    return with_data(response, [{**model, "display_name": name} for model in response.body["data"]])
