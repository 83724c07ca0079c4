"""The Python SDK over our client, sync and async: same deadline, same evidence, any target."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from itertools import islice
from typing import Any, TypeVar

from pytest_models_contract.client import worker_threads
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.sdk.calls import Answer, Call, Given, answered_with_error
from pytest_models_contract.client.sdk.forwarding import headers_of, request_of
from pytest_models_contract.client.verdict import NotJudged, Unexercised

UNUSED_KEY = "models-contract-no-key"
MISSING = (
    "the Python SDK is not installed: pip install 'pytest-models-contract[clients]', or anthropic"
)
OURS = (NotJudged, Unexercised)
T = TypeVar("T")


class Sync:
    """The SDK with its synchronous client."""

    def __init__(self, api: ModelsAPI) -> None:
        self._api = api

    def ask(self, call: Call) -> Answer:
        responses: list[Response] = []
        client = anthropic_client(self._api, responses, wrong_key=call.wrong_key)
        return _answer(responses, lambda: _given(client, call))


class Async:
    """The SDK with its asynchronous client, on an event loop of its own."""

    def __init__(self, api: ModelsAPI) -> None:
        self._api = api

    def ask(self, call: Call) -> Answer:
        responses: list[Response] = []
        client = async_anthropic_client(self._api, responses, wrong_key=call.wrong_key)
        # Another thread: this one may have a running loop already.
        return _answer(
            responses,
            lambda: worker_threads.start(lambda: asyncio.run(_awaited(client, call))).result(),
        )


def anthropic_client(api: ModelsAPI, responses: list[Response], *, wrong_key: bool = False) -> Any:
    """An `anthropic.Anthropic` that sends its requests through `api`; `responses` collects the responses."""
    import anthropic

    http = _http_library(anthropic)
    forward = _forwarding(api, responses, http, wrong_key=wrong_key)

    class Bridge(http.BaseTransport):  # type: ignore[misc, name-defined]
        def handle_request(self, request: Any) -> Any:
            return forward(request)

    return anthropic.Anthropic(**_options(api), http_client=http.Client(transport=Bridge()))


def async_anthropic_client(
    api: ModelsAPI, responses: list[Response], *, wrong_key: bool = False
) -> Any:
    """The same with an `anthropic.AsyncAnthropic`."""
    import anthropic

    http = _http_library(anthropic)
    forward = _forwarding(api, responses, http, wrong_key=wrong_key)

    class Bridge(http.AsyncBaseTransport):  # type: ignore[misc, name-defined]
        async def handle_async_request(self, request: Any) -> Any:
            return forward(request)

    client = http.AsyncClient(transport=Bridge())
    return anthropic.AsyncAnthropic(**_options(api), http_client=client)


def _options(api: ModelsAPI) -> dict[str, Any]:
    return {"api_key": api.key or UNUSED_KEY, "base_url": api.wire.root, "max_retries": 0}


def _forwarding(
    api: ModelsAPI, responses: list[Response], http: Any, *, wrong_key: bool
) -> Callable[[Any], Any]:
    def forward(request: Any) -> Any:
        path = request.url.raw_path.decode().partition("?")[0]
        query = request.url.params.multi_items()
        headers = dict(request.headers)
        response = api.ask(request_of(path, query, headers, api, wrong_key=wrong_key))
        responses.append(response)
        return http.Response(
            response.status, headers=list(headers_of(response)), content=response.body
        )

    return forward


def _http_library(anthropic: Any) -> Any:
    """httpx, or httpx2, which the SDK uses from 1.0 on."""
    base = anthropic.DefaultHttpxClient.__mro__[1]
    return importlib.import_module(base.__module__.partition(".")[0])


def _answer(responses: list[Response], models: Callable[[], list[Any]]) -> Answer:
    """The answer of the SDK; an exception of our own client is taken out of the SDK's."""
    try:
        found = [Given(str(model.id), _text(model.created_at)) for model in models()]
    except Exception as error:  # the SDK may raise anything over the responses
        for ours in (error, error.__cause__):
            if isinstance(ours, OURS):
                raise ours from None
        return answered_with_error(responses, type(error).__name__, str(error))
    return Answer(responses, found)


def _text(created_at: Any) -> Any:
    return created_at.isoformat() if hasattr(created_at, "isoformat") else created_at


def _given(client: Any, call: Call) -> list[Any]:
    models = client.beta.models if call.namespace == "beta" else client.models
    if call.do == "retrieve":
        return [models.retrieve(call.model)]
    page = models.list(**dict(call.query))
    if call.do == "iterate":
        return list(islice(page, call.most))
    found = list(page.data)
    while call.do == "turn" and len(found) < call.most and page.has_next_page():
        page = page.get_next_page()
        found += page.data
    return found


async def _awaited(client: Any, call: Call) -> list[Any]:
    models = client.beta.models if call.namespace == "beta" else client.models
    if call.do == "retrieve":
        return [await models.retrieve(call.model)]
    listed = models.list(**dict(call.query))
    found: list[Any] = []
    if call.do == "iterate":
        async for model in listed:
            found.append(model)
            if len(found) == call.most:
                break
        return found
    page = await listed
    found += page.data
    while call.do == "turn" and len(found) < call.most and page.has_next_page():
        page = await page.get_next_page()
        found += page.data
    return found
