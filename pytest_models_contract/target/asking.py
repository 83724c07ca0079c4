"""Ask an application in process as a failure says it was asked, and show the response as `curl -i` does."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from pytest_models_contract.client.redact import encodable
from pytest_models_contract.target.targets import IN_PROCESS, application


def show(address: str, target: str, headers: Mapping[str, str], method: str = "GET") -> None:
    """Print the response of the application at `module:attribute` to a request. Raises `TargetError`."""
    with application(address).open() as transport:
        request = httpx.Request(method, f"{IN_PROCESS}{target}", headers=headers)
        response = transport.handle_request(request)
        body = response.read()
    lines = [f"{response.status_code} {response.reason_phrase}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    print(encodable("\n".join([*lines, "", body.decode("utf-8", "replace")])))
