"""The real Anthropic SDK over our client: same deadline, same evidence, any target."""

from __future__ import annotations

import importlib
from typing import Any

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Request, Response
from pytest_models_contract.client.variant import DEFAULT_VERSION, Variant

UNUSED_KEY = "models-contract-no-key"


def anthropic_client(api: ModelsAPI, responses: list[Response]) -> Any:
    """An `anthropic.Anthropic` that sends its requests through `api`; `responses` collects the responses."""
    import anthropic

    http = _http_library(anthropic)

    class Bridge(http.BaseTransport):  # type: ignore[misc, name-defined]
        def handle_request(self, request: Any) -> Any:
            responses.append(response := api.ask(_request(request, api)))
            kept = [
                (name, value) for name, value in response.headers if name.lower() not in _FRAMING
            ]
            return http.Response(response.status, headers=kept, content=response.body)

    return anthropic.Anthropic(
        api_key=api.key or UNUSED_KEY,
        base_url=api.wire.root,
        http_client=http.Client(transport=Bridge()),
        max_retries=0,
    )


_FRAMING = {"content-encoding", "content-length", "transfer-encoding"}


def _http_library(anthropic: Any) -> Any:
    """httpx, or httpx2, which the SDK uses from 1.0 on."""
    base = anthropic.DefaultHttpxClient.__mro__[1]
    return importlib.import_module(base.__module__.partition(".")[0])


def _request(request: Any, api: ModelsAPI) -> Request:
    path = request.url.raw_path.decode().partition("?")[0]
    start = path.index("/v1/models")
    auth = "bearer" if "authorization" in request.headers else "x-api-key"
    variant = Variant(
        auth="key" if auth == api.auth or not api.key else "other-way",
        version=request.headers.get("anthropic-version", DEFAULT_VERSION),
    )
    return Request(path[start:], tuple(request.url.params.multi_items()), variant)
