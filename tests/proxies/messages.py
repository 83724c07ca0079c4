"""What goes through a proxy: requests, answers, pages and errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

LIST = "/v1/models"
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Ask:
    """A request: of a client to the proxy, or of the proxy to its upstream."""

    target: str
    headers: Headers = field(default_factory=list)
    method: str = "GET"
    connection: Any = None

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @property
    def is_list(self) -> bool:
        return self.path == LIST

    @property
    def is_model(self) -> bool:
        return self.path.startswith(f"{LIST}/")

    @property
    def model(self) -> str:
        return unquote(self.path.removeprefix(f"{LIST}/"))

    @property
    def key(self) -> str:
        return self.get("x-api-key") or self.get("authorization").removeprefix("Bearer ")

    def get(self, name: str) -> str:
        return ",".join(value for key, value in self.headers if key == name)

    def with_query(self, **changed: str | None) -> Ask:
        """The same with other parameters; those that are None are left out."""
        query = {
            name: value for name, value in {**self.query, **changed}.items() if value is not None
        }
        return replace(self, target=self.path + (f"?{urlencode(query)}" if query else ""))

    def with_header(self, name: str, value: str | None) -> Ask:
        kept = [pair for pair in self.headers if pair[0] != name]
        return replace(self, headers=kept if value is None else [*kept, (name, value)])


@dataclass(frozen=True)
class Answer:
    """A response; `cut` says that the body is not whole, and that clients shall see it."""

    status: int
    headers: Headers
    body: bytes
    cut: bool = False

    @property
    def json(self) -> Any:
        with suppress(ValueError):
            return json.loads(self.body)
        return None

    def get(self, name: str) -> str:
        return ",".join(value for key, value in self.headers if key == name)

    def with_json(self, body: Any, **options: Any) -> Answer:
        return replace(self, body=json.dumps(body, ensure_ascii=False, **options).encode())

    def with_header(self, name: str, value: str | None) -> Answer:
        kept = [pair for pair in self.headers if pair[0] != name]
        return replace(self, headers=kept if value is None else [*kept, (name, value)])


Relay = Callable[[Ask], Answer]
JSON: Headers = [("content-type", "application/json"), ("request-id", "req_own")]


def said(status: int, body: Any, headers: Headers = JSON) -> Answer:
    return Answer(status, headers, json.dumps(body, ensure_ascii=False).encode())


def error(status: int, kind: str = "api_error", message: str = "the upstream failed") -> Answer:
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_own"}
    return said(status, body)


def cut_from(models: list[Any], ask: Ask) -> Answer:
    """A page of the Models API."""
    ids = [model["id"] for model in models]
    query = ask.query
    limit = query.get("limit", "20")
    if not limit.isdecimal() or not 1 <= int(limit) <= 1000:
        return error(400, "invalid_request_error", "limit: 1 to 1000")
    size, cursor = int(limit), query.get("after_id", query.get("before_id"))
    if (cursor is not None and cursor not in ids) or {"after_id", "before_id"} <= query.keys():
        return error(400, "invalid_request_error", "the cursor names no model")
    if "before_id" in query:
        end = ids.index(query["before_id"])
        data, more = models[max(0, end - size) : end], end > size
    else:
        first = ids.index(query["after_id"]) + 1 if "after_id" in query else 0
        data, more = models[first : first + size], first + size < len(models)
    return said(200, page_of(data, more))


def page_of(data: list[Any], more: bool) -> dict[str, Any]:
    ends = [data[0]["id"], data[-1]["id"]] if data else [None, None]
    return {"data": data, "has_more": more, "first_id": ends[0], "last_id": ends[1]}


def segment(model: str) -> str:
    return f"{LIST}/{quote(model, safe='')}"
