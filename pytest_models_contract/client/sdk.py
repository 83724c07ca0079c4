"""The real Anthropic SDK, speaking through our client: same deadline, same evidence, any target."""

from __future__ import annotations

import importlib
from typing import Any

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import DEFAULT_VERSION, Question, Reply, Variant

UNUSED_KEY = "models-contract-no-key"


def anthropic_client(api: ModelsAPI, replies: list[Reply]) -> Any:
    """An `anthropic.Anthropic` whose questions are asked by `api`; the answers go to `replies`."""
    import anthropic

    http = _http_library(anthropic)

    class Bridge(http.BaseTransport):  # type: ignore[misc, name-defined]
        def handle_request(self, request: Any) -> Any:
            replies.append(reply := api.ask(_question(request, api)))
            kept = [(name, value) for name, value in reply.headers if name.lower() not in _FRAMING]
            return http.Response(reply.status, headers=kept, content=reply.body)

    return anthropic.Anthropic(
        api_key=api.key or UNUSED_KEY,
        base_url=api.wire.root,
        http_client=http.Client(transport=Bridge()),
        max_retries=0,
    )


_FRAMING = {"content-encoding", "content-length", "transfer-encoding"}


def _http_library(anthropic: Any) -> Any:
    """httpx, or httpx2 on which the SDK stands from 1.0."""
    base = anthropic.DefaultHttpxClient.__mro__[1]
    return importlib.import_module(base.__module__.partition(".")[0])


def _question(request: Any, api: ModelsAPI) -> Question:
    path = request.url.raw_path.decode().partition("?")[0]
    start = path.index("/v1/models")
    auth = "bearer" if "authorization" in request.headers else "x-api-key"
    variant = Variant(
        auth="key" if auth == api.auth or not api.key else "other-way",
        version=request.headers.get("anthropic-version", DEFAULT_VERSION),
    )
    return Question(path[start:], tuple(request.url.params.multi_items()), variant)
