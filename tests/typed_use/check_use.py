"""The fixtures and the public names, as a typed project uses them."""

from __future__ import annotations

import httpx
from hypothesis import given, settings

from pytest_models_contract import (
    Catalogue,
    Explorer,
    FakeServer,
    ModelInfo,
    ModelList,
    ModelsAPI,
    Revision,
    Window,
    windows,
)


def test_the_catalogue(models_catalogue: Catalogue) -> None:
    ids: list[str] = [model["id"] for model in models_catalogue]
    assert len(ids) == len(models_catalogue) == 25
    newest: ModelInfo = models_catalogue[0]
    assert newest["created_at"] >= models_catalogue[1:][-1]["created_at"]
    assert newest["capabilities"] is None or newest["capabilities"]["effort"]["supported"]


def test_the_api(models_api: ModelsAPI) -> None:
    response = models_api.retrieve("nobody")
    status: int = response.status
    assert status == 404
    request_id: str | None = response.header("request-id")
    assert request_id
    pages: list[list[str]] = [page.ids for page in models_api.walk(limit=10)]
    assert [len(ids) for ids in pages] == [10, 10, 5]
    assert models_api.page(limit=1, after_id=pages[0][0]).ids == pages[0][1:2]


def test_the_revision(models_revision: Revision, models_api: ModelsAPI) -> None:
    page = models_api.page()
    models_revision.validate_model_list(dict(page.envelope))
    envelope: ModelList = page.envelope
    listed: ModelInfo = envelope["data"][0]
    assert models_api.model(listed["id"])["display_name"] == page.data[0]["display_name"]
    models_revision.validate_model_info(listed)
    assert models_revision.limit.default == len(page)
    assert Revision.load("2024-12-17").name in Revision.known()


def test_the_fake(models_fake: FakeServer) -> None:
    models_fake.serve(3, key="k", aliases={"newest": models_fake.models[0]["id"]})
    models_fake.inject("limit_ignored")
    models_fake.delay(0.01)
    models_fake.fail(429, times=1, retry_after=0.5)
    models_fake.drop(times=0)
    models_fake.behave()
    url: str = f"{models_fake.base_url}/v1/models?limit=2"
    response = httpx.get(url, headers={"x-api-key": "k"}, trust_env=False)
    assert response.status_code == 200
    [request] = models_fake.asked
    limit: str | None = request.get("limit")
    assert (request.path, limit) == ("/v1/models", "2")


@settings(database=None, deadline=None, max_examples=10)
@given(window=windows())
def test_the_explorer(models_explorer: Explorer, window: Window) -> None:
    response = models_explorer.ask(window)
    models_explorer.judge(window, response)
    assert len(response.json["data"]) == len(models_explorer.expected(window))
