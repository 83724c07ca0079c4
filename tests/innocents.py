"""Servers that keep the rules in unusual ways: nothing about them may be called a violation."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from judging import ALIASES, KEY

from pytest_models_contract.fake import Answer, Ask, Fake, Question, error

Model = dict[str, Any]
INNOCENTS: dict[str, Callable[[], Any]] = {}


def innocent(make: Callable[[], Any]) -> Callable[[], Any]:
    INNOCENTS[make.__name__] = make
    return make


def family(cases: Iterable[Any]) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    def add(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
        for case in cases:
            INNOCENTS[f"{make.__name__}[{case}]"] = lambda case=case: make(case)
        return make

    return add


def odd(*oddities: Any, models: Any = 27, revision: str = "2026-04-16") -> Fake:
    known = {model["id"] for model in models} if isinstance(models, list) else set()
    aliases = {a: own for a, own in ALIASES.items() if models == 27 or own in known}
    return Fake(models=models, revision=revision, key=KEY, faults=oddities, aliases=aliases)


def with_models(change: Callable[[int, Model], Model], models: int = 27) -> Fake:
    """A fake whose models are changed one by one, each served the same everywhere."""
    own = [change(place, dict(model)) for place, model in enumerate(Fake(models=models).models)]
    return odd(models=own)


# --- how many ------------------------------------------------------------------------------------


@family(
    [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        13,
        19,
        20,
        21,
        22,
        23,
        24,
        28,
        29,
        36,
        39,
        40,
        41,
        60,
        61,
        97,
        100,
        120,
        150,
        159,
        160,
        161,
    ]
)
def models(count: int) -> Fake:
    return odd(models=count)


@family([999, 1000, 1001, 1500, 2000, 2001, 2999, 3001, 4500])
def many_models(count: int) -> Fake:
    return odd(models=count)


# --- dates ---------------------------------------------------------------------------------------


@innocent
def all_released_on_one_day() -> Fake:
    return with_models(lambda _, model: {**model, "created_at": "2026-01-01T00:00:00Z"})


@innocent
def tied_dates_in_another_order_of_ids() -> Fake:
    own = [
        {**model, "created_at": f"20{26 - n // 5:02d}-01-01T00:00:00Z"}
        for n, model in enumerate(Fake().models)
    ]
    for start in range(0, len(own), 5):
        own[start : start + 5] = sorted(
            own[start : start + 5], key=lambda model: model["id"], reverse=True
        )
    return odd(models=own)


@family(
    [
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00.000000Z",
        "1970-01-01T00:00:00+00:00",
        "1970-01-01t00:00:00z",
        "1970-01-01T01:00:00+01:00",
        "1969-12-31T16:00:00-08:00",
    ]
)
def epochs_anywhere(epoch: str) -> Fake:
    def place(_: Question, answer: Answer) -> None:
        for model in _models(answer):
            if hash_of(model["id"]) % 3 == 0:
                model["created_at"] = epoch

    return odd(on_copy(place))


@innocent
def epochs_everywhere() -> Fake:
    return with_models(lambda _, model: {**model, "created_at": "1970-01-01T00:00:00Z"})


DATES: Sequence[Callable[[datetime], str]] = (
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    lambda moment: moment.strftime("%Y-%m-%dt%H:%M:%Sz"),
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.0Z"),
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.123456789123456789Z"),
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S-00:00"),
    lambda moment: moment.astimezone(timezone(timedelta(hours=14))).isoformat(),
    lambda moment: moment.astimezone(timezone(timedelta(hours=-12, minutes=-30))).isoformat(),
    lambda moment: moment.astimezone(timezone(timedelta(hours=5, minutes=45))).isoformat(),
)


@innocent
def every_form_of_date() -> Fake:
    day = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    return with_models(
        lambda n, model: {**model, "created_at": DATES[n % len(DATES)](day - timedelta(days=n))}
    )


@innocent
def leap_days_and_leap_seconds() -> Fake:
    order = [
        "2024-02-29T12:00:00Z",
        "2016-12-31T23:59:60Z",
        "1990-12-31T15:59:60-08:00",
        "1972-06-30T23:59:60.5Z",
    ]
    return with_models(lambda n, model: {**model, "created_at": order[n]}, models=4)


@innocent
def ordered_by_instant_not_by_text() -> Fake:
    base = datetime(2026, 1, 1, tzinfo=UTC)
    zones = [timezone(timedelta(hours=hours)) for hours in (14, -12, 0, 9, -8)]
    return with_models(
        lambda n, model: {
            **model,
            "created_at": (base - timedelta(hours=n)).astimezone(zones[n % 5]).isoformat(),
        }
    )


@innocent
def fractions_decide_the_order() -> Fake:
    return with_models(lambda n, model: {**model, "created_at": f"2026-01-01T00:00:00.{999 - n}Z"})


@innocent
def one_moment_written_two_ways() -> Fake:
    def rewrite(question: Question, answer: Answer) -> None:
        if question.path != "/v1/models":
            for model in _models(answer):
                model["created_at"] = model["created_at"].replace("Z", ".000+00:00")

    return odd(on_copy(rewrite))


# --- values --------------------------------------------------------------------------------------


@innocent
def nulls_wherever_null_is_legal() -> Fake:
    return with_models(
        lambda _, model: {
            **model,
            "capabilities": None,
            "max_input_tokens": None,
            "max_tokens": None,
        }
    )


@innocent
def null_strategies_and_xhigh() -> Fake:
    def empty(_: int, model: Model) -> Model:
        own = json.loads(json.dumps(model))
        if own["capabilities"]:
            management = own["capabilities"]["context_management"]
            management.update({name: None for name in management if name != "supported"})
            own["capabilities"]["effort"]["xhigh"] = None
        return own  # type: ignore[no-any-return]

    return with_models(empty)


@innocent
def zero_and_huge_limits() -> Fake:
    return with_models(
        lambda n, model: {**model, "max_tokens": 0, "max_input_tokens": 2**63 if n % 2 else 0}
    )


@innocent
def empty_and_odd_display_names() -> Fake:
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


@innocent
def capabilities_all_unsupported() -> Fake:
    def off(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: off(inner) for name, inner in value.items()}
        return False if value is True else value

    return with_models(lambda _, model: {**model, "capabilities": off(model["capabilities"])})


@innocent
def unknown_fields_at_every_level() -> Fake:
    def add(question: Question, answer: Answer) -> None:
        if isinstance(answer.body, dict):
            _extend(answer.body, question.number)

    return odd(on_copy(add))


def _extend(value: Any, number: int) -> None:
    if isinstance(value, dict):
        for inner in list(value.values()):
            _extend(inner, number)
        value["x_served_at"] = number
        value["x_extra"] = {"anything": [None, 1.5, "no"]}
    elif isinstance(value, list):
        for inner in value:
            _extend(inner, number)


@innocent
def openai_fields_beside_the_envelope() -> Fake:
    def add(_: Question, answer: Answer) -> None:
        if answer.status == 200 and "data" in answer.body:
            answer.body["object"] = "list"
        for model in _models(answer):
            model.update(object="model", owned_by="anthropic", created=1_700_000_000)

    return odd(on_copy(add))


@innocent
def other_lists_beside_data() -> Fake:
    def add(_: Question, answer: Answer) -> None:
        if answer.status == 200 and "data" in answer.body:
            answer.body["models"] = [dict(model) for model in answer.body["data"]]

    return odd(on_copy(add))


@family(["2024-12-17", "2026-03-18", "2026-04-16", "2026-10-07", "2026-10-15"])
def a_server_of_a_later_revision(revision: str) -> Fake:
    """Judged by the default revision when newer; by its own name in the tests of revisions."""
    return odd(revision=revision if revision > "2026-04-16" else "2026-04-16", models=27)


# --- JSON and HTTP -------------------------------------------------------------------------------


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

    return odd(respelled(write))


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


@innocent
def key_order_changes_every_time() -> Fake:
    def shuffle(value: Any, dice: random.Random) -> Any:
        if isinstance(value, dict):
            names = list(value)
            dice.shuffle(names)
            return {name: shuffle(value[name], dice) for name in names}
        return [shuffle(inner, dice) for inner in value] if isinstance(value, list) else value

    dice = random.Random(7)  # noqa: S311 - no secret hangs on it
    return odd(respelled(lambda body: json.dumps(shuffle(body, dice))))


@family(
    [
        "application/json; charset=utf-8",
        "Application/JSON",
        'application/json;charset="UTF-8"',
        "application/json ; x=y",
    ]
)
def content_type(value: str) -> Fake:
    return odd(headed({"content-type": value}))


@innocent
def gzipped() -> Fake:
    def compress(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        headers = {**answer.headers, "content-encoding": "gzip", "vary": "accept-encoding"}
        return replace(answer, headers=headers, text=gzip.compress(answer.encoded()))

    return odd(compress)


@innocent
def cookies_and_strange_headers() -> Fake:
    return odd(
        headed(
            {
                "set-cookie": "a=b; Path=/",
                "X-Powered-By": "tea & biscuits",
                "age": "3",
            }
        )
    )


@innocent
def no_request_ids() -> Fake:
    def drop(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        headers = {name: value for name, value in answer.headers.items() if name != "request-id"}
        return replace(answer, headers=headers)

    return odd(drop)


# --- ids -----------------------------------------------------------------------------------------

IDS = (
    "anthropic/claude-opus-5",
    "us.anthropic.claude-opus-4-20250514-v1:0",
    "claude-opus-4@20250514",
    "models with blanks",
    "a/b/c/d",
    "модель",
    "モデル",
    "100%",
    "50%25",
    "a+b",
    "a&b=c",
    "what?",
    "number#1",
    "semi;colon",
    "quote'd",
    'double"quoted',
    "back\\slash",
    "~tilde!*()",
    "UPPER",
    "upper",
    "0",
    "null",
    "x" * 300,
    "[brackets]",
    "a,b",
    "e\u0301",
    "\u00e9",
)


@innocent
def ids_of_every_kind() -> Fake:
    return with_models(lambda n, model: {**model, "id": IDS[n]}, models=len(IDS))


@family([1, 2, 3])
def slashed_ids_only(count: int) -> Fake:
    return with_models(lambda n, model: {**model, "id": f"vendor/{n}:latest"}, models=count)


@innocent
def ids_that_begin_alike() -> Fake:
    return with_models(lambda n, model: {**model, "id": "m" * (n + 1)}, models=25)


# --- where the reference is silent ---------------------------------------------------------------


@family([400, 404, 409, 410, 418, 422])
def unknown_cursor_refused_with(status: int) -> Fake:
    return odd(answering(_names_no_model, lambda: _refusal(status)))


@innocent
def unknown_cursor_gets_the_first_page() -> Fake:
    def ignore(ask: Ask, question: Question) -> Answer:
        if _names_no_model(question):
            question = _without(question, "after_id", "before_id")
        return ask(question)

    return odd(ignore)


@innocent
def unknown_cursor_gets_an_empty_page() -> Fake:
    return odd(answering(_names_no_model, _empty))


@family(["after_id", "before_id"])
def both_cursors_read_as(kept: str) -> Fake:
    dropped = {"after_id": "before_id", "before_id": "after_id"}[kept]

    def choose(ask: Ask, question: Question) -> Answer:
        return ask(_without(question, dropped) if _both(question) else question)

    return odd(choose)


@innocent
def both_cursors_get_an_empty_page() -> Fake:
    return odd(answering(_both, _empty))


@family([404, 409, 413, 422])
def limits_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return _refusal(status) if answer.status == 400 and question.get("limit") else answer

    return odd(refuse)


@family(["1.5", "5abc", ""])
def malformed_limit_is_served(value: str) -> Fake:
    def serve(ask: Ask, question: Question) -> Answer:
        return ask(_without(question, "limit") if question.get("limit") == value else question)

    return odd(serve)


@family([400, 403, 405, 410, 422])
def unknown_model_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return _refusal(status) if answer.status == 404 else answer

    return odd(refuse)


@family(["plain", "html", "openai", "fastapi", "empty"])
def errors_in_another_dress(dress: str) -> Fake:
    bodies = {
        "plain": b"no",
        "html": b"<html><h1>No</h1></html>",
        "openai": b'{"error":{"message":"no","type":"invalid_request_error","code":null}}',
        "fastapi": b'{"detail":"no"}',
        "empty": b"",
    }

    def dressed(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return replace(answer, text=bodies[dress]) if answer.status >= 400 else answer

    return odd(dressed)


@innocent
def anybody_is_let_in() -> Fake:
    return Fake(aliases=ALIASES)


@family([403, 407, 404, 400])
def no_key_refused_with(status: int) -> Fake:
    def refuse(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return _refusal(status) if answer.status == 401 else answer

    return odd(refuse)


@innocent
def unlisted_betas_accepted() -> Fake:
    def ignore(ask: Ask, question: Question) -> Answer:
        headers = {
            name: value for name, value in question.headers.items() if name != "anthropic-beta"
        }
        return ask(replace(question, headers=headers))

    return odd(ignore)


@innocent
def query_parameters_nobody_knows_are_refused() -> Fake:
    known = {"limit", "after_id", "before_id", "beta", "lifecycle[]"}

    def strict(ask: Ask, question: Question) -> Answer:
        strange = any(name not in known for name, _ in question.query)
        return _refusal(400) if strange else ask(question)

    return odd(strict)


@innocent
def beta_query_ignored() -> Fake:
    return odd(lambda ask, question: ask(_without(question, "beta")))


@innocent
def beta_query_adds_fields() -> Fake:
    def add(question: Question, answer: Answer) -> None:
        if question.get("beta"):
            for model in _models(answer):
                model["allowed_fallback_models"] = ["claude-opus-5"]
                model["beta_only"] = True

    return odd(on_copy(add))


@innocent
def retrieve_says_more_than_the_list() -> Fake:
    def add(question: Question, answer: Answer) -> None:
        if question.path != "/v1/models":
            for model in _models(answer):
                model["description"] = "only here"

    return odd(on_copy(add))


@innocent
def unlisted_models_can_be_retrieved() -> Fake:
    def resolve(ask: Ask, question: Question) -> Answer:
        hidden = question.path == "/v1/models/hidden"
        return ask(replace(question, path="/v1/models/claude-opus-5") if hidden else question)

    return odd(resolve)


# --- servers that move ---------------------------------------------------------------------------


class Moving:
    """A server whose catalogue changes once, at the given question."""

    def __init__(self, before: Fake, after: Fake, at: int) -> None:
        self._before, self._after, self._left = before, after, at

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self._left -= 1
        return (self._after if self._left < 0 else self._before)(environ, start_response)


MOMENTS = (
    1,
    2,
    3,
    4,
    5,
    7,
    9,
    12,
    15,
    18,
    20,
    22,
    25,
    28,
    30,
    33,
    36,
    40,
    45,
    50,
    55,
    60,
    65,
    70,
    75,
    80,
    85,
    90,
)


@family(MOMENTS)
def a_model_is_released_at(moment: int) -> Moving:
    own = Fake().models
    newest = {**own[0], "id": "claude-next", "created_at": "2026-12-01T00:00:00Z"}
    return Moving(odd(models=list(own)), odd(models=[newest, *own]), moment)


@family(MOMENTS[::3])
def a_model_is_retired_at(moment: int) -> Moving:
    own = Fake().models
    return Moving(odd(models=list(own)), odd(models=[*own[:7], *own[8:]]), moment)


@family(MOMENTS[::3])
def a_model_is_renamed_at(moment: int) -> Moving:
    own = list(Fake().models)
    return Moving(
        odd(models=own), odd(models=[*own[:5], {**own[5], "display_name": "New"}, *own[6:]]), moment
    )


@family([1, 5, 20, 40])
def two_releases_from(moment: int) -> Moving:
    own = Fake().models
    first = {**own[0], "id": "claude-next", "created_at": "2026-12-01T00:00:00Z"}
    second = {**own[0], "id": "claude-later", "created_at": "2026-12-02T00:00:00Z"}
    fakes = (odd(models=list(own)), odd(models=[first, *own]), odd(models=[second, first, *own]))
    return Moving(fakes[0], Moving(fakes[1], fakes[2], 25), moment)  # type: ignore[arg-type]


@family([(429, {"retry-after": "0"}), (500, {}), (503, {"retry-after": "0"}), (529, {}), (408, {})])
def fails_now_and_then(case: tuple[int, Mapping[str, str]]) -> Fake:
    status, headers = case

    def stumble(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        if question.number % 7 == 3:
            return replace(_refusal(status), headers={**answer.headers, **headers})
        return answer

    return odd(stumble)


# --- how an oddity is made -----------------------------------------------------------------------


def on_copy(change: Callable[[Question, Answer], None]) -> Any:
    """An oddity that changes a copy of the honest answer's body."""

    def oddity(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        answer = replace(answer, body=json.loads(json.dumps(answer.body)))
        change(question, answer)
        return answer

    return oddity


def respelled(write: Callable[[Any], str]) -> Any:
    def oddity(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return replace(answer, text=write(answer.body).encode())

    return oddity


def headed(headers: Mapping[str, str]) -> Any:
    def oddity(ask: Ask, question: Question) -> Answer:
        answer = ask(question)
        return replace(answer, headers={**answer.headers, **headers})

    return oddity


def answering(when: Callable[[Question], bool], make: Callable[[], Answer]) -> Any:
    return lambda ask, question: make() if when(question) else ask(question)


def hash_of(text: str) -> int:
    return sum(text.encode())


def _models(answer: Answer) -> list[Model]:
    body = answer.body
    if answer.status != 200 or not isinstance(body, dict):
        return []
    return body.get("data", [body])  # type: ignore[no-any-return]


def _refusal(status: int) -> Answer:
    return Answer(
        status,
        {"content-type": "application/json", "request-id": "req_x"},
        error(400, "no", "req_x"),
    )


def _empty() -> Answer:
    body = {"data": [], "first_id": None, "last_id": None, "has_more": False}
    return Answer(200, {"content-type": "application/json"}, body)


def _both(question: Question) -> bool:
    return bool(question.get("after_id") and question.get("before_id"))


def _names_no_model(question: Question) -> bool:
    return any("no-such-model" in (question.get(name) or "") for name in ("after_id", "before_id"))


def _without(question: Question, *names: str) -> Question:
    return replace(question, query=tuple(pair for pair in question.query if pair[0] not in names))
