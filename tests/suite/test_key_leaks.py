"""What shows a key, and the lists of two clients."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from conformant.kit import altered
from judging import KEY, Verdict, fake, judged, judged_alone, not_holding

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.variant import Variant
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

WHOLE = "errors/no_answer_repeats_the_key"


PART = "errors/no_answer_shows_a_part_of_the_key"


# --- what tells of a key -------------------------------------------------------------------------


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


# --- another client's key ------------------------------------------------------------------------


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


# --- what users expect ---------------------------------------------------------------------------


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
