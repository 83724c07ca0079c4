"""Print what the installed Python SDK says of the Models API, as JSON Schemas.

This is a script of its own: any interpreter with `anthropic` runs it, and it needs nothing else. The
types come from pydantic. Where a parameter goes is seen in the request that the SDK sends for it, to a
server of this script on loopback.
"""

import importlib
import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl, urlsplit

NO_MODELS = b'{"data":[],"has_more":false,"first_id":null,"last_id":null}'
NO_PARAMETERS = {"model_id", "extra_headers", "extra_query", "extra_body", "timeout", "return"}
OMITTED = {"Omit", "NotGiven"}
Schemas = dict[str, Any]
Places = set[tuple[str, str]]


class Requests:
    """A server on loopback that keeps where each request puts its values, and responds with no models."""

    def __init__(self) -> None:
        self.last: Places = set()
        requests = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = parse_qsl(urlsplit(self.path).query)
                headers = {("header", name.lower()) for name in self.headers}
                requests.last = headers | {("query", name) for name, _ in query}
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(NO_MODELS)))
                self.end_headers()
                self.wfile.write(NO_MODELS)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()


def main() -> None:
    """Print the facts; exit status 3 when `anthropic` is missing."""
    try:
        anthropic = importlib.import_module("anthropic")
        type_adapter = importlib.import_module("pydantic").TypeAdapter
    except ImportError as error:
        print(error, file=sys.stderr)
        raise SystemExit(3) from None
    types, beta = anthropic.types, importlib.import_module("anthropic.types.beta")
    of_beta = getattr(beta, "BetaModelInfo", None)
    facts = {
        "version": anthropic.__version__,
        "ModelInfo": type_adapter(types.ModelInfo).json_schema(),
        "BetaModelInfo": type_adapter(of_beta).json_schema() if of_beta else {},
        "betas": type_adapter(types.AnthropicBetaParam).json_schema(),
        **parameters(anthropic, type_adapter),
    }
    print(json.dumps(facts))


def parameters(anthropic: Any, type_adapter: Any) -> dict[str, Schemas]:
    """The parameters of list and retrieve with their schemas, by their places such as `query.limit`."""
    os.environ["NO_PROXY"] = "*"
    requests = Requests()
    client = anthropic.Anthropic(api_key="unused", base_url=requests.url, max_retries=0)
    found: dict[str, Schemas] = {"list": {}, "retrieve": {}}
    for models in (client.models, client.beta.models):
        for name, method in (("list", models.list), ("retrieve", partial(models.retrieve, "x"))):
            method()
            without = requests.last
            for parameter, schema in schemas_of(getattr(models, name), type_adapter):
                method(**{parameter: _sample(schema)})
                found[name] |= {".".join(place): schema for place in requests.last - without}
    return found


def schemas_of(method: Any, type_adapter: Any) -> Iterator[tuple[str, Any]]:
    """The parameters of a method with the schemas of their types."""
    for name, annotation in get_type_hints(method).items():
        if name not in NO_PARAMETERS:
            yield name, type_adapter(_given(annotation)).json_schema()


def _given(annotation: Any) -> Any:
    """The type of a parameter that is given."""
    parts = get_args(annotation) if get_origin(annotation) is not None else (annotation,)
    kept = tuple(part for part in parts if getattr(part, "__name__", "") not in OMITTED)
    return Union[kept] if len(kept) < len(parts) else annotation  # noqa: UP007 - of a tuple


def _sample(schema: Any) -> Any:
    return {"array": ["x"], "integer": 1}.get(schema.get("type"), "x")


if __name__ == "__main__":
    main()
