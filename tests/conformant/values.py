"""Unusual values, JSON and HTTP, all of them legal."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from conformant.kit import (
    Model,
    altered,
    conformant,
    family,
    models_of,
    on_copy,
    rewritten,
    with_headers,
    with_models,
)
from pytest_models_contract.fake import Ask, Fake, Request, Response


@conformant
def nulls_wherever_null_is_legal() -> Fake:
    return with_models(
        lambda _, model: {
            **model,
            "capabilities": None,
            "max_input_tokens": None,
            "max_tokens": None,
        }
    )


@conformant
def null_strategies_and_xhigh() -> Fake:
    def empty(_: int, model: Model) -> Model:
        own = json.loads(json.dumps(model))
        if own["capabilities"]:
            management = own["capabilities"]["context_management"]
            management.update({name: None for name in management if name != "supported"})
            own["capabilities"]["effort"]["xhigh"] = None
        return own  # type: ignore[no-any-return]

    return with_models(empty)


@conformant
def zero_and_huge_limits() -> Fake:
    return with_models(
        lambda n, model: {**model, "max_tokens": 0, "max_input_tokens": 2**63 if n % 2 else 0}
    )


@conformant
def empty_and_unusual_display_names() -> Fake:
    names = [
        "",
        " ",
        "Клод",
        "モデル 5",
        "a\tb\nc",
        "\u202eetuoba",
        "<b>&amp;",
        "😀",
        '"quoted"',
        "\\",
        "\x00",
    ]
    return with_models(lambda n, model: {**model, "display_name": names[n % len(names)]})


@conformant
def capabilities_all_unsupported() -> Fake:
    def off(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: off(inner) for name, inner in value.items()}
        return False if value is True else value

    return with_models(lambda _, model: {**model, "capabilities": off(model["capabilities"])})


@conformant
def unknown_fields_at_every_level() -> Fake:
    def add(request: Request, response: Response) -> None:
        if isinstance(response.body, dict):
            _extend(response.body, request.number)

    return altered(on_copy(add))


def _extend(value: Any, number: int) -> None:
    if isinstance(value, dict):
        for inner in list(value.values()):
            _extend(inner, number)
        value["x_served_at"] = number
        value["x_extra"] = {"anything": [None, 1.5, "no"]}
    elif isinstance(value, list):
        for inner in value:
            _extend(inner, number)


@conformant
def openai_fields_beside_the_envelope() -> Fake:
    def add(_: Request, response: Response) -> None:
        if response.status == 200 and "data" in response.body:
            response.body["object"] = "list"
        for model in models_of(response):
            model.update(object="model", owned_by="anthropic", created=1_700_000_000)

    return altered(on_copy(add))


@conformant
def an_envelope_with_keys_of_its_own() -> Fake:
    def add(request: Request, response: Response) -> None:
        if response.status == 200 and "data" in response.body:
            response.body.update(partial=True, warnings=[f"at request {request.number}"])

    return altered(on_copy(add))


@conformant
def other_lists_beside_data() -> Fake:
    def add(_: Request, response: Response) -> None:
        if response.status == 200 and "data" in response.body:
            response.body["models"] = [dict(model) for model in response.body["data"]]

    return altered(on_copy(add))


@family(["2024-12-17", "2026-03-18", "2026-04-16", "2026-10-07", "2026-10-15", "2026-11-24"])
def a_server_of_a_later_revision(revision: str) -> Fake:
    """Judged by the default revision, which is older; `revisions` judges each by its own."""
    return altered(revision=revision if revision > "2026-04-16" else "2026-04-16", models=27)


@family(["indented", "escaped", "sorted", "reversed", "blanks-around", "raw-unicode"])
def spelling(how: str) -> Fake:
    def write(body: Any) -> str:
        match how:
            case "indented":
                return json.dumps(body, indent=4)
            case "escaped":
                return "".join(
                    f"\\u{ord(sign):04x}" if sign < "\uffff" and sign.isalpha() and inside else sign
                    for sign, inside in _with_inside(json.dumps(body, ensure_ascii=False))
                )
            case "sorted":
                return json.dumps(body, sort_keys=True)
            case "reversed":
                return json.dumps(_reversed(body))
            case "blanks-around":
                return f"\r\n\t {json.dumps(body)} \n\n"
            case _:
                return json.dumps(body, ensure_ascii=False)

    return altered(rewritten(write))


def _with_inside(text: str) -> Iterator[tuple[str, bool]]:
    inside = escaped = False
    for sign in text:
        if sign == '"' and not escaped:
            inside = not inside
        yield sign, inside and not escaped
        escaped = sign == "\\" and not escaped


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _reversed(value[name]) for name in reversed(value)}
    return [_reversed(inner) for inner in value] if isinstance(value, list) else value


@conformant
def key_order_changes_every_time() -> Fake:
    def shuffle(value: Any, dice: random.Random) -> Any:
        if isinstance(value, dict):
            names = list(value)
            dice.shuffle(names)
            return {name: shuffle(value[name], dice) for name in names}
        return [shuffle(inner, dice) for inner in value] if isinstance(value, list) else value

    dice = random.Random(7)  # noqa: S311 - not for secrets
    return altered(rewritten(lambda body: json.dumps(shuffle(body, dice))))


@family(
    [
        "application/json; charset=utf-8",
        "Application/JSON",
        'application/json;charset="UTF-8"',
        "application/json ; x=y",
    ]
)
def content_type(value: str) -> Fake:
    return altered(with_headers({"content-type": value}))


@conformant
def gzipped() -> Fake:
    def compress(ask: Ask, request: Request) -> Response:
        response = ask(request)
        headers = {**response.headers, "content-encoding": "gzip", "vary": "accept-encoding"}
        return replace(response, headers=headers, text=gzip.compress(response.encoded()))

    return altered(compress)


@conformant
def cookies_and_unusual_headers() -> Fake:
    return altered(
        with_headers(
            {
                "set-cookie": "a=b; Path=/",
                "X-Powered-By": "tea & biscuits",
                "age": "3",
            }
        )
    )


@conformant
def no_request_ids() -> Fake:
    def drop(ask: Ask, request: Request) -> Response:
        response = ask(request)
        headers = {name: value for name, value in response.headers.items() if name != "request-id"}
        return replace(response, headers=headers)

    return altered(drop)
