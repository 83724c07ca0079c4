"""What nobody thinks of: servers ahead of a revision, odd numbers, odd paths, odd manners."""

from __future__ import annotations

import json
import time
import zlib
from dataclasses import replace
from typing import Any

from innocent.kit import (
    Model,
    both_cursors,
    family,
    headed,
    innocent,
    models_of,
    odd,
    on_copy,
    refused,
    respelled,
    with_models,
    without,
)
from innocent.moving import Moving
from pytest_models_contract.fake import Answer, Ask, Fake, Question
from pytest_models_contract.fake.catalogue import catalogue

# --- numbers and texts ---------------------------------------------------------------------------


@family(["1e400", "-0", "1E+2", "0.1e-7", "9" * 400])
def an_unknown_number(written: str) -> Fake:
    def write(body: Any) -> str:
        text = json.dumps(body)
        return f'{text[:-1]},"x_weight":{written}}}' if isinstance(body, dict) else text

    return odd(respelled(write))


@innocent
def unknown_fields_of_odd_names() -> Fake:
    def add(_: Question, answer: Answer) -> None:
        for model in models_of(answer):
            model.update({"": 1, "__proto__": {}, "ID": "no", "id ": 0, "données": []})

    return odd(on_copy(add))


@innocent
def unknown_fields_nested_deep() -> Fake:
    def add(_: Question, answer: Answer) -> None:
        nested: Any = 0
        for _turn in range(40):
            nested = [{"x": nested}]
        for model in models_of(answer)[:1]:
            model["x_deep"] = nested

    return odd(on_copy(add))


@innocent
def escaped_slashes() -> Fake:
    return odd(respelled(lambda body: json.dumps(body).replace("/", "\\/")))


@innocent
def ascii_only() -> Fake:
    own = [{**model, "display_name": "😀 モデル"} for model in Fake().models]
    return odd(respelled(json.dumps), models=own)


@innocent
def huge_display_names() -> Fake:
    return with_models(
        lambda n, model: {**model, "display_name": "Claude " * (5_000 if n < 3 else 1)}
    )


@innocent
def offsets_instead_of_z() -> Fake:
    return with_models(lambda _, m: {**m, "created_at": m["created_at"].replace("Z", "+00:00")})


@innocent
def released_in_the_future_and_long_ago() -> Fake:
    days = ("9999-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z")
    return with_models(lambda n, model: {**model, "created_at": days[n // 9]})


@innocent
def capabilities_with_more_to_say() -> Fake:
    def tell(_: Question, answer: Answer) -> None:
        for model in models_of(answer):
            for own in (model.get("capabilities") or {}).values():
                own.update(since="2025", regions=["eu", None])

    return odd(on_copy(tell))


# --- ids and paths -------------------------------------------------------------------------------


@family(
    ["models", "v1", "limit", "20", "null", "undefined", "?beta=true", "a%2Fb", "/a", "a/", "a//b"]
)
def an_id_that_reads(name: str) -> Fake:
    return with_models(lambda n, model: {**model, "id": name} if n == 3 else model)


@innocent
def ids_with_blanks_around() -> Fake:
    return with_models(lambda n, model: {**model, "id": f" {model['id']}" + " " * (n % 2)})


@innocent
def ids_that_differ_by_case_alone() -> Fake:
    def cased(n: int, model: Model) -> Model:
        return {
            **model,
            "id": "".join(c.upper() if n >> i & 1 else c for i, c in enumerate("claude")),
        }

    return with_models(cased)


@innocent
def ids_are_found_in_any_case() -> Fake:
    def fold(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return (
            ask(replace(question, path=question.path.lower())) if answer.status == 404 else answer
        )

    return odd(fold)


# --- manners -------------------------------------------------------------------------------------


@innocent
def wants_the_version_header() -> Fake:
    def strict(ask: Ask, question: Question) -> Answer:
        return ask(question) if "anthropic-version" in question.headers else refused(400)

    return odd(strict)


@innocent
def header_names_in_capitals() -> Fake:
    def shout(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return replace(
            answer, headers={name.title(): text for name, text in answer.headers.items()}
        )

    return odd(shout)


@innocent
def refusals_in_plain_text_with_404() -> Fake:
    def grumble(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        if answer.status < 400:
            return answer
        return Answer(404, {"content-type": "text/plain"}, text=b"limit: no such page")

    return odd(grumble)


@innocent
def caching_headers() -> Fake:
    return odd(headed({"etag": 'W/"1"', "cache-control": "no-store", "vary": "*", "age": "0"}))


@innocent
def deflated() -> Fake:
    def compress(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        headers = {**answer.headers, "content-encoding": "deflate"}
        return replace(answer, headers=headers, text=zlib.compress(answer.encoded()))

    return odd(compress)


@innocent
def takes_its_time_for_everything_at_once() -> Fake:
    def slow(ask: Ask, question: Question) -> Answer:
        time.sleep(0.2 if question.get("limit") == "1000" else 0)
        return ask(question)

    return odd(slow)


@innocent
def both_cursors_bound_a_page() -> Fake:
    def between(ask: Ask, question: Question) -> Answer:
        if not both_cursors(question):
            return ask(question)
        answer = ask(without(question, "before_id"))
        ids = [model["id"] for model in models_of(answer)]
        before = question.get("before_id")
        data = answer.body["data"][: ids.index(before)] if before in ids else models_of(answer)
        ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {}
        empty = {"first_id": None, "last_id": None, "has_more": False}
        return replace(answer, body={**empty, **ends, "data": data})

    return odd(between)


@innocent
def leading_zeros_of_a_limit_are_refused() -> Fake:
    def strict(ask: Ask, question: Question) -> Answer:
        return refused(400) if (question.get("limit") or "1").startswith("0") else ask(question)

    return odd(strict)


# --- servers that move ---------------------------------------------------------------------------


@family(
    [(count, moment) for count in (0, 1, 19, 20, 40) for moment in (1, 2, 3, 6, 11, 19, 31, 47)]
)
def grows_by_one(case: tuple[int, int]) -> Moving:
    count, moment = case
    own = catalogue(count, "2026-04-16")
    newest = {**Fake().models[0], "id": "claude-next", "created_at": "2026-12-01T00:00:00Z"}
    return Moving(odd(models=list(own)), odd(models=[newest, *own]), moment)
