"""The honest fake as an ASGI application, to try the in-process way with."""

from __future__ import annotations

from typing import Any

from pytest_models_contract.fake import Fake, Question

fake = Fake()


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer what the fake answers."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    answer = fake.answer(_question(scope))
    headers = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.encoded()})


async def _live(receive: Any, send: Any) -> None:
    for phase in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{phase}.complete"})


def _question(scope: dict[str, Any]) -> Question:
    from urllib.parse import parse_qsl

    query = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    path = scope["raw_path"].decode().partition("?")[0]
    return Question(scope["method"], path, tuple(query), headers)
