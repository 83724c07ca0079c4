"""The comparison of two readings of a Models API, model by model and field by field."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cassette_samples import LIST, saved, vcrpy

from pytest_models_contract.cli.drift import main, read
from pytest_models_contract.fake import Fake, serve
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.target import targets

OPUS = {"id": "opus", "max_tokens": 10, "effort": {"low": True, "max": None}}
HAIKU = {"id": "haiku", "max_tokens": 5, "effort": {"low": True, "max": None}}


def listed(*models: Any, has_more: bool = False) -> str:
    return json.dumps({"data": list(models), "has_more": has_more})


def compared(folder: Path, old: str, new: str, url: str = LIST) -> int:
    paths = [
        saved(folder, vcrpy(url, body=body), name)
        for name, body in (("old.yaml", old), ("new.yaml", new))
    ]
    return main([str(path) for path in paths])


def changed(model: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**model, **fields}


def test_nothing_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compared(tmp_path, listed(OPUS, HAIKU), listed(HAIKU, OPUS)) == 0
    assert capsys.readouterr().out == "nothing changed; 2 models before, 2 now\n"


@pytest.mark.parametrize(
    ("new", "line"),
    [
        ([OPUS, HAIKU, {"id": "sonnet"}], "added    sonnet"),
        ([OPUS], "gone     haiku"),
        ([changed(OPUS, max_tokens=20), HAIKU], "changed  opus  max_tokens: 10 -> 20"),
        ([changed(OPUS, max_tokens=10.0), HAIKU], "changed  opus  max_tokens: 10 -> 10.0"),
        (
            [changed(OPUS, effort={"low": False, "max": None}), HAIKU],
            "changed  opus  effort.low: true -> false",
        ),
        (
            [changed(OPUS, effort={"low": True, "max": {"on": True}}), HAIKU],
            'changed  opus  effort.max: null -> {"on": true}',
        ),
        ([OPUS, {"id": "haiku", "max_tokens": 5}], 'changed  haiku  effort: {"low": true, '),
        (
            [changed(OPUS, line={"name": "x"}), HAIKU],
            'new      line, never seen before, known since 2026-10-07: opus has {"name": "x"}',
        ),
        (
            [changed(OPUS, own=1), HAIKU],
            "new      own, never seen before: opus has 1",
        ),
        (
            [{"id": "opus", "effort": OPUS["effort"]}, {"id": "haiku", "effort": OPUS["effort"]}],
            "dropped  max_tokens, no longer seen, known since 2026-03-18: opus had 10",
        ),
        (
            [{"id": "opus", "max_tokens": 10}, {"id": "haiku", "max_tokens": 5}],
            'dropped  effort, no longer seen: opus had {"low": true, "max": null}',
        ),
    ],
)
def test_a_change_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], new: list[Any], line: str
) -> None:
    assert compared(tmp_path, listed(OPUS, HAIKU), listed(*new)) == 1
    assert capsys.readouterr().out.startswith(line)


def test_text_of_a_server_is_printed_safely(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep: Any = {}
    for _ in range(60):
        deep = {"a\n::error::": deep}
    hostile = {"id": "\x1b[2J\n::error::x\u202e", "deep": deep}
    assert compared(tmp_path, listed(OPUS), listed(OPUS, hostile)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == r"added    \x1b[2J\n::error::x\u202e"
    assert all(line.isprintable() and not line.startswith("::") for line in lines)


def test_a_partial_list_reports_no_missing_models(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compared(tmp_path, listed(OPUS, has_more=True), listed(OPUS, HAIKU)) == 0
    assert "OLD shows only a part of its list: models added" in capsys.readouterr().out
    assert compared(tmp_path, listed(OPUS, HAIKU), listed(OPUS, has_more=True)) == 0
    assert "NEW shows only a part of its list: models gone" in capsys.readouterr().out


def test_without_models_on_one_side_no_field_is_new_or_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compared(tmp_path, listed(), listed(OPUS)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "added    opus",
        "1 change; 0 models before, 1 now",
    ]


def test_a_model_without_an_id_is_ignored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compared(tmp_path, listed(OPUS), listed({"id": 5}, None, OPUS)) == 0
    assert capsys.readouterr().out == "nothing changed; 1 model before, 1 now\n"


def test_pages_are_joined_and_filtered_lists_ignored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = vcrpy(f"{LIST}?limit=1", body=listed(OPUS, has_more=True))
    pages["interactions"] += vcrpy(f"{LIST}?limit=1&after_id=opus", body=listed(HAIKU))[
        "interactions"
    ]
    retired = vcrpy(f"{LIST}?lifecycle[]=retired", body=listed({"id": "old"}))
    pages["interactions"] += retired["interactions"]
    whole = saved(tmp_path, vcrpy(LIST, body=listed(OPUS, HAIKU)), "whole.yaml")
    assert main([str(whole), str(saved(tmp_path, pages, "pages.yaml"))]) == 0
    assert capsys.readouterr().out == "nothing changed; 2 models before, 2 now\n"


def test_single_models_can_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url, new = f"{LIST}/opus", json.dumps(changed(OPUS, max_tokens=1))
    assert compared(tmp_path, json.dumps(OPUS), new, url) == 1
    assert capsys.readouterr().out.startswith("changed  opus  max_tokens: 10 -> 1\n")


# --- what cannot be read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("missing.yaml", "there is no such file"),
        ("http://127.0.0.1:1", "cannot connect to http://127.0.0.1:1"),
    ],
)
def test_an_unreadable_source_is_exit_2(
    source: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([source, source]) == 2
    output = capsys.readouterr()
    assert why in output.err
    assert output.out == ""


def test_a_response_without_models_is_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compared(tmp_path, "<html>", listed(OPUS)) == 2
    assert "has no readable response of status 200 with models" in capsys.readouterr().err


def test_an_invalid_url_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["http://", "x"])
    assert caught.value.code == 2
    assert "give scheme and host, such as http://localhost:4000" in capsys.readouterr().err


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    path = saved(tmp_path, vcrpy(LIST, body=listed(OPUS)))
    command = [sys.executable, "-m", "pytest_models_contract.drift", str(path), "missing.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)  # noqa: S603 - ours
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


# --- a live server -------------------------------------------------------------------------------


class Server(BaseHTTPRequestHandler):
    """Pages of two models, for requests with the key; one name contains the key."""

    models: ClassVar[list[dict[str, Any]]] = []

    def do_GET(self) -> None:
        key = self.headers.get("x-api-key", "")
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        ids = [model["id"] for model in self.models]
        start = ids.index(query["after_id"]) + 1 if "after_id" in query else 0
        page = [{**model, "name": key} for model in self.models[start : start + 2]]
        body = listed(*page, has_more=start + 2 < len(ids)).encode()
        self.send_response(200 if key == "canary-key" and query["limit"] == "1000" else 401)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def live() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
def test_a_live_server_is_read_to_its_last_page(
    live: str,
    suffix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", "canary-key")
    monkeypatch.setattr(Server, "models", [{"id": f"m{n}"} for n in range(5)])
    old = saved(tmp_path, vcrpy(LIST, body=listed({"id": "m4", "name": "old"}, {"id": "m9"})))
    assert main([str(old), live + suffix]) == 1
    assert capsys.readouterr().out.splitlines() == [
        *(f"added    m{n}" for n in range(4)),
        "gone     m9",
        'changed  m4  name: "old" -> "***"',
        "6 changes; 2 models before, 5 now",
    ]


def test_a_live_server_that_refuses_is_exit_2(
    live: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", "another-key")
    assert main([live, live]) == 2
    assert "401" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "own", "sent"),
    [
        ("https://api.anthropic.com", "", "key-of-the-sdk"),
        ("https://api.anthropic.com/v1", "", "key-of-the-sdk"),
        ("https://api.anthropic.com", "key-of-ours", "key-of-ours"),
        ("https://api.anthropic.com.evil.test", "", None),
        ("https://gateway.test", "", None),
    ],
)
def test_the_key_of_the_sdk_goes_only_to_anthropic(
    url: str, own: str, sent: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[str | None] = []

    def response(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers.get("x-api-key"))
        return httpx.Response(200, text=listed(OPUS))

    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", own)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key-of-the-sdk")
    monkeypatch.setattr(targets, "network", lambda _: httpx.MockTransport(response))
    assert read(url).models == {"opus": OPUS}
    assert keys == [sent]


@pytest.mark.parametrize(
    ("faults", "status", "said"),
    [
        ([], 0, "nothing changed; 27 models before, 27 now"),
        (["order_is[by-name]"], 0, "nothing changed"),
        (["list_lacks[last]"], 1, "gone     lab/claude"),
        (["every_model[openai-fields]"], 1, "new      "),
        (["every_model[limits-absent]"], 1, "dropped  max_input_tokens, no longer seen"),
    ],
)
def test_a_server_is_compared_with_the_shipped_cassette(
    faults: list[str],
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", "canary-key")
    with serve(Fake(key="canary-key", faults=[FAULTS[name] for name in faults])) as url:
        assert main(["reference", url]) == status
    assert said in capsys.readouterr().out
