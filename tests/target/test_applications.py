"""Every example of docs/in-process.md runs; and how applications in process behave."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shlex
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from documented import ROOT, Section, sections
from sampling import first_of

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Response
from pytest_models_contract.target.applications import Asgi, Wsgi

FRAMEWORKS = ("fastapi", "starlette", "flask", "django")
EXAMPLES = [section for section in sections(ROOT / "docs" / "in-process.md") if section.commands]


def run(section: Section, folder: Path, *more: str) -> tuple[subprocess.CompletedProcess[str], Any]:
    """The example's files saved, its one command run with a report; skipped without its framework."""
    for framework in FRAMEWORKS:
        if f"from {framework}" in "".join(section.files.values()):
            pytest.importorskip(framework)
    for name, text in section.files.items():
        (folder / name).write_text(text)
    [command] = section.commands
    words = shlex.split(command)
    given = dict(word.split("=", 1) for word in words if "=" in word.partition("-")[0])
    arguments = [word for word in words if word.partition("=")[0] not in given][1:]
    done = subprocess.run(  # noqa: S603 - pytest, with the arguments of our own documentation
        [sys.executable, "-m", "pytest", *arguments, "--models-report", "report.json", *more],
        cwd=folder,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=120,
    )
    report = folder / "report.json"
    return done, json.loads(report.read_text()) if report.exists() else None


@pytest.mark.parametrize("section", first_of(EXAMPLES), ids=str)
def test_the_example_conforms(section: Section, tmp_path: Path) -> None:
    done, report = run(section, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = report["counts"]
    assert (counts["violated"], counts["advice"], counts["error"]) == (0, 0, 0), done.stdout
    assert report["models"] == 26
    assert report["target"]["kind"] == "app"
    unexercised = {c["id"] for c in report["checks"] if c["verdict"] == "unexercised"}
    assert not {
        check
        for check in unexercised
        if not check.startswith(("model_info/capabilities.", "headers/"))
    }


def test_there_is_an_example_for_each_framework() -> None:
    texts = ["".join(section.files.values()) for section in EXAMPLES]
    for framework in FRAMEWORKS:
        assert any(f"from {framework}" in text for text in texts), framework


@pytest.mark.slow
def test_the_lifespan_is_stopped(tmp_path: Path) -> None:
    [example] = [section for section in EXAMPLES if "lifespan" in section.heading]
    done, _ = run(example, tmp_path, "-s")
    assert "the shop is closed" in done.stdout


@pytest.mark.slow
def test_a_fault_in_an_example_is_found(tmp_path: Path) -> None:
    [example] = [section for section in EXAMPLES if section.heading == "Bare ASGI"]
    example.shared[:] = [
        type(block)(block.language, block.title, block.text.replace('"20")', '"19")'))
        for block in example.shared
    ]
    done, report = run(example, tmp_path)
    assert done.returncode == 1
    assert [c["id"] for c in report["checks"] if c["verdict"] == "violated"] == ["limit/default"]


@pytest.mark.slow
def test_own_tests_and_the_contract_share_a_session(tmp_path: Path) -> None:
    [example] = [section for section in EXAMPLES if "fixture" in section.heading]
    done, report = run(example, tmp_path)
    passed = pytest.RunResult.parse_summary_nouns(done.stdout.splitlines())["passed"]
    own = "".join(example.files.values()).count("def test_")
    assert 0 < own == passed - report["counts"]["holds"]


# --- what an application may do ------------------------------------------------------------------


def listed(transport: httpx.BaseTransport) -> Response:
    client = ModelsAPI("http://app.invalid", transport, timeout=5)
    try:
        return client.list()
    finally:
        client.close()


@pytest.mark.parametrize(("text", "status"), [("caf\xe9", 200), ("\u0142", 500)])
def test_wsgi_headers_are_latin_1(text: str, status: int) -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("x-name", text)])
        return [b"{}"]

    response = listed(Wsgi(app))
    assert (response.status, response.header("x-name")) == (status, text if status == 200 else None)


def test_the_last_headers_of_wsgi_count() -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("x-name", "a"), ("x-more", "a")])
        start_response("404 Not Found", [("x-name", "b")], (None, None, None))
        return []

    response = listed(Wsgi(app))
    assert (response.status, response.headers) == (404, (("x-name", "b"),))


@pytest.mark.parametrize("returned", [[], [b"]}"]], ids=["all", "half"])
def test_written_wsgi_data_comes_before_the_returned_body(returned: list[bytes]) -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [])
        write(b'{"data":')
        write(bytearray(b" [" if returned else b" []}"))
        return returned

    assert listed(Wsgi(app)).body == b'{"data": []}'


async def responses(send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
    await send({"type": "http.response.body", "body": b"}"})


def test_the_response_does_not_wait_for_later_work_of_asgi() -> None:
    go_on, done = threading.Event(), threading.Event()

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await responses(send)
        while not go_on.is_set():
            await asyncio.sleep(0.01)
        done.set()

    client = ModelsAPI("http://app.invalid", Asgi(app), timeout=5)
    assert client.list().body == b"{}"
    assert not done.is_set()
    go_on.set()
    assert done.wait(5)
    client.close()


@pytest.mark.parametrize("error", [ValueError("boom"), SystemExit(3)])
def test_an_exception_of_asgi_after_its_response_changes_nothing(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    raised = threading.Event()

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await responses(send)
        await asyncio.sleep(0.05)
        raised.set()
        raise error

    client = ModelsAPI("http://app.invalid", Asgi(app), timeout=5)
    for limit in (1, 2):
        raised.clear()
        assert client.list(limit=limit).body == b"{}"
        assert raised.wait(5)
    client.close()
    gc.collect()
    assert caplog.records == []


def test_unfinished_work_of_asgi_ends_at_close(caplog: pytest.LogCaptureFixture) -> None:
    ended = threading.Event()

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        await responses(send)
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    assert listed(Asgi(app)).body == b"{}"
    assert ended.is_set()
    gc.collect()
    assert caplog.records == []
