"""Building blocks of servers with one defect: their registration, with the diagnoses that are due."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from judging import KEY

from pytest_models_contract.fake import Ask, Fake, Fault, Request, Response
from pytest_models_contract.fake.faults.kit import is_page, with_body
from pytest_models_contract.spec.revision import DEFAULT_REVISION

HTML, PLAIN = "text/html; charset=utf-8", "text/plain; charset=utf-8"
Body = dict[str, Any]


@dataclass(frozen=True)
class WrongServer:
    """A fake with a defect, how the titles of its diagnoses begin, and a part of the first hint."""

    fault: Fault
    titles: tuple[str, ...]
    hint: str
    models: Any
    revision: str

    def app(self) -> Fake:
        return Fake(self.models, self.revision, key=KEY, faults=[self.fault])


SERVERS: dict[str, WrongServer] = {}


def shows(
    *titles: str, hint: str = "", models: Any = 27, revision: str = DEFAULT_REVISION
) -> Callable[[Fault], Fault]:
    """Register a server by its fault: how the titles of its diagnoses begin, and what the hint says."""

    def registered(fault: Fault) -> Fault:
        name = getattr(fault, "__name__", "")
        SERVERS[name] = WrongServer(fault, titles, hint, models, revision)
        return fault

    return registered


def many(number: int) -> list[Body]:
    """A catalogue of so many models."""
    return [dict(model) for model in Fake(number).models]


def size_of(request: Request) -> int:
    """How many models a list request asks for."""
    return int(request.get("limit") or 20)


def said(
    request: Request, status: int, body: Any, content_type: str = "application/json"
) -> Response:
    """A response of the server's own: a text, or JSON."""
    text = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    headers = {"content-type": content_type, "request-id": f"req_{request.number:024d}"}
    return Response(status, headers, None, text)


def wrapped(ask: Ask, request: Request, wrap: Callable[[Body], Any]) -> Response:
    """The response; a page is put into another form."""
    response = ask(request)
    return with_body(response, wrap(response.body)) if is_page(response) else response
