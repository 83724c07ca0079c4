"""The real SDK over our client: its requests are remembered, and its responses are unchanged."""

from __future__ import annotations

from collections.abc import Iterator

import anthropic
import pytest
from judging import ALIASES, KEY, fake

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.sdk.python import anthropic_client
from pytest_models_contract.fake import Fake
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS


@pytest.fixture(params=["x-api-key", "bearer"])
def api(request: pytest.FixtureRequest) -> Iterator[ModelsAPI]:
    found = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY, auth=request.param)
    yield found
    found.close()


def test_the_sdk_pages_through_the_list(api: ModelsAPI) -> None:
    responses: list[Response] = []
    listed = [model.id for model in anthropic_client(api, responses).models.list(limit=10)]
    assert listed == [model["id"] for model in fake().models]
    assert [response.request.value("limit") for response in responses] == ["10"] * 3
    assert responses == api.exchanges


def test_the_sdk_reads_what_the_server_compressed(api: ModelsAPI) -> None:
    model = anthropic_client(api, []).models.retrieve("claude-opus-latest")
    assert model.id == ALIASES["claude-opus-latest"]


def test_an_unknown_model_raises_the_error_of_the_sdk(api: ModelsAPI) -> None:
    with pytest.raises(anthropic.NotFoundError) as caught:
        anthropic_client(api, []).models.retrieve("nobody")
    assert caught.value.response.json()["error"]["message"] == "model: nobody"


def test_without_a_key_the_sdk_sends_a_placeholder() -> None:
    server = Fake(3)
    api = ModelsAPI(IN_PROCESS, Wsgi(server))
    assert len(list(anthropic_client(api, []).models.list())) == 3
    assert server.asked[0].keys == []


def test_a_path_prefix_stays_with_the_base_url() -> None:
    api = ModelsAPI(f"{IN_PROCESS}/proxy", Wsgi(Fake(3, prefix="/proxy")))
    assert len(list(anthropic_client(api, []).models.list())) == 3
    assert api.exchanges[0].request.path == "/v1/models"
