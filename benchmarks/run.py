"""The whole contract against bare httpx and against schemathesis: `python benchmarks/run.py [ROUNDS]`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from measure import (
    KEY,
    bare_pytest,
    child,
    contract,
    in_turn,
    ratios,
    server,
    spread,
    workplace,
    written,
    yardstick,
)

from pytest_models_contract import Revision

SCHEMAS = Path(__file__).parent.parent / "schemas"


def main(rounds: int = 10, fuzzed: int = 1) -> None:
    """Print requests and time of the contract and of its yardsticks."""
    with workplace() as folder, server(27) as (fake, base_url):
        contract(base_url, folder)
        asked = list(fake.asked)
        questions = written(asked, folder)
        costs = in_turn(
            rounds,
            contract=lambda: contract(base_url, folder),
            pytest=lambda: bare_pytest(folder),
            httpx=lambda: yardstick("ask", base_url, questions, "1", folder=folder),
        )
        print(f"requests of the contract: {len(asked)}")
        for name in ("seconds", "processor"):
            own, start, bare = ([getattr(cost, name) for cost in costs[kind]] for kind in costs)
            both = [one + two for one, two in zip(start, bare, strict=True)]
            print(
                f"{name}: contract {spread(own)}, bare {spread(both)}, ratio {spread(ratios(own, both))}"
            )
        whole = [cost.seconds for cost in costs["contract"]]
        for _ in range(fuzzed):
            fake.asked.clear()
            command = ("-m", "schemathesis.cli", "run", described(folder), "--url", base_url)
            cost = child(*command, "-H", f"x-api-key: {KEY}", folder=folder, status=[0, 1])
            times = spread(ratios([cost.seconds] * len(whole), whole))
            print(
                f"schemathesis: {len(fake.asked)} requests, {cost.seconds:.1f} s, {times} times as long"
            )


def described(folder: Path) -> str:
    """The OpenAPI description of the fake, out of the schemas of its revision."""
    revision = Revision.load()
    shutil.copytree(SCHEMAS / revision.name, folder / "schemas", dirs_exist_ok=True)
    limit = revision.limit
    bounds = {"type": "integer", "minimum": limit.minimum, "maximum": limit.maximum}
    cursors = [_parameter(name, "query", {"type": "string"}) for name in ("after_id", "before_id")]
    paths = {
        "/v1/models": _get([*cursors, _parameter("limit", "query", bounds)], "model_list"),
        "/v1/models/{id}": _get([_parameter("id", "path", {"type": "string"})], "model_info"),
    }
    info = {"title": "Models API", "version": revision.name}
    path = folder / "openapi.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}), "utf-8")
    return str(path)


def _parameter(name: str, place: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _get(parameters: list[dict[str, Any]], schema: str) -> dict[str, Any]:
    responses = {"200": _response(schema), "4XX": _response("error")}
    return {"get": {"parameters": parameters, "responses": responses}}


def _response(schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"schemas/{schema}.json"}}}
    return {"description": schema, "content": content}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
