"""Fixtures of the tests of servers under test."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from little_servers import script
from processes import KEY, Make, asking

from pytest_models_contract.target.command import parse
from pytest_models_contract.target.process import Process


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes processes of a script, or of a command, and ends them."""
    made: list[Process] = []

    def process_of(
        text: str = "",
        line: str = "",
        timeout: float = 60,
        template: str = "http://127.0.0.1:{port}",
        **values: str,
    ) -> Process:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        command = parse(line or f"{script(tmp_path, text)} {{port}}")
        where = f"http://127.0.0.1:{port}"
        given = {"port": port, "api_key": KEY, **values}
        probe = asking(where)
        made.append(
            Process(command, template, where, given, probe, tmp_path, timeout, secrets=[KEY])
        )
        return made[-1]

    yield process_of
    for one in made:
        one.end()
