"""Keys: the header that is refused, the server's words, what tells of a key, and whose list it is."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from conformant.kit import altered
from judging import ALONE, KEY, Verdict, fake, judged, judged_alone

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Variant
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

WHOLE = "errors/no_answer_repeats_the_key"
PART = "errors/no_answer_shows_a_part_of_the_key"
WANTS = [
    f"errors/{what}_wants_the_key[{key}]"
    for what in ("list", "retrieve")
    for key in ("no_key", "wrong_key")
]
ONE_WAY = {way: FAULTS[f"key_not_taken_as[{way}]"] for way in ("x-api-key", "bearer")}


def not_holding(found: dict[str, Verdict], verdict: str = "violated") -> dict[str, str]:
    return {check: seen.level for check, seen in found.items() if seen.verdict == verdict}


# --- a key that is taken in one header only -------------------------------------------------------


@pytest.mark.parametrize(
    ("auth", "taken", "violated"),
    [
        ("x-api-key", "bearer", {"headers/x_api_key_is_accepted": "must"}),
        ("bearer", "bearer", {"headers/x_api_key_is_accepted": "should"}),
        *(
            (
                auth,
                "x-api-key",
                {
                    "headers/key_is_taken_either_way[list]": "should",
                    "headers/key_is_taken_either_way[retrieve]": "should",
                },
            )
            for auth in ("x-api-key", "bearer")
        ),
    ],
)
def test_the_refused_header_is_reported_and_the_rest_judged_with_the_other(
    auth: str, taken: str, violated: dict[str, str]
) -> None:
    [refused] = set(ONE_WAY) - {taken}
    found = judged(fake(ONE_WAY[refused]), only=ALONE, auth=auth)
    assert not_holding(found) == violated
    assert not_holding(found, "error") == {}
    assert set(not_holding(found, "unexercised")) <= {
        f"headers/key_is_taken_either_way[{endpoint}]" for endpoint in ("list", "retrieve")
    }


def test_the_other_header_is_tried_once() -> None:
    server = fake(ONE_WAY["x-api-key"])
    with reading(server) as evidence:
        assert len(evidence.ids) == 27
        evidence.forget()
        assert len(evidence.ids) == 27
    sent = ["x-api-key" in request.headers for request in server.requests]
    assert sent == [True] + [False] * (len(sent) - 1)


# --- a server that lets nobody in -----------------------------------------------------------------


@contextmanager
def reading(app: Any, key: str | None = KEY, hint: str = "") -> Iterator[Evidence]:
    api = ModelsAPI(IN_PROCESS, Wsgi(app), key=key)
    try:
        yield Evidence(api, Revision.load(), key_hint=hint)
    finally:
        api.close()


def refusal(
    body: Any, key: str | None = KEY, status: int = 403, hint: str = "", **form: Any
) -> str:
    """What is said of a server that answers everything so."""
    headers = {"content-type": form.get("media_type", "application/json")}
    answer = Response(status, headers, None if isinstance(body, bytes) else body)
    answer.text = body if isinstance(body, bytes) else None
    with reading(Fake(faults=[lambda _, __: answer]), key, hint) as evidence:
        with pytest.raises(NotJudged) as caught:
            _ = evidence.crawl
        assert evidence.api.dead == str(caught.value)
        assert len(evidence.api.exchanges) == (2 if key else 1)
    return str(caught.value)


def test_both_headers_refused_are_an_error_and_no_violation() -> None:
    found = judged(fake(), only=ALONE, key="sk-another-0123456789abcdef")
    assert not_holding(found) == {}
    why = {seen.why for seen in found.values() if seen.verdict == "error"}
    assert why == {
        "the server refused the key with 401, sent as `x-api-key` and as `Authorization: Bearer`:"
        ' it says "the key is wrong"; set MODELS_CONTRACT_API_KEY to a key that it accepts;'
        " a gateway may be passing on a refusal of its upstream"
    }


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "unknown client"}}, "unknown client"),
        ({"error": "no such tenant"}, "no such tenant"),
        ({"message": "Forbidden"}, "Forbidden"),
        ({"detail": {"msg": "not yours"}}, "not yours"),
        ("just no", "just no"),
        (b"<html><head><title>403\n Forbidden</title></head>", "403 Forbidden"),
        (b"access denied\r\n", "access denied"),
        (b"\x1b[31mred", "\\x1b[31mred"),
    ],
)
def test_the_words_of_the_server_are_quoted(body: Any, words: str) -> None:
    assert (
        f'403, sent as `x-api-key` and as `Authorization: Bearer`: it says "{words}";'
        in refusal(body)
    )


@pytest.mark.parametrize("body", [b"", {"error": {"code": 5}}])
def test_a_server_without_a_word_is_not_quoted(body: Any) -> None:
    text = refusal(body)
    assert ("it says" in text) == bool(body)


def test_without_a_key_one_is_wanted() -> None:
    text = refusal(
        {"error": {"message": "who are you?"}}, key=None, status=401, hint="OTHER is set"
    )
    assert text == (
        'the server wants a key (401): it says "who are you?"; set MODELS_CONTRACT_API_KEY to one'
        " that it accepts; OTHER is set"
    )


# --- a key in a header of its own -----------------------------------------------------------------


def gated(name: str) -> Any:
    """A server that takes the key in a header of its own alone."""

    def gate(ask: Ask, request: Request) -> Response:
        if request.headers.get(name) not in {KEY, f"Bearer {KEY}"}:
            request = replace(request, headers={})
        else:
            request = replace(request, trusted=True)
        return ask(request)

    return fake(gate)


@pytest.mark.parametrize("value", [KEY, f"Bearer {KEY}"])
@pytest.mark.parametrize("name", ["X-Gateway-Key", "Authorization", "x-auth-token"])
def test_a_question_without_a_key_leaves_the_header_of_the_key_out(name: str, value: str) -> None:
    found = judged(gated(name.lower()), key=None, only=ALONE, headers={name: value})
    assert {found[check].verdict for check in WANTS} == {"holds"}
    assert not_holding(found) == {}


def test_where_any_header_may_be_the_key_nothing_is_said_of_a_question_without() -> None:
    found = judged(gated("x-gateway"), key=None, only=["errors"], headers={"X-Gateway": KEY})
    why = "the extra header x-gateway was sent as well, and may be the key"
    assert {(found[check].verdict, found[check].why) for check in WANTS} == {("unexercised", why)}


def test_a_header_that_is_no_key_goes_with_every_question() -> None:
    server = fake()
    judged(server, only=["errors"], headers={"x-tenant": "blue"})
    assert {request.headers.get("x-tenant") for request in server.requests} == {"blue"}


# --- what tells of a key --------------------------------------------------------------------------


def saying(text: Callable[[Request], str], when: Callable[[Request, Response], bool]) -> Any:
    def says(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if not when(request, response):
            return response
        return replace(response, headers={**response.headers, "x-said": text(request)})

    return altered(says)


def wrong(request: Request, response: Response) -> bool:
    return response.status == 401 and bool(request.keys)


def right(_: Request, response: Response) -> bool:
    return response.status == 200


def always(_: Request, __: Response) -> bool:
    return True


@pytest.mark.parametrize("key", [KEY, "sk-local", "sekret"])
def test_the_right_key_shown_to_a_wrong_one_is_a_leak(key: str) -> None:
    server = Fake(key=key, faults=[FAULTS["right_key_is_shown_to[a-wrong-key]"]])
    seen = judged(server, key=key, only=["errors"], aliases={})[WHOLE]
    assert (seen.verdict, seen.level) == ("violated", "must")
    assert seen.why.startswith(
        "the server's right key, in the response to a request with another key;"
    )


PARTS: dict[str, Callable[[str], str]] = {
    "the SHA-256 of the key": lambda key: hashlib.sha256(key.encode()).hexdigest(),
    "the SHA-1 of the key": lambda key: hashlib.sha1(key.encode()).hexdigest().upper(),  # noqa: S324
    "the MD5 of the key": lambda key: f"md5={hashlib.md5(key.encode()).hexdigest()}",  # noqa: S324
    "the key in base64": lambda key: b64encode(key.encode()).decode(),
    "8 or more characters of the key": lambda key: f"...{key[-8:]}",
}


@pytest.mark.parametrize("when", [wrong, right])
@pytest.mark.parametrize("shown_as", PARTS)
def test_a_part_of_a_key_or_its_hash_is_advice(shown_as: str, when: Any) -> None:
    server = saying(lambda request: PARTS[shown_as](request.keys[-1]), when)
    found = judged(server, only=["errors"])
    assert not_holding(found) == {PART: "should"}
    assert found[PART].why == f"{shown_as}; expected a response without any part of it"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        (lambda request: request.keys[-1][:13], wrong),  # of which kind the key is
        (lambda request: request.keys[-1][-7:], wrong),  # seven characters are no part
        (lambda _: KEY[-8:], always),  # said to whoever asks
        (lambda request: hashlib.sha256(request.keys[-1][1:].encode()).hexdigest(), wrong),
    ],
)
def test_what_is_no_part_of_a_key(text: Any, when: Any) -> None:
    found = judged(saying(text, when), only=["errors"])
    assert not_holding(found) == {}


def test_parts_of_a_short_key_are_not_looked_for() -> None:
    short = "sk-0123456789abcdef"
    assert len(short) == 19

    def says(ask: Ask, request: Request) -> Response:
        response = ask(request)
        text = hashlib.sha256(short.encode()).hexdigest() if right(request, response) else ""
        return replace(response, headers={**response.headers, "x-said": text})

    found = judged(Fake(key=short, faults=[says]), key=short, only=["errors"], aliases={})
    assert found[PART].verdict == "holds"


# --- another client's key -------------------------------------------------------------------------

SECOND = "sk-of-another-client"
OWN_LIST = "headers/another_key_changes_nothing"


def own_list(*faults: Any, second: str | None = SECOND) -> Verdict:
    def admitted(ask: Ask, request: Request) -> Response:
        return ask(replace(request, trusted=SECOND in request.keys))

    return judged(fake(admitted, *faults), only=["headers"], second_key=second)[OWN_LIST]


def test_a_list_that_another_client_asked_for_first_is_reported() -> None:
    seen = own_list(FAULTS["list_is_remembered_for_every_key"])
    assert (seen.verdict, seen.level) == ("violated", "must")
    assert seen.why.endswith("as with this key before")


def test_clients_with_lists_of_their_own_are_no_violation() -> None:
    def fewer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if SECOND not in request.keys or "data" not in (response.body or {}):
            return response
        return replace(response, body={**response.body, "data": response.body["data"][3:]})

    assert own_list(fewer).verdict == own_list().verdict == "holds"


def test_a_second_key_that_is_refused_shows_nothing() -> None:
    found = judged(fake(), only=["headers"], second_key=SECOND)
    assert found[OWN_LIST].why == "the second key is refused (401)"


def test_the_second_key_is_a_secret() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY, second_key=SECOND)
    response = api.list(variant=Variant(auth="second"))
    assert SECOND in dict(response.sent).values()
    assert SECOND not in api.curl(response)
    api.close()


# --- what users expect ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("faults", "expected", "why"),
    [
        ([], "claude-opus-5", "2 responses"),
        ([], "claude-next", "27 models, without it; expected the model claude-next in the list"),
        (
            [FAULTS["listed_model_is_unknown[first]"]],
            "claude-opus-5",
            "status 404; expected status 200 with claude-opus-5",
        ),
    ],
)
def test_an_expected_model_is_listed_and_found(faults: Any, expected: str, why: str) -> None:
    found = judged(fake(*faults), only=["retrieve"], expected=[expected])
    assert found[f"retrieve/expected_model_is_listed_and_found[{expected}]"].why == why


def test_an_expected_model_is_missed_in_an_empty_list() -> None:
    found = judged(fake(models=0), only=["retrieve"], aliases={}, expected=["claude-opus-5"])
    assert found["retrieve/expected_model_is_listed_and_found[claude-opus-5]"].verdict == "violated"


def test_a_name_of_blanks_shows_nothing() -> None:
    seen, _ = judged_alone(
        "model_info/display_name_is_not_empty", Fake([{"id": "a", "display_name": " "}], key=KEY)
    )
    assert (seen.level, seen.why) == ("should", '" "; expected a name for people')
