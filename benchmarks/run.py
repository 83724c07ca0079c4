"""The whole contract, compared with bare httpx and with schemathesis: `python benchmarks/run.py [ROUNDS]`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from measure import (
    KEY,
    Cost,
    bare_pytest,
    child,
    contract,
    in_turn,
    output_of,
    ratios,
    server,
    spread,
    workplace,
    written,
    yardstick,
)

from pytest_models_contract import Revision
from pytest_models_contract.fake import Fake, Request

SCHEMAS = Path(__file__).parent.parent / "schemas"


def main(rounds: int = 10) -> None:
    """Print requests and time of the contract and of its yardsticks."""
    with workplace() as folder, server(27) as (fake, base_url):
        contract(base_url, folder)
        requests_sent = list(fake.requests)
        requests, checks = written(requests_sent, folder), _checks(folder)
        met: dict[str, list[int]] = {"schemathesis": [], "thorough": []}
        costs = in_turn(
            rounds,
            contract=lambda: contract(base_url, folder),
            start=lambda: bare_pytest(folder),
            httpx=lambda: yardstick("ask", base_url, requests, "1", folder=folder),
            empty=lambda: empty_tests(checks, folder),
            schemathesis=lambda: _counted(fake, met["schemathesis"], base_url, folder),
            thorough=lambda: _counted(
                fake, met["thorough"], base_url, folder, "--continue-on-failure"
            ),
        )
        for measure in ("seconds", "processor"):
            _print(
                measure,
                {name: [getattr(one, measure) for one in found] for name, found in costs.items()},
            )
        print(f"requests: contract {len(requests_sent)}")
        for name, numbers in met.items():
            print(
                f"  {name}: {spread(numbers)}, the contract's share of these {_part(requests_sent, numbers)}"
            )


def _print(measure: str, costs: dict[str, list[float]]) -> None:
    own = costs["contract"]
    bare = [one + two for one, two in zip(costs["start"], costs["httpx"], strict=True)]
    print(f"{measure}: contract {spread(own)}, start of pytest and bare httpx {spread(bare)}")
    print(f"  contract to these two: {spread(ratios(own, bare))}")
    print(f"  as many empty tests, without any request: {spread(costs['empty'])}")
    for name in ("schemathesis", "thorough"):
        print(f"  {name} to contract: {spread(ratios(costs[name], own))}")


def _counted(fake: Fake, met: list[int], base_url: str, folder: Path, *more: str) -> Cost:
    fake.requests.clear()
    cost = schemathesis(base_url, folder, *more)
    if not fake.requests:
        raise RuntimeError(f"schemathesis sent no request:\n{output_of(folder)}")
    met.append(len(fake.requests))
    return cost


def _part(own: list[Request], numbers: list[int]) -> str:
    return spread([100 * len(own) / number for number in numbers], " %")


def _checks(folder: Path) -> int:
    return len(json.loads((folder / "report.json").read_text("utf-8"))["checks"])


def empty_tests(number: int, folder: Path) -> Cost:
    """The same number of empty tests, run by pytest without the plugin."""
    text = f"import pytest\n@pytest.mark.parametrize('n', range({number}))\ndef test(n): pass\n"
    (folder / "test_many.py").write_text(text, "utf-8")
    return child("-m", "pytest", "test_many.py", folder=folder)


def schemathesis(base_url: str, folder: Path, *more: str) -> Cost:
    """schemathesis with its default checks on the description of the same server."""
    command = ("-m", "schemathesis.cli", "run", described(folder), "--url", base_url, *more)
    return child(*command, "-H", f"x-api-key: {KEY}", folder=folder, status=[0, 1])


def described(folder: Path) -> str:
    """The complete OpenAPI description of the fake, from the schemas of its revision.

    It has the parameters of the reference, in the query and in the headers, and the links from a page to
    a model and to the next page.
    """
    revision = Revision.load()
    shutil.copytree(SCHEMAS / revision.name, folder / "schemas", dirs_exist_ok=True)
    shared = [_parameter("query", "beta", enum=["true"]), *_headers(revision)]
    listing = [*_window(revision), *shared]
    model = [_parameter("path", "model_id"), *shared]
    links = {
        "model": _link("retrieve", model_id="$response.body#/data/0/id"),
        "more": _link("list", after_id="$response.body#/last_id"),
    }
    paths = {
        "/v1/models": _get("list", listing, "model_list", links),
        "/v1/models/{model_id}": _get("retrieve", model, "model_info", {}),
    }
    info = {"title": "Models API", "version": revision.name}
    path = folder / "openapi.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}), "utf-8")
    return str(path)


def _window(revision: Revision) -> list[dict[str, Any]]:
    bounds = {"minimum": revision.limit.minimum, "maximum": revision.limit.maximum}
    cursors = [_parameter("query", name) for name in ("after_id", "before_id")]
    return [_parameter("query", "limit", type="integer", **bounds), *cursors]


def _headers(revision: Revision) -> list[dict[str, Any]]:
    versions = revision.schemas["list_params"]["$defs"]["version_header"]["enum"]
    return [
        _parameter("header", "x-api-key"),
        _parameter("header", "anthropic-version", enum=versions),
        _parameter("header", "anthropic-beta", type="array", items={"enum": revision.betas}),
    ]


def _parameter(place: str, name: str, **schema: Any) -> dict[str, Any]:
    required = place == "path"
    return {"name": name, "in": place, "required": required, "schema": schema or {"type": "string"}}


def _link(operation: str, **parameters: str) -> dict[str, Any]:
    return {"operationId": operation, "parameters": parameters}


def _get(
    name: str, parameters: list[dict[str, Any]], schema: str, links: dict[str, Any]
) -> dict[str, Any]:
    responses = {"200": {**_response(schema), "links": links}, "4XX": _response("error")}
    return {"get": {"operationId": name, "parameters": parameters, "responses": responses}}


def _response(schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"schemas/{schema}.json"}}}
    return {"description": schema, "content": content}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
