"""The conformant fake as an ASGI application, for tests in process."""

from __future__ import annotations

from typing import Any

from pytest_models_contract.fake import Fake, Request

fake = Fake()


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Respond as the fake does."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    response = fake.respond(_request(scope))
    headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.encoded()})


async def _live(receive: Any, send: Any) -> None:
    for phase in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{phase}.complete"})


def _request(scope: dict[str, Any]) -> Request:
    from urllib.parse import parse_qsl

    query = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    path = scope["raw_path"].decode().partition("?")[0]
    return Request(scope["method"], path, tuple(query), headers)
