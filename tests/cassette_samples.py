"""Small recordings in the formats of all the recorders that are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import yaml

from pytest_models_contract.target.cassette import load

BODY = '{"data":[],"first_id":null,"last_id":null,"has_more":false}'
LIST = "https://api.anthropic.com/v1/models"


def vcrpy(*urls: str, body: Any = BODY, status: int = 200, **headers: str) -> dict[str, Any]:
    """A cassette as vcrpy writes it."""
    given = {name.replace("_", "-"): [value] for name, value in headers.items()}
    response = {"status": {"code": status, "message": "?"}, "headers": given}
    interactions = [
        {
            "request": {"method": "GET", "uri": url, "body": None, "headers": {}},
            "response": {**response, "body": {"string": body}},
        }
        for url in urls
    ]
    return {"version": 1, "interactions": interactions}


def saved(folder: Path, data: Any, name: str = "cassette.yaml") -> Path:
    path = folder / name
    path.write_text(json.dumps(data) if name.endswith(".har") else yaml.safe_dump(data))
    return path


def ask(path: Path, url: str, *, method: str = "GET", **extensions: Any) -> httpx.Response:
    with httpx.Client(
        transport=load(path).transport(), base_url="http://localhost:1/any"
    ) as client:
        request = client.build_request(method, url, extensions=extensions)
        return client.send(request)


RUBY = {
    "http_interactions": [
        {
            "request": {"method": "get", "uri": LIST, "body": {"encoding": "UTF-8", "string": ""}},
            "response": {
                "status": {"code": 200, "message": "OK"},
                "headers": {"Content-Type": ["application/json"], "Transfer-Encoding": ["chunked"]},
                "body": {"encoding": "ASCII-8BIT", "string": BODY.encode()},
            },
            "recorded_at": "Wed, 30 Jul 2025 14:47:19 GMT",
        }
    ],
    "recorded_with": "VCR 6.3.1",
}
R = {
    "http_interactions": [
        {
            "request": {"method": "GET", "uri": LIST},
            "response": {
                "status": 200,
                "headers": {"content-type": "application/json", "content-encoding": "gzip"},
                "body": {"string": BODY},
            },
            "recorded_at": "2025-07-30 14:47:19",
        }
    ]
}
GO = {
    "version": 2,
    "interactions": [
        {
            "request": {"url": LIST, "method": "GET", "headers": {}},
            "response": {
                "status": "200 OK",
                "code": 200,
                "headers": {"Content-Type": ["application/json"]},
                "body": BODY,
            },
        }
    ],
}
OLD_VCRPY = {
    "version": 1,
    "interactions": [
        {
            "request": {"method": "GET", "uri": LIST, "body": "", "headers": {}},
            "response": {
                "content": BODY,
                "status_code": 200,
                "http_version": "HTTP/1.1",
                "headers": [["content-type", "application/json"]],
            },
        }
    ],
}
HAR = {
    "log": {
        "entries": [
            {
                "startedDateTime": "2025-07-30T14:47:19.123Z",
                "request": {"method": "GET", "url": LIST, "headers": []},
                "response": {
                    "status": 200,
                    "headers": [
                        {"name": ":status", "value": "200"},
                        {"name": "content-encoding", "value": "br"},
                        {"name": "content-type", "value": "application/json"},
                    ],
                    "content": {"size": len(BODY), "text": BODY},
                },
            }
        ]
    }
}


def har_with(content: dict[str, Any], status: int = 200) -> dict[str, Any]:
    entry = HAR["log"]["entries"][0]
    response = {**entry["response"], "content": content, "status": status}  # type: ignore[dict-item]
    return {"log": {"entries": [{**entry, "response": response}]}}
