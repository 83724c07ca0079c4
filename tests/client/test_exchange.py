"""Requests, responses and pages, whatever a server sends."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_models_contract.client.exchange import (
    ABSENT,
    Page,
    Request,
    Response,
    counted,
    model_id,
    page_of,
    shown,
)
from pytest_models_contract.client.pool import Pool
from pytest_models_contract.client.variant import PLAIN, Variant
from pytest_models_contract.evidence.comparison import same_response
from pytest_models_contract.evidence.pagination import crawl
from pytest_models_contract.spec.revision import Revision


def response(
    body: bytes = b"{}",
    status: int = 200,
    sent: Any = (),
    pool: Pool | None = None,
    **headers: str,
) -> Response:
    pool = pool or Pool()
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Response(
        request=Request("/v1/models"),
        url="http://x/v1/models",
        sent=sent,
        status=status,
        headers=named,
        packed=pool.pack(body),
        pool=pool,
    )


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (Request("/v1/models"), "GET /v1/models"),
        (Request("/v1/models", (("limit", "2"),)), "GET /v1/models?limit=2"),
        (
            Request("/v1/models", (("lifecycle[]", "retired"), ("after_id", "a:b@c"))),
            "GET /v1/models?lifecycle[]=retired&after_id=a:b@c",
        ),
        (
            Request("/v1/models", variant=Variant("none", "2026-10-21", ("a", "b"))),
            "GET /v1/models (without a key, with anthropic-version 2026-10-21, with anthropic-beta a, b)",
        ),
        (
            Request("/v1/models", variant=Variant("other-way", "", tuple("abcd"))),
            "GET /v1/models (with the key in the other header, without anthropic-version,"
            " with anthropic-beta a, b and 2 more)",
        ),
        (
            Request("/v1/models", variant=Variant(headers=(("accept", "*/*"),))),
            "GET /v1/models (with the header accept)",
        ),
        (
            Request("/v1/models", (("limit", "\u0665"),)),
            "GET /v1/models?limit=%D9%A5 (%D9%A5 is ARABIC-INDIC DIGIT FIVE)",
        ),
    ],
)
def test_a_request_as_text(asked: Request, text: str) -> None:
    assert str(asked) == text


def test_a_plain_request_varies_nothing() -> None:
    assert str(PLAIN) == ""
    assert [Variant(auth).wrong for auth in ("key", "wrong", "wrong-other-way")] == [0, 1, 1]


def test_a_request_has_its_parameters() -> None:
    request = Request("/v1/models", (("limit", ""), ("after_id", "a")))
    assert [request.value(name) for name in ("limit", "after_id", "before_id")] == ["", "a", None]


def test_headers_are_found_in_any_case_and_joined() -> None:
    pool = Pool()
    pairs = (("Content-Type", "Application/JSON; charset=x"), ("via", "a"), ("Via", "b"))
    found = Response(Request("/"), "", (), 200, pairs, pool.pack(b""), pool)
    assert found.header("via") == "a, b"
    assert found.header("age") is None
    assert found.media_type == "application/json"
    assert response().media_type == ""


def test_the_same_bytes_are_read_once_and_every_body_is_kept() -> None:
    pool = Pool()
    one, other, again = (response(body, pool=pool) for body in (b'{"a": []}', b"{}", b'{"a": []}'))
    assert one.json is again.json
    assert [each.body for each in (one, other, again)] == [b'{"a": []}', b"{}", b'{"a": []}']


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ((("x-api-key", "a"),), "a"),
        ((("authorization", "Bearer b"),), "b"),
        ((), ""),
    ],
)
def test_a_response_has_the_key_that_was_sent(sent: Any, key: str) -> None:
    assert response(sent=sent).key == key


@pytest.mark.parametrize(("status", "ok"), [(199, False), (200, True), (299, True), (300, False)])
def test_ok_is_2xx(status: int, ok: bool) -> None:
    assert response(status=status).ok is ok


@pytest.mark.parametrize(
    ("body", "status"),
    [(b'{"data": []}', 404), (b'{"data": {}}', 200), (b"[]", 200), (b"no", 200), (b"{}", 200)],
)
def test_a_response_that_is_not_a_page(body: bytes, status: int) -> None:
    assert page_of(response(body, status)) is None


def test_an_empty_page_is_a_page() -> None:
    page = page_of(response(b'{"data": [], "has_more": false}'))
    assert page
    assert (len(page), page.ids, page.has_more, page.backward) == (0, [], False, False)


def test_models_without_an_id_get_names_of_their_own() -> None:
    page = page_of(response(b'{"data": [{"id": "a"}, {}, 5, {"id": 5}, {"id": ""}]}'))
    assert page is not None
    assert page.ids == ["a", *(f"(no id at /data/{n})" for n in (1, 2, 3, 4))]


def test_a_page_has_the_parameters_of_its_request() -> None:
    pool = Pool()
    query = (("limit", "5"), ("before_id", "b"))
    asked = Response(Request("/", query), "", (), 200, (), pool.pack(b'{"data":[]}'), pool)
    page = page_of(asked)
    assert isinstance(page, Page)
    assert (page.limit, page.after_id, page.before_id, page.backward) == (5, None, "b", True)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "null"), (ABSENT, "absent"), ("é\x1b", '"é\\u001b"'), ([1, True], "[1, true]")],
)
def test_values_are_shown_as_json(value: Any, text: str) -> None:
    assert shown(value) == text


def test_long_values_are_cut() -> None:
    assert len(shown("x" * 500)) < 120
    assert repr(ABSENT) == "absent"


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 models"), (1, "1 model"), (2, "2 models"), (1234, "1,234 models")]
)
def test_models_are_counted(number: int, text: str) -> None:
    assert counted(number) == text


@pytest.mark.parametrize(
    ("model", "found"), [({"id": "a"}, "a"), ({"id": ""}, None), ({"id": 5}, None), ([], None)]
)
def test_a_model_id_is_a_string_with_a_character(model: Any, found: str | None) -> None:
    assert model_id(model) == found


def test_an_endless_list_is_read_up_to_a_bound() -> None:
    pool = Pool()

    def ask(after_id: str = "0", **_: object) -> Response:
        return response(b'{"data": [{"id": "%d"}]}' % (int(after_id) + 1), pool=pool)

    found = crawl(ask, {}, 7)
    assert [page.ids for page in found.pages] == [[str(n + 1)] for n in range(7)]
    assert found.closing is None


# --- whether two responses say the same ------------------------------------------------------------


MANY = b", ".join([b'{"id": "a"}'] * 300)


def say_the_same(one: bytes, other: bytes, statuses: tuple[int, int] = (200, 200)) -> bool:
    first, second = map(response, (one, other), statuses)
    verdicts = {
        same_response(*pair, Revision.load()) for pair in ((first, second), (second, first))
    }
    assert len(verdicts) == 1, "the order of the responses counts"
    return verdicts.pop()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"data": [{"id": "a"}]}', b'{"data":[{"own": 1, "id": "a"}], "own": 1}'),
        (b'{"data": [], "first_id": "model"}', b'{"data": [], "first_id": "model", "own": 1}'),
        (b'{"data": [%b]}' % MANY, b'{"data": [%b], "own": 1}' % MANY),
        (b'{"id": "a", "max_tokens": 1}', b'{"max_tokens": 1, "id": "a", "own": 1}'),
    ],
)
def test_what_a_revision_does_not_know_may_change(one: bytes, other: bytes) -> None:
    assert say_the_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"data": [], "first_id": "a"}', b'{"data": [], "first_id": "b"}'),
        (b'{"data": [], "last_id": "a"}', b'{"data": [], "last_id": "b"}'),
        (b'{"data": [], "has_more": false}', b'{"data": [], "has_more": true}'),
        (b'{"data": []}', b'{"data": [{"id": "a"}]}'),
        (b'{"data": [{"id": "a"}]}', b'{"data": [{"id": "b"}]}'),
        (b'{"data": []}', b'{"id": "a"}'),
        (b'{"id": "a"}', b'{"id": "b"}'),
    ],
)
def test_what_a_revision_knows_may_not_change(one: bytes, other: bytes) -> None:
    assert not say_the_same(one, other)


@pytest.mark.parametrize("statuses", [(200, 404), (404, 500)])
@pytest.mark.parametrize("body", [b"{}", b'{"data": []}'])
def test_responses_of_different_status_differ(body: bytes, statuses: tuple[int, int]) -> None:
    assert not say_the_same(body, body, statuses)
    assert not say_the_same(body, b"", statuses)


@pytest.mark.parametrize("other", [b'{"error": 1}', b'{"error": 2}'])
def test_refusals_may_be_worded_differently(other: bytes) -> None:
    assert say_the_same(b'{"error": 1}', other, (404, int("404")))  # two objects that are equal
