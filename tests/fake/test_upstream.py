"""The upstream: what it holds, what it knows of its clients, and what it does to them on demand."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from urllib.parse import quote, urlencode

import httpx
import pytest
from upstreams import KEYS, OURS, get

from pytest_models_contract.fake.catalogue import REVISIONS, completed
from pytest_models_contract.fake.upstream import NEW_BETA, Upstream, upstream
from pytest_models_contract.fake.upstream import catalogue as made
from pytest_models_contract.spec.revision import Revision

PLAIN = re.compile(r"[a-z0-9.-]+")


# --- what it holds -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REVISIONS)
@pytest.mark.parametrize("models", [made.clients, made.seconds, made.servers])
def test_every_catalogue_is_right_under_every_revision(name: str, models: object) -> None:
    shown = models(name)  # type: ignore[operator]
    ids = [model["id"] for model in shown]
    assert len(set(ids)) == len(ids)
    assert [model["id"] for model in completed(shown, name)][: made.COUNT] == ids[: made.COUNT]
    revision = Revision.load(name)
    assert [model["id"] for model in shown if not revision.meets(model)] == []


def test_the_client_has_more_than_a_thousand_models_and_each_kind_of_odd_id() -> None:
    ids = [model["id"] for model in made.clients("2026-04-16")]
    odd = [found for found in ids if not PLAIN.fullmatch(found)]
    assert len(ids) == made.COUNT > 1000
    assert odd == list(made.ODD_IDS.values())
    assert made.ODD_IDS["upper-case"].lower() == made.LOWER_CASE
    assert made.LOWER_CASE in ids


@pytest.mark.parametrize("size", [20, 100, 1000])
def test_no_odd_id_is_a_cursor_of_a_plain_walk(size: int) -> None:
    ids = [model["id"] for model in made.clients("2026-04-16")]
    forward = ids[size - 1 :: size]
    backward = ids[-1 - size :: -size]
    assert all(PLAIN.fullmatch(found) for found in [*forward, *backward])


def test_no_sorting_gives_the_order_back() -> None:
    models = made.clients("2026-04-16")
    ids, dates = ([model[name] for model in models] for name in ("id", "created_at"))
    assert ids not in (sorted(ids), sorted(ids, reverse=True))
    assert dates != sorted(dates, reverse=True)
    tied = [
        (one["id"], two["id"])
        for one, two in pairwise(models)
        if one["created_at"] == two["created_at"]
    ]
    assert {one < two for one, two in tied} == {True, False}


def test_the_values_are_those_that_get_lost() -> None:
    text = json.dumps(made.clients("2026-10-15"), ensure_ascii=False)
    for sign in ("null", str(2**53 - 1), str(2**63 - 1), "+09:00", ".987654321Z", "模型 ", "🚀"):
        assert sign in text
    assert {"tier_2027", "telepathy_2027"} <= set(re.findall(r'"(\w+_2027)"', text))


def test_the_clients_have_other_models(up: Upstream) -> None:
    ids = {
        who: {model["id"] for model in up.models_of(who)} for who in ("client", "second", "server")
    }
    assert ids["client"] & ids["second"] == set(made.SHARED)
    assert len(ids["second"]) == made.SECOND_COUNT
    assert len(ids["client"] - ids["server"]) == len(ids["server"] - ids["client"]) == 3


# --- whom it serves ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["client", "second", "server"])
def test_each_key_gets_its_catalogue_either_way(up: Upstream, who: str) -> None:
    key = getattr(KEYS, who)
    expected = [model["id"] for model in up.models_of(who)[:20]]
    plain = get(up, key=key)
    bearer = get(up, key=None, authorization=f"Bearer {key}")
    for answer in (plain, bearer):
        assert [model["id"] for model in answer.json()["data"]] == expected
    assert [request.who for request in up.requests[-2:]] == [who, who]


@pytest.mark.parametrize(("key", "who"), [("sk-wrong", "unknown"), (None, "nobody")])
def test_other_keys_are_refused(up: Upstream, key: str | None, who: str) -> None:
    answer = get(up, key=key)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "authentication_error")
    assert answer.json()["request_id"] == answer.headers["request-id"]
    assert up.requests[-1].who == who


def test_without_keys_every_key_is_taken() -> None:
    with upstream() as up:
        assert get(up, key="whatever").status_code == get(up, key=None).status_code == 200
        assert up.models_of("anyone") == up.models


def test_odd_ids_are_reached(up: Upstream) -> None:
    for found in made.ODD_IDS.values():
        assert get(up, f"/v1/models/{quote(found, safe='')}").json()["id"] == found
        after = get(up, f"/v1/models?{urlencode({'after_id': found, 'limit': 1})}")
        assert after.status_code == 200
    assert get(up, f"/v1/models/{made.ALIAS}").json()["id"] == up.models[2]["id"]


OF_NO_REVISION = ("messages-2023-12-15", "oauth-2025-04-20", "claude-code-20250219")


def test_betas_of_every_time_are_accepted_and_others_refused(up: Upstream) -> None:
    known = [Revision.load(name).betas[-1] for name in Revision.known()]
    taken = get(up, **{"anthropic-beta": ",".join([*known, *OF_NO_REVISION, NEW_BETA])})
    assert taken.status_code == 200
    assert get(up, **{"anthropic-beta": "made-up"}).status_code == 400


def test_a_connection_that_ends_says_so(up: Upstream) -> None:
    with httpx.Client(base_url=up.base_url, trust_env=False) as client:
        assert "connection" not in client.get("/v1/models").headers
        asked = client.get("/v1/models", headers={"connection": "close"})
    assert asked.headers["connection"] == "close"


def test_other_paths_are_not_found_and_logged(up: Upstream) -> None:
    up.fail(500)
    answer = httpx.post(f"{up.base_url}/v1/messages", json={}, **OURS)
    assert answer.status_code in {401, 404}
    assert up.requests[-1].method == "POST"


def test_a_catalogue_of_ones_own() -> None:
    with upstream(keys=KEYS) as up:
        up.serve([{"id": "a"}, {"id": "b"}], aliases={"x": "a"})
        up.serve(3, key=KEYS.second)
        assert [model["id"] for model in get(up).json()["data"]] == ["a", "b"]
        assert get(up, "/v1/models/x").json()["id"] == "a"
        assert len(get(up, key=KEYS.second).json()["data"]) == 3
        with pytest.raises(ValueError, match="does not know this key"):
            up.serve(1, key="sk-other")


# --- what it logs --------------------------------------------------------------------------------


def test_the_log_has_all_that_was_sent_and_shows_no_key(up: Upstream) -> None:
    before = up.count
    get(up, f"/v1/models?limit=1&key={KEYS.server}", cookie=f"k={KEYS.second}")
    (seen,) = up.since(before)
    assert (seen.status, seen.answered, seen.who) == (200, "200, 1 models", "client")
    assert seen.header("cookie") == f"k={KEYS.second}"
    for key in KEYS.known:
        assert key in seen.text
        assert key not in repr(seen) + str(seen) + repr(KEYS) + repr(up.requests)


def test_no_request_id_comes_twice(up: Upstream) -> None:
    answers = [get(up, "/v1/models?limit=1", key=key) for key in [*KEYS.known, "sk-wrong"] * 2]
    assert len({answer.headers["request-id"] for answer in answers}) == 8
