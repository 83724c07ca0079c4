"""The fake on a socket and on the command line."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import quote

import httpx
import pytest
from systems import POSIX

from pytest_models_contract.fake import Fake, serve
from pytest_models_contract.fake.command import KEY_VARIABLE, main

COMMAND = [sys.executable, "-m", "pytest_models_contract.fake"]


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with serve(Fake()) as base_url, httpx.Client(base_url=base_url, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("name", [model["id"] for model in Fake().models[-3:]])
def test_special_ids_are_reachable(client: httpx.Client, name: str) -> None:
    assert client.get(f"/v1/models/{quote(name, safe='')}").json()["id"] == name


@pytest.mark.parametrize("name", ["a/b", "a%2Fb", "a%b", "é"])
def test_the_raw_path_distinguishes_a_slash_from_its_code(name: str) -> None:
    with serve(Fake([{"id": name}])) as base_url:
        url = f"{base_url}/v1/models/{quote(name, safe='')}"
        assert httpx.get(url, trust_env=False).json()["id"] == name


def test_a_connection_is_kept_and_responds_at_once(client: httpx.Client) -> None:
    client.get("/v1/models")
    seconds = []
    for _ in range(50):
        started = time.perf_counter()
        assert client.get("/v1/models?limit=1000").http_version == "HTTP/1.1"
        seconds.append(time.perf_counter() - started)
    # A delayed acknowledgement takes 40 ms, each time; on a busy machine some requests take long, not all.
    assert min(seconds[25:]) < 0.03


def test_http_1_0_gets_one_response_and_the_end(client: httpx.Client) -> None:
    address = (client.base_url.host, client.base_url.port)
    with closing(socket.create_connection(address, timeout=5)) as connection:
        connection.sendall(b"GET /v1/models?limit=1 HTTP/1.0\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 200 OK")
    assert received.endswith(b"}")


def test_head_has_no_body_and_request_bodies_are_read(client: httpx.Client) -> None:
    assert client.head("/v1/models").text == ""
    assert client.post("/v1/models", json={"a": "b"}).status_code == 405
    assert client.request("BREW", "/v1/models").headers["allow"] == "GET"
    assert client.get("/v1/models").status_code == 200


def test_repeated_headers_are_joined(client: httpx.Client) -> None:
    twice = [("anthropic-beta", "files-api-2025-04-14"), ("anthropic-beta", "made-up")]
    assert client.get("/v1/models", headers=twice).status_code == 400
    assert client.get("/v1/models", headers=twice[:1] * 2).status_code == 200


def test_many_clients_at_once(client: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda n: client.get(f"/v1/models?limit={n}"), range(1, 27)))
    assert [len(response.json()["data"]) for response in responses] == list(range(1, 27))


def test_it_prints_nothing_and_stops_at_once(capfd: pytest.CaptureFixture[str]) -> None:
    with serve(Fake()) as base_url:
        kept = httpx.Client(base_url=base_url, trust_env=False)
        kept.get("/v1/models")
        for _ in range(20):
            rude = socket.create_connection((kept.base_url.host, kept.base_url.port or 0))
            rude.sendall(b"GET /v1/mod")
            rude.close()
        started = time.perf_counter()
    assert time.perf_counter() - started < 2
    with closing(kept), pytest.raises(httpx.TransportError):
        kept.get("/v1/models")
    assert capfd.readouterr() == ("", "")


def test_a_taken_port_is_a_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    taken = os.strerror(errno.EADDRINUSE)
    with serve(Fake()) as base_url:
        port = base_url.rpartition(":")[2]
        assert f"port {port}: {taken}; --port 0" in refusal(capsys, "--port", port)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--port", "http"], "'http' is not a port: give a number from 0 to 65535"),
        (["--port", "65536"], "'65536' is not a port"),
        (["--models", "-1"], "from 0 to 100000"),
        (["--models", "many"], "many"),
        (["--revision", "2025-01-01"], "unknown revision '2025-01-01': one of 2024-12-17,"),
        (["--fault", "limit_ignore"], "unknown fault 'limit_ignore'; there are limit_ignored,"),
        (["--fault", "%"], "unknown fault '%'; there are "),
    ],
)
def test_wrong_arguments_are_explained(
    arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert problem in refusal(capsys, "--port", "0", *arguments)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The message of the command for wrong arguments."""
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    return capsys.readouterr().err


@POSIX
def test_an_interrupt_ends_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = threading.get_ident()

    def printed(line: str, **_: object) -> None:
        sys.stdout.write(line)
        threading.Timer(0.05, signal.pthread_kill, (own, signal.SIGINT)).start()

    monkeypatch.setattr("pytest_models_contract.fake.command.print", printed, raising=False)
    main(["--port", "0", "--revision", "2026-10-15", "--fault", "limit_ignored"])
    assert capsys.readouterr().out.endswith("--revision 2026-10-15")


def test_a_wrong_port_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--port", "x"])
    assert "python -m pytest_models_contract.fake" in capsys.readouterr().err


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[str], str]]:
    environ: Mapping[str, str] = os.environ | {KEY_VARIABLE: "k"}
    options = ["--port", "0", "--models", "3", "--fault", "list_content_type_is[html]"]
    with subprocess.Popen(  # noqa: S603 - our own command, our own arguments
        [*COMMAND, *options],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline()
        process.kill()


@POSIX
def test_the_command_serves_as_it_prints(served: tuple[subprocess.Popen[str], str]) -> None:
    process, line = served
    base_url = re.findall(r"http://127\.0\.0\.1:\d+", line)[0]
    assert line.endswith(f"test it with: models-contract check {base_url} --revision 2026-04-16\n")
    anonymous = httpx.get(f"{base_url}/v1/models", trust_env=False)
    known = httpx.get(f"{base_url}/v1/models", headers={"x-api-key": "k"}, trust_env=False)
    assert anonymous.status_code == 401
    assert (len(known.json()["data"]), known.headers["content-type"]) == (3, "text/html")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0
