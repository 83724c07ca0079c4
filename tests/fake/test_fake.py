"""The conformant fake follows the rules: paging compared with slices of a list, the rest case by case."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_models_contract.fake import Fake, Request, Response
from pytest_models_contract.fake.catalogue import REVISIONS
from pytest_models_contract.spec.revision import Revision

STAGES = ("active", "deprecated", "retired")
sizes = st.integers(1, 12)


def page(fake: Fake, *query: tuple[str, object], **parameters: object) -> Response:
    """The response to a list request."""
    pairs = [*query, *parameters.items()]
    return fake.respond(Request(query=tuple((name, str(value)) for name, value in pairs)))


def retrieve(fake: Fake, name: str, **parameters: str) -> Response:
    """The response to a retrieve."""
    path = f"/v1/models/{quote(name, safe='')}"
    return fake.respond(Request(path=path, query=tuple(parameters.items())))


def ids(response: Response) -> list[str]:
    """The ids on a page."""
    return [model["id"] for model in response.body["data"]]


def refused(response: Response) -> tuple[int, str]:
    """The status and type of a well-formed error."""
    assert response.body["type"] == "error"
    assert response.body["request_id"] == response.headers["request-id"]
    return response.status, response.body["error"]["type"]


@given(count=st.integers(0, 40), limit=sizes, place=st.integers(0, 39))
def test_a_page_after_a_cursor_is_a_slice(count: int, limit: int, place: int) -> None:
    fake = Fake(count)
    everything = ids(page(fake, limit=1000))
    if place >= count:
        assert refused(page(fake, after_id=f"m{place}"))[0] == 400
        return
    got = page(fake, limit=limit, after_id=everything[place])
    assert ids(got) == everything[place + 1 :][:limit]
    assert got.body["has_more"] == (place + 1 + limit < count)


@given(count=st.integers(1, 40), limit=sizes, place=st.integers(0, 39))
def test_a_page_before_a_cursor_has_the_nearest_models(count: int, limit: int, place: int) -> None:
    fake = Fake(count)
    place = min(place, count - 1)
    everything = ids(page(fake, limit=1000))
    got = page(fake, limit=limit, before_id=everything[place])
    assert ids(got) == everything[max(0, place - limit) : place]
    assert got.body["has_more"] == (place > limit)


@given(count=st.integers(0, 60), limit=sizes, backwards=st.booleans())
def test_a_walk_meets_every_model_once(count: int, limit: int, backwards: bool) -> None:
    fake = Fake(count)
    everything = ids(page(fake, limit=1000))
    cursor, edge = ("before_id", "first_id") if backwards else ("after_id", "last_id")
    met = everything[-1:] if backwards else []
    query: dict[str, Any] = {"before_id": everything[-1]} if backwards and everything else {}
    more = bool(everything)
    while more:
        got = page(fake, limit=limit, **query)
        met = ids(got) + met if backwards else met + ids(got)
        more, query = got.body["has_more"], {cursor: got.body[edge]}
    assert met == everything


@given(count=st.integers(0, 45), limit=sizes)
def test_the_cursors_are_those_of_the_page(count: int, limit: int) -> None:
    got = page(Fake(count), limit=limit).body
    edges = [model["id"] for model in got["data"]] or [None]
    assert [got["first_id"], got["last_id"]] == [edges[0], edges[-1]]


@pytest.mark.slow
def test_a_hundred_thousand_models_can_be_served() -> None:
    fake = Fake(100_000)
    got = page(fake, after_id=fake.models[50_000]["id"], limit=1000)
    assert ids(got)[0] == fake.models[50_001]["id"]
    assert len(ids(got)) == 1000


@pytest.mark.parametrize(("limit", "length"), [("1", 1), ("1000", 27), ("027", 27), ("20", 20)])
def test_limits_in_range_are_served(limit: str, length: int) -> None:
    assert len(ids(page(Fake(), limit=limit))) == length


def test_the_default_limit_is_20_with_and_without_a_cursor() -> None:
    fake = Fake(60)
    middle = fake.models[30]["id"]
    responses = [page(fake), page(fake, after_id=middle), page(fake, before_id=middle)]
    assert [len(ids(response)) for response in responses] == [20, 20, 20]


@pytest.mark.parametrize(
    "limit", ["0", "-1", "1001", "+5", " 5", "5abc", "1.5", "1e2", "", "abc", "\u0665", "9" * 5000]
)
def test_other_limits_are_refused(limit: str) -> None:
    assert refused(page(Fake(), limit=limit)) == (400, "invalid_request_error")


@pytest.mark.parametrize("end", ["after_id", "before_id"])
def test_beyond_the_ends_there_is_an_empty_page(end: str) -> None:
    fake = Fake()
    edge = fake.models[-1 if end == "after_id" else 0]["id"]
    assert page(fake, **{end: edge}).body == {
        "data": [],
        "has_more": False,
        "first_id": None,
        "last_id": None,
    }


@pytest.mark.parametrize("cursor", ["after_id", "before_id"])
def test_an_unknown_cursor_is_refused_by_name(cursor: str) -> None:
    response = page(Fake(), **{cursor: "nobody"})
    assert refused(response) == (400, "invalid_request_error")
    assert "nobody" in response.body["error"]["message"]


def test_two_cursors_are_refused() -> None:
    fake = Fake()
    one, other = (model["id"] for model in fake.models[:2])
    assert refused(page(fake, after_id=one, before_id=other)) == (400, "invalid_request_error")


def test_every_listed_model_can_be_retrieved() -> None:
    fake = Fake()
    assert [retrieve(fake, model["id"]).body for model in fake.models] == list(fake.models)


def test_an_unknown_model_is_404() -> None:
    response = retrieve(Fake(), "no/body")
    assert refused(response) == (404, "not_found_error")
    assert response.body["error"]["message"] == "model: no/body"


def test_an_alias_gives_the_model_under_its_own_id() -> None:
    fake = Fake(aliases={"newest": "claude-opus-5"})
    assert retrieve(fake, "newest").body == fake.models[0]
    assert "newest" not in ids(page(fake, limit=1000))


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/modelsX", "/v2/models", "/v1/Models"])
def test_unknown_paths_are_404(path: str) -> None:
    assert refused(Fake().respond(Request(path=path))) == (404, "not_found_error")


@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/claude-opus-5"])
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_other_methods_are_405(method: str, path: str) -> None:
    response = Fake().respond(Request(method, path, headers={"anthropic-version": "never"}))
    assert refused(response)[0] == 405
    assert response.headers["allow"] == "GET"


def test_a_prefix_comes_before_the_version() -> None:
    fake = Fake(prefix="/anthropic/")
    assert fake.respond(Request(path="/anthropic/v1/models")).status == 200
    assert fake.respond(Request(path="/anthropic/v1/models/claude-opus-5")).status == 200
    assert fake.respond(Request(path="/v1/models")).status == 404


RIGHT = [{"x-api-key": "k"}, {"authorization": "Bearer k"}, {"authorization": "bearer k"}]
WRONG = [{}, {"x-api-key": "no"}, {"authorization": "Bearer no"}, {"authorization": "Basic k"}]


@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/claude-opus-5", "/nowhere"])
@pytest.mark.parametrize("headers", WRONG)
def test_a_wrong_or_missing_key_is_refused(path: str, headers: dict[str, str]) -> None:
    response = Fake(key="k").respond(Request(path=path, headers=headers))
    assert refused(response) == (401, "authentication_error")


@pytest.mark.parametrize("headers", RIGHT)
def test_the_right_key_is_accepted(headers: dict[str, str]) -> None:
    assert Fake(key="k").respond(Request(headers=headers)).status == 200


@pytest.mark.parametrize("headers", [*RIGHT, *WRONG])
def test_a_fake_without_a_key_accepts_any_request(headers: dict[str, str]) -> None:
    assert Fake().respond(Request(headers=headers)).status == 200


def test_request_ids_are_unique() -> None:
    fake = Fake()
    responses = [*(page(fake) for _ in range(3)), retrieve(fake, "x"), page(fake, limit=0)]
    assert len({response.headers["request-id"] for response in responses}) == len(responses)


@pytest.mark.parametrize("revision", REVISIONS)
def test_betas_of_the_revision_are_accepted_alone_and_joined(revision: str) -> None:
    betas, fake = Revision.load(revision).betas, Fake(revision=revision)
    for value in [*betas, ",".join(betas), ", ".join(betas), ""]:
        assert fake.respond(Request(headers={"anthropic-beta": value})).status == 200
    unknown = Request(headers={"anthropic-beta": f"{betas[0]},made-up-2020-01-01"})
    assert refused(fake.respond(unknown)) == (400, "invalid_request_error")


@pytest.mark.parametrize(
    ("version", "status"), [("2023-06-01", 200), ("2026-10-21", 200), ("2020-01-01", 400)]
)
def test_versions(version: str, status: int) -> None:
    assert Fake().respond(Request(headers={"anthropic-version": version})).status == status


def test_the_beta_namespace_adds_fallbacks_and_nothing_else() -> None:
    fake = Fake()
    plain, beta = page(fake, limit=27).body["data"], page(fake, limit=27, beta="true").body["data"]
    fallbacks = [model["allowed_fallback_models"] for model in beta]
    assert [
        m | {"allowed_fallback_models": f} for m, f in zip(plain, fallbacks, strict=True)
    ] == beta
    assert {type(value) for value in fallbacks} == {list, type(None)}
    assert retrieve(fake, beta[0]["id"], beta="true").body == beta[0]


@pytest.mark.parametrize("revision", REVISIONS[-2:])
def test_stages_filter_the_list(revision: str) -> None:
    fake = Fake(revision=revision)
    stage_of = {model["id"]: model["lifecycle"] for model in fake.models}
    for asked in ([], ["active"], ["deprecated"], ["retired"], ["active", "retired"], STAGES):
        got = page(fake, *(("lifecycle[]", stage) for stage in asked), limit=1000)
        wanted = asked or STAGES[:2]
        assert ids(got) == [name for name, stage in stage_of.items() if stage in wanted]
        assert ids(got)


@pytest.mark.parametrize("stages", [["legacy"], ["active"] * 4, [""]])
def test_other_stages_are_refused(stages: list[str]) -> None:
    fake = Fake(revision=REVISIONS[-1])
    assert refused(page(fake, *(("lifecycle[]", stage) for stage in stages)))[0] == 400


def test_a_retired_model_is_a_cursor_and_can_be_retrieved() -> None:
    fake = Fake(revision=REVISIONS[-1])
    retired = next(model for model in fake.models if model["lifecycle"] == "retired")
    assert retrieve(fake, retired["id"]).body == retired
    assert retired["id"] not in ids(page(fake, after_id=fake.models[0]["id"], limit=1000))
    assert ids(page(fake, after_id=retired["id"]))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"revision": "2020-01-01"}, "unknown revision '2020-01-01': one of 2024-12-17"),
        ({"models": -1}, "from 0 to 100000"),
        ({"models": 100_001}, "from 0 to 100000"),
        ({"aliases": {"a": "nobody"}}, "aliases of unknown models: nobody"),
    ],
)
def test_wrong_arguments_are_explained(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Fake(**arguments)


def test_the_fake_remembers_its_requests() -> None:
    fake = Fake()
    for _ in range(2):
        page(fake, limit=3)
    retrieve(fake, "x")
    assert [request.path for request in fake.asked] == ["/v1/models"] * 2 + ["/v1/models/x"]
    assert fake.asked[0].count == 2
    assert [request.number for request in fake.asked] == [1, 2, 3]


@pytest.mark.parametrize("name", ["lab/claude été 2", "a%2Fb", "日本", "é", "x?y#z"])
def test_in_process_clients_reach_every_id(name: str) -> None:
    transport = httpx.WSGITransport(Fake([{"id": name}]))
    with httpx.Client(transport=transport, base_url="http://fake") as client:
        assert client.get(f"/v1/models/{quote(name, safe='')}").json()["id"] == name


def test_the_body_is_compact_json_without_charset() -> None:
    transport = httpx.WSGITransport(Fake(1))
    with httpx.Client(transport=transport, base_url="http://fake") as client:
        got = client.get("/v1/models?beta=true&after_id=claude-opus-5")
    assert got.text == '{"data":[],"has_more":false,"first_id":null,"last_id":null}'
    assert got.headers["content-type"] == "application/json"
