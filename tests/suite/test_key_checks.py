"""Keys: the header that is refused, the server's words, what tells of a key, and whose list it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from judging import ALONE, KEY, fake, judged, not_holding

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

WANTS = [
    f"errors/{what}_wants_the_key[{key}]"
    for what in ("list", "retrieve")
    for key in ("no_key", "wrong_key")
]


ONE_WAY = {way: FAULTS[f"key_not_taken_as[{way}]"] for way in ("x-api-key", "bearer")}


# --- a key that is taken in one header only ------------------------------------------------------


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


# --- a server that lets nobody in ----------------------------------------------------------------


@contextmanager
def reading(app: Any, key: str | None = KEY, hint: str = "") -> Iterator[Evidence]:
    api = ModelsAPI(IN_PROCESS, Wsgi(app), key=key)
    try:
        yield Evidence(api, Revision.load(), key_hint=lambda: hint)
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


# --- a key in a header of its own ----------------------------------------------------------------


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
