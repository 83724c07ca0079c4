"""The fixture `models_fake`: a server for tests of clients, with faults set from the test."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import httpx
import pytest

from pytest_models_contract.fake.server import FakeServer, fake_server


@pytest.fixture
def client(models_fake: FakeServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=models_fake.base_url, trust_env=False) as client:
        yield client


def ids(client: httpx.Client, query: str = "?limit=1000") -> list[str]:
    return [model["id"] for model in client.get(f"/v1/models{query}").json()["data"]]


def test_it_is_a_conformant_models_api(models_fake: FakeServer, client: httpx.Client) -> None:
    assert ids(client) == [model["id"] for model in models_fake.models]
    assert len(models_fake.models) == 27


def test_the_catalogue_is_set_from_the_test(models_fake: FakeServer, client: httpx.Client) -> None:
    models_fake.serve(3)
    assert len(ids(client)) == 3
    models_fake.serve([{"id": "mine", "max_tokens": 7}], aliases={"my": "mine"})
    assert client.get("/v1/models/my").json()["max_tokens"] == 7
    models_fake.serve(0)
    assert ids(client) == []


def test_a_key_and_a_revision_are_set_from_the_test(
    models_fake: FakeServer, client: httpx.Client
) -> None:
    models_fake.serve(2, key="right", revision="2024-12-17")
    assert client.get("/v1/models").status_code == 401
    page = client.get("/v1/models", headers={"x-api-key": "right"}).json()
    assert set(page["data"][0]) == {"id", "type", "display_name", "created_at"}


def test_each_test_has_a_server_of_its_own(models_fake: FakeServer) -> None:
    with fake_server() as other:
        assert other.base_url != models_fake.base_url
        other.inject("limit_ignored")
        other.serve(1)
    assert len(models_fake.models) == 27


def test_faults_are_injected_by_name_and_add_up(
    models_fake: FakeServer, client: httpx.Client
) -> None:
    models_fake.inject("cursor_ignored[after_id]")
    models_fake.inject("limit_ignored", "request_id_absent_on[lists]")
    newest = models_fake.models[0]["id"]
    response = client.get(f"/v1/models?after_id={newest}&limit=1")
    data = response.json()["data"]
    assert (data[0]["id"], len(data)) == (newest, 20)
    assert "request-id" not in response.headers
    models_fake.behave()
    assert len(ids(client, f"?after_id={newest}&limit=1")) == 1


def test_faults_stay_with_another_catalogue(models_fake: FakeServer, client: httpx.Client) -> None:
    models_fake.inject("limit_ignored")
    models_fake.serve(9)
    assert len(ids(client, "?limit=1")) == 9


@pytest.mark.parametrize("name", ["limit_ignore", "cursor_ignored", "Limit_ignored"])
def test_the_error_for_an_unknown_fault_names_similar_ones(
    models_fake: FakeServer, name: str
) -> None:
    near = "cursor_ignored[after_id]" if name.startswith("cursor") else "limit_ignored"
    with pytest.raises(ValueError, match="unknown fault") as problem:
        models_fake.inject(name)
    assert near in str(problem.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(429, "rate_limit_error"), (500, "api_error"), (529, "overloaded_error"), (418, "api_error")],
)
def test_failures_are_complete_errors_of_the_api(
    models_fake: FakeServer, client: httpx.Client, status: int, kind: str
) -> None:
    models_fake.fail(status)
    response = client.get("/v1/models")
    assert (response.status_code, response.json()["error"]["type"]) == (status, kind)
    assert response.json()["request_id"] == response.headers["request-id"]
    assert "retry-after" not in response.headers


def test_failures_end_after_their_number(models_fake: FakeServer, client: httpx.Client) -> None:
    models_fake.fail(429, times=2, retry_after=0.5)
    responses = [client.get("/v1/models") for _ in range(4)]
    assert [response.status_code for response in responses] == [429, 429, 200, 200]
    assert responses[0].headers["retry-after"] == "0.5"


def test_a_fault_with_many_requests_uses_one_failure(
    models_fake: FakeServer, client: httpx.Client
) -> None:
    models_fake.fail(500, times=2)
    models_fake.inject("limit_ignored", "order_is[newest-last]")
    statuses = [client.get("/v1/models").status_code for _ in range(3)]
    assert statuses == [500, 500, 200]


def test_failures_are_counted_across_threads(models_fake: FakeServer) -> None:
    models_fake.fail(503, times=20)

    def status(_: int) -> int:
        return httpx.get(f"{models_fake.base_url}/v1/models", trust_env=False).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(status, range(30))) == [200] * 10 + [503] * 20


@pytest.mark.parametrize("status", [200, 399, 600])
def test_a_status_of_no_error_is_refused(models_fake: FakeServer, status: int) -> None:
    with pytest.raises(ValueError, match="from 400 to 599"):
        models_fake.fail(status)


def test_the_connection_is_dropped(models_fake: FakeServer, client: httpx.Client) -> None:
    models_fake.drop(times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/v1/models")
    assert client.get("/v1/models").status_code == 200
    models_fake.drop()
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            client.get("/v1/models")


def test_responses_come_late(models_fake: FakeServer, client: httpx.Client) -> None:
    client.get("/v1/models")
    models_fake.delay(0.3)
    started = time.monotonic()
    assert client.get("/v1/models").status_code == 200
    assert 0.3 <= time.monotonic() - started < 2


def test_a_delay_cannot_be_negative(models_fake: FakeServer) -> None:
    with pytest.raises(ValueError, match="0 seconds or more"):
        models_fake.delay(-1)


def test_a_client_meets_its_own_deadline(models_fake: FakeServer) -> None:
    models_fake.delay(30)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{models_fake.base_url}/v1/models", timeout=0.1, trust_env=False)


def test_it_stops_at_once_with_a_response_pending() -> None:
    started = time.monotonic()
    with ThreadPoolExecutor(1) as pool, fake_server() as server:
        server.delay(30)
        url = f"{server.base_url}/v1/models"
        pending = pool.submit(httpx.get, url, timeout=30, trust_env=False)
        while not server.asked:
            time.sleep(0.01)
    assert pending.exception() or pending.result().status_code == 200
    assert time.monotonic() - started < 5


def test_the_requests_can_be_read(models_fake: FakeServer, client: httpx.Client) -> None:
    client.get("/v1/models?limit=5", headers={"x-api-key": "mine"})
    client.get("/v1/models/nobody")
    first, second = models_fake.asked
    assert (first.path, first.get("limit"), first.keys) == ("/v1/models", "5", ["mine"])
    assert second.path == "/v1/models/nobody"
    models_fake.serve(1)
    assert list(models_fake.asked) == []


def test_the_real_sdk_reads_it(models_fake: FakeServer) -> None:
    anthropic = pytest.importorskip("anthropic")
    models_fake.serve(45)
    models_fake.fail(429, times=1, retry_after=0)
    with anthropic.Anthropic(base_url=models_fake.base_url, api_key="any") as client:
        met = [model.id for model in client.models.list(limit=10)]
    assert met == [model["id"] for model in models_fake.models]
    cursors = [request.get("after_id") for request in models_fake.asked]
    assert all(one != other for one, other in pairwise(dict.fromkeys(cursors)))
    assert len(models_fake.asked) == 5 + 1


def test_the_real_sdk_loops_over_an_ignored_cursor(models_fake: FakeServer) -> None:
    anthropic = pytest.importorskip("anthropic")
    models_fake.inject("cursor_ignored[after_id]")
    with anthropic.Anthropic(base_url=models_fake.base_url, api_key="any") as client:
        met = [model.id for model, _ in zip(client.models.list(limit=10), range(25), strict=False)]
    assert len(set(met)) == 10


def test_the_fixture_needs_neither_target_nor_option(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import urllib.request

        def test_client(models_fake):
            with urllib.request.urlopen(models_fake.base_url + "/v1/models") as answer:
                assert answer.status == 200
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
